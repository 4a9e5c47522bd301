/** Reads JSON: the bytes are walked once, and what a reader needs of them becomes values. */
import { isUtf8 } from "node:buffer";
import { DocumentError } from "../error.ts";
import { tooLong } from "./decode.ts";
import { type ItemOffsets, itemOffsets } from "./json-lines.ts";
import { JsonScanner } from "./json-scan.ts";
import { type Outline, readOutlined } from "./outline.ts";
import type { Parsed } from "./parse.ts";
import { newlines, positionInBytes } from "./position.ts";

/**
 * @param bytes UTF-8 without a byte order mark.
 * @param outline Which items of long lists are needed in full. @default all
 * @throws DocumentError for what is no JSON, ambiguous, or nested beyond reason.
 */
export function parseJson(bytes: Uint8Array, file: string, outline?: Outline): Parsed {
  const scanner = new JsonScanner(bytes, file);
  let value: unknown;
  try {
    value = readOutlined(scanner, outline);
    scanner.end();
  } catch (error) {
    if (error instanceof DocumentError) throw binary(scanner.bytes, file) ?? error;
    // A single value longer than the longest string; the parser takes whatever else the scanner has passed.
    throw error instanceof Error && "code" in error && error.code === "ERR_STRING_TOO_LONG"
      ? tooLong(file)
      : error;
  }
  let offsets: ItemOffsets | undefined;
  return {
    value,
    line(path) {
      offsets ??= itemOffsets(new JsonScanner(bytes, file));
      return lineIn(scanner.bytes, offsets, path);
    },
  };
}

/** What makes text binary is said rather than what it does to the JSON. */
function binary(bytes: Buffer, file: string): DocumentError | undefined {
  const nul = bytes.indexOf(0);
  return nul === -1 ? undefined : new DocumentError(file, "is binary, not text", positionInBytes(bytes, nul));
}

/** The bytes without their mark when they are UTF-8 that starts like JSON, whatever comes then. */
export function jsonBytes(bytes: Uint8Array): Uint8Array | undefined {
  const content = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  const first = content.find((code) => code !== 0x20 && (code < 0x09 || code > 0x0d));
  return (first === 0x7b || first === 0x5b) && isUtf8(content) ? content : undefined;
}

/** The list items of a document are asked for in order, so each count goes on from the last. */
const counted = new WeakMap<ItemOffsets, { offset: number; line: number }>();

function lineIn(bytes: Buffer, offsets: ItemOffsets, path: string): number {
  const [, list, index] = /^(.*)\[(\d+)\]/u.exec(path) ?? [];
  const offset = list === undefined ? undefined : offsets.get(list)?.[Number(index)];
  if (offset === undefined) return 1;
  const last = counted.get(offsets) ?? { offset: 0, line: 1 };
  const line =
    last.offset <= offset ? last.line + newlines(bytes, last.offset, offset) : 1 + newlines(bytes, 0, offset);
  counted.set(offsets, { offset, line });
  return line;
}
