/** The one error of this room: a stack that cannot be read. One line: the thing, the reason, what to do next. */
export class StackError extends Error {
  override name = "StackError";
}
