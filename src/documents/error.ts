/** The one error of this room: a document that cannot be read, or is not what it must be. */

/** Where in a file something stands: line and column from 1, or the path of a value inside the document. */
export interface Position {
  line?: number;
  column?: number;
  /** Such as `steps[3].newState.inputs`. */
  path?: string;
}

/**
 * A document that cannot be read. `message` is one sentence without the file's name; `describe` puts both together.
 * It never quotes the document's values, which may be secret. Names in it are as the document has them: whoever
 * prints it escapes it.
 */
export class DocumentError extends Error {
  readonly file: string;
  readonly position: Position;

  constructor(file: string, message: string, position: Position = {}) {
    super(message);
    this.name = "DocumentError";
    this.file = file;
    this.position = position;
  }

  /** `file:line:column: message`, or `file: path: message`. */
  describe(): string {
    const { line, column, path } = this.position;
    const at = line === undefined ? "" : `:${line}${column === undefined ? "" : `:${column}`}`;
    return `${this.file}${at}: ${path === undefined || path === "" ? "" : `${path}: `}${this.message}`;
  }
}
