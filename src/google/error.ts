/** The one error of this room: Google did not give what was asked for. */

/** `credentials`: none, or refused ones; `unreachable`: no answer, or one that says nothing (5xx). */
export type GoogleTrouble =
  | "credentials"
  | "permission"
  | "not-found"
  | "not-enabled"
  | "damaged"
  | "unreachable";

/** `message` is one line: the thing, the reason, what to do next. It never holds a payload. */
export class GoogleError extends Error {
  override name = "GoogleError";
  readonly trouble: GoogleTrouble;

  constructor(trouble: GoogleTrouble, message: string) {
    super(message);
    this.trouble = trouble;
  }
}
