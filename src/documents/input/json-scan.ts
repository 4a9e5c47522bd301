/**
 * Walks JSON text once, for what `JSON.parse` does not tell: where an error is, keys that stand twice in an object
 * (the parser keeps the last and says nothing), how deep it nests, and the lines of list items.
 */
import { DocumentError } from "../error.ts";
import { positionAt } from "./decode.ts";

/** No document we read nests deeper than about 40. */
export const deepest = 512;

/** The offset at which each item of each list starts, by the list's path: `items`, `items[0].spec.containers`. */
export type ItemOffsets = ReadonlyMap<string, readonly number[]>;

const sign = {
  quote: 0x22,
  comma: 0x2c,
  minus: 0x2d,
  colon: 0x3a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/uy;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/uy;

/** From this many keys on, an object's keys are looked up in a set instead of one by one. */
const manyKeys = 24;

/**
 * @param locates Whether the offsets of list items are wanted; they cost time and memory, so only what needs them asks.
 * @throws DocumentError for text that is no JSON, with its position.
 */
export function scanJson(text: string, file: string, locates = false): ItemOffsets {
  const { length } = text;
  const offsets = new Map<string, number[]>();
  // One stack for all open objects: the keys of each lie from its base on.
  const keys: string[] = [];
  let at = 0;

  function fail(message: string, where = at): never {
    throw new DocumentError(file, message, positionAt(text, Math.min(where, length)));
  }

  function unexpected(wanted: string): never {
    return at >= length
      ? fail(`is not valid JSON: it ends where ${wanted} should be`)
      : fail(`is not valid JSON: ${wanted} should be here`);
  }

  function skipSpace(): number {
    for (; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code;
    }
    return -1;
  }

  /** Leaves `at` behind the closing quote; true when the string holds an escape. */
  function skipString(): boolean {
    const start = at;
    let escaped = false;
    for (at += 1; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === sign.quote) {
        at += 1;
        return escaped;
      }
      if (code === sign.backslash) {
        escaped = true;
        escapeSequence.lastIndex = at;
        if (!escapeSequence.test(text)) fail("is not valid JSON: an escape in a string is wrong");
        at = escapeSequence.lastIndex - 1;
      } else if (code < 0x20) {
        fail("is not valid JSON: a string holds a control character or is not closed");
      }
    }
    return fail("is not valid JSON: a string is not closed", start);
  }

  function skipScalar(code: number): void {
    if (code === sign.quote) {
      skipString();
      return;
    }
    for (const word of ["true", "false", "null"]) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return;
      }
    }
    number.lastIndex = at;
    if (number.test(text)) at = number.lastIndex;
    else unexpected("a value");
  }

  function readKey(base: number, seen: Set<string> | undefined): string {
    if (skipSpace() !== sign.quote) unexpected("a key");
    const start = at;
    const escaped = skipString();
    const key: string = escaped ? JSON.parse(text.slice(start, at)) : text.slice(start + 1, at - 1);
    if (key === "__proto__") fail("holds a key __proto__, which no document has", start);
    if (seen === undefined ? keys.includes(key, base) : seen.has(key)) {
      fail("holds a key twice in one object, so it has two meanings", start);
    }
    keys.push(key);
    seen?.add(key);
    if (skipSpace() !== sign.colon) unexpected("a colon");
    at += 1;
    return key;
  }

  /** `path` is undefined where no offsets are kept. */
  function skipValue(depth: number, path: string | undefined): void {
    const code = skipSpace();
    if (code !== sign.openObject && code !== sign.openList) {
      if (code === -1) unexpected("a value");
      skipScalar(code);
      return;
    }
    if (depth >= deepest) fail(`nests deeper than ${deepest} levels`);
    at += 1;
    if (code === sign.openObject) skipObject(depth, path);
    else skipList(depth, path);
  }

  function skipObject(depth: number, path: string | undefined): void {
    if (skipSpace() === sign.closeObject) {
      at += 1;
      return;
    }
    const base = keys.length;
    let seen: Set<string> | undefined;
    for (;;) {
      if (seen === undefined && keys.length - base >= manyKeys) seen = new Set(keys.slice(base));
      const key = readKey(base, seen);
      skipValue(depth + 1, path === undefined ? undefined : path === "" ? key : `${path}.${key}`);
      const code = skipSpace();
      at += 1;
      if (code === sign.closeObject) break;
      if (code !== sign.comma) {
        at -= 1;
        unexpected("a comma or a closing brace");
      }
    }
    keys.length = base;
  }

  function skipList(depth: number, path: string | undefined): void {
    if (skipSpace() === sign.closeList) {
      at += 1;
      return;
    }
    const items: number[] | undefined = path === undefined ? undefined : [];
    if (path !== undefined && items !== undefined) offsets.set(path, items);
    for (;;) {
      skipSpace();
      items?.push(at);
      skipValue(depth + 1, path === undefined ? undefined : `${path}[${(items?.length ?? 1) - 1}]`);
      const code = skipSpace();
      at += 1;
      if (code === sign.closeList) break;
      if (code !== sign.comma) {
        at -= 1;
        unexpected("a comma or a closing bracket");
      }
    }
  }

  skipValue(0, locates ? "" : undefined);
  if (skipSpace() !== -1) fail("is not valid JSON: something follows its end");
  return offsets;
}
