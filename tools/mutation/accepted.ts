/** Survivors on lines of one file that no test can or should notice, and why; `docs/mutation.md` lists them. */
export interface Accepted {
  file: string;
  /** A part of the line. */
  code: string;
  /** True where `code` is all of the line, because other lines hold it too. */
  whole?: true;
  /** What Stryker puts in; another change of the same line is judged by itself. */
  to: string[];
  reason: string;
}
