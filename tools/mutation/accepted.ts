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

/**
 * For the files of a folder: of each survivor the reason, a part of the line, and what Stryker puts in.
 */
export const aliveIn =
  (folder: string) =>
  (file: string, ...lines: [reason: string, code: string, ...to: string[]][]): Accepted[] =>
    lines.map(([reason, code, ...to]) => ({ file: `${folder}/${file}`, code, to, reason }));
