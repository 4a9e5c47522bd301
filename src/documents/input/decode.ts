/** Bytes to text: UTF-8, or UTF-16 where a byte order mark says so (PowerShell writes redirects so). */
import { constants } from "node:buffer";
import { DocumentError } from "../error.ts";

/** The longest text V8 can hold, in characters: about 512 MB. */
export const longestText = constants.MAX_STRING_LENGTH;

interface Encoding {
  label: "utf-8" | "utf-16le" | "utf-16be";
  name: string;
  /** Bytes of the mark, and of one unit. */
  mark: number;
  unit: number;
}

function encodingOf(bytes: Uint8Array, file: string): Encoding {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) {
    throw new DocumentError(file, "is UTF-32: save it as UTF-8", { line: 1, column: 1 });
  }
  if (a === 0xff && b === 0xfe) return { label: "utf-16le", name: "UTF-16LE", mark: 2, unit: 2 };
  if (a === 0xfe && b === 0xff) return { label: "utf-16be", name: "UTF-16BE", mark: 2, unit: 2 };
  return { label: "utf-8", name: "UTF-8", mark: a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0, unit: 1 };
}

/** Line and column, from 1, of a place in a text. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line += 1;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}

/** The message for a document that is too long, which names the way out. */
export function tooLong(file: string): DocumentError {
  return new DocumentError(
    file,
    `is longer than ${Math.floor(longestText / 1_000_000)} million characters, the most that can be read: check one stack or one service at a time`,
    { line: 1, column: 1 },
  );
}

/** @throws DocumentError for text that is broken, binary, or longer than a string can be. */
export function decode(bytes: Uint8Array, file: string): string {
  const { label, name, mark, unit } = encodingOf(bytes, file);
  const content = bytes.subarray(mark);
  if (content.length / unit > longestText) throw tooLong(file);
  let text: string;
  try {
    text = new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw broken(content, label, name, file);
  }
  const nul = text.indexOf("\0");
  if (nul !== -1) throw new DocumentError(file, "is binary, not text", positionAt(text, nul));
  return text;
}

/** Finds the first broken character: the first replacement made that the bytes do not hold themselves. */
function broken(content: Uint8Array, label: Encoding["label"], name: string, file: string): DocumentError {
  const text = new TextDecoder(label, { ignoreBOM: true }).decode(content);
  const nul = text.indexOf("\0");
  const at = text.indexOf("\ufffd");
  if (nul !== -1 && nul < at) return new DocumentError(file, "is binary, not text", positionAt(text, nul));
  return new DocumentError(file, `is not text: it holds bytes that are not ${name}`, positionAt(text, at));
}
