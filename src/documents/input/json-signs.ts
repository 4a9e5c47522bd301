/** The bytes that mean something in JSON, and how far what they begin goes. */

/** By name. */
export const sign = {
  tab: 0x09,
  lineFeed: 0x0a,
  carriageReturn: 0x0d,
  space: 0x20,
  quote: 0x22,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  dot: 0x2e,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  e: 0x65,
  f: 0x66,
  n: 0x6e,
  t: 0x74,
  u: 0x75,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

/** What may stand behind a backslash, `u` aside. */
export const escapes: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));

/** `0` to `9`. */
export const isDigit = (code: number | undefined): boolean =>
  code !== undefined && code >= sign.zero && code <= sign.nine;

/** A digit of a `\\u` escape. */
export const isHexDigit = (code: number | undefined): boolean =>
  code !== undefined && (isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= sign.f));

const isSpace = (code: number | undefined): boolean =>
  code === sign.space || code === sign.lineFeed || code === sign.carriageReturn || code === sign.tab;

/** Four spaces, as a word of four bytes. */
const spaces = 0x20202020;

/** Bytes, and the words of four that lie on the same memory. */
export interface Words {
  readonly bytes: Buffer;
  readonly words: Int32Array;
  /** The place of the first word, which lies where the processor reads words. */
  readonly lead: number;
}

/** Sees bytes as words too. */
export function wordsOf(bytes: Buffer): Words {
  const lead = (4 - (bytes.byteOffset & 3)) & 3;
  const count = Math.max(0, (bytes.length - lead) >> 2);
  return { bytes, words: new Int32Array(bytes.buffer, bytes.byteOffset + lead, count), lead };
}

/** The first place from `from` that holds no white space. Half of an indented document is spaces, taken by fours. */
export function afterSpace({ bytes, words, lead }: Words, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) {
    at += 1;
    if (((at - lead) & 3) === 0) while (words[(at - lead) >> 2] === spaces) at += 4;
  }
  return at;
}

/** By byte: 1 for what stands for itself in a string, which a quote, a backslash and control characters do not. */
const plain = Uint8Array.from({ length: 256 }, (_, code) =>
  Number(code >= sign.space && code !== sign.quote && code !== sign.backslash),
);

/** The place behind the string that starts at `start`; -1 when it has an escape, or anything wrong, in it. */
export function afterPlainString(bytes: Buffer, start: number): number {
  const { length } = bytes;
  let at = start + 1;
  while (at < length && plain[bytes[at] ?? 0] === 1) at += 1;
  return bytes[at] === sign.quote ? at + 1 : -1;
}

/** The first place from `from` that holds no digit. */
export function afterDigits(bytes: Buffer, from: number): number {
  let at = from;
  while (isDigit(bytes[at])) at += 1;
  return at;
}
