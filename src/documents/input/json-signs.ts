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

/** The first place from `at` that holds no white space. */
export function afterSpace(bytes: Buffer, from: number): number {
  const { length } = bytes;
  for (let at = from; at < length; at += 1) {
    const code = bytes[at] ?? 0;
    if (code > sign.space) return at;
    const isSpace =
      code === sign.space || code === sign.lineFeed || code === sign.carriageReturn || code === sign.tab;
    if (!isSpace) return at;
  }
  return length;
}

/** The place behind the string that starts at `start`; -1 when it has an escape, or anything wrong, in it. */
export function afterPlainString(bytes: Buffer, start: number): number {
  const { length } = bytes;
  for (let at = start + 1; at < length; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === sign.quote) return at + 1;
    if (code === sign.backslash || code < sign.space) return -1;
  }
  return -1;
}
