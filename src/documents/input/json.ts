/** Reads JSON. */
import { DocumentError } from "../error.ts";
import { positionAt } from "./decode.ts";
import { type ItemOffsets, scanJson } from "./json-scan.ts";
import type { Parsed } from "./parse.ts";

/** @throws DocumentError for text that is no JSON, ambiguous, or nested beyond reason. */
export function parseJson(text: string, file: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the document, which may hold a secret; the scan says where and what.
    scanJson(text, file);
    throw new DocumentError(file, "is not valid JSON", { line: 1, column: 1 });
  }
  scanJson(text, file);
  let offsets: ItemOffsets | undefined;
  return {
    value,
    line(path) {
      offsets ??= scanJson(text, file, true);
      return lineIn(text, offsets, path);
    },
  };
}

/** The list items of a document are asked for in order, so each count goes on from the last. */
const counted = new WeakMap<ItemOffsets, { offset: number; line: number }>();

function lineIn(text: string, offsets: ItemOffsets, path: string): number {
  const [, list, index] = /^(.*)\[(\d+)\]/u.exec(path) ?? [];
  const offset = list === undefined ? undefined : offsets.get(list)?.[Number(index)];
  if (offset === undefined) return 1;
  const last = counted.get(offsets) ?? { offset: 0, line: 1 };
  const line =
    last.offset <= offset ? last.line + newlines(text, last.offset, offset) : positionAt(text, offset).line;
  counted.set(offsets, { offset, line });
  return line;
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
