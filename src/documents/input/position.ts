/** Lines and columns in UTF-8. */

/** A newline. */
const lineFeed = 0x0a;

/** Line and column, from 1, of a place in UTF-8; columns count UTF-16 units, as editors and JavaScript do. */
export function positionInBytes(bytes: Buffer, offset: number): { line: number; column: number } {
  const end = Math.min(offset, bytes.length);
  const start = end === 0 ? 0 : bytes.lastIndexOf(lineFeed, end - 1) + 1;
  let column = 1;
  for (let at = start; at < end; at += 1) {
    const code = bytes[at] ?? 0;
    // The first byte of a character, not one that goes on with it; four bytes are two units.
    if ((code & 0xc0) !== 0x80) column += code >= 0xf0 ? 2 : 1;
  }
  return { line: 1 + newlines(bytes, 0, start), column };
}

/** How many lines end between two places. */
export function newlines(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(lineFeed, from); at !== -1 && at < to; at = bytes.indexOf(lineFeed, at + 1)) {
    count += 1;
  }
  return count;
}
