/**
 * Walks the bytes of JSON once, for what `JSON.parse` does not tell: where an error is, keys that stand twice in an
 * object (the parser keeps the last and says nothing), how deep it nests, and where each value starts and ends, so that
 * a reader may parse the values it needs and no others. It allocates nothing for what it passes over.
 */
import { DocumentError } from "../error.ts";
import { KeyStack } from "./json-keys.ts";
import { positionInBytes } from "./position.ts";

/** No document we read nests deeper than about 40. */
export const deepest = 512;

const sign = {
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
const escapes: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));

const isDigit = (code: number | undefined): boolean =>
  code !== undefined && code >= sign.zero && code <= sign.nine;

const isHexDigit = (code: number | undefined): boolean =>
  code !== undefined && (isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= sign.f));

/** A walk over one JSON value. `at` is where it has come to; every method leaves it behind what it has read. */
export class JsonScanner {
  readonly bytes: Buffer;
  at = 0;
  /** The same bytes four at a time, as far as they make whole words; empty where they do not lie on word borders. */
  readonly #words: Int32Array;
  readonly #file: string;
  readonly #keys: KeyStack;

  /** @param bytes Valid UTF-8 without a byte order mark. */
  constructor(bytes: Uint8Array, file: string) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    const { buffer, byteOffset, byteLength } = this.bytes;
    this.#words = new Int32Array(buffer, ...(byteOffset % 4 === 0 ? [byteOffset, byteLength >> 2] : [0, 0]));
    this.#keys = new KeyStack(this.bytes);
  }

  /** The byte the next value, or anything else, starts with; -1 at the end. */
  next(): number {
    const { bytes } = this;
    const { length } = bytes;
    for (let at = this.at; at < length; at += 1) {
      const code = bytes[at] ?? 0;
      if (code > sign.space || (code !== sign.space && !isLineSpace(code))) {
        this.at = at;
        return code;
      }
      // Indentation is half of many a document.
      if (code === sign.lineFeed) at = this.#afterSpaces(at + 1) - 1;
    }
    this.at = length;
    return -1;
  }

  /** A place as far behind `at` as words of four spaces tell. */
  #afterSpaces(at: number): number {
    const words = this.#words;
    const last = words.length;
    let word = (at + 3) >> 2;
    // What comes before the first word must be spaces too.
    for (let before = at; before < word << 2; before += 1) if (this.bytes[before] !== sign.space) return at;
    while (word < last && words[word] === 0x20202020) word += 1;
    return word > last || word << 2 < at ? at : Math.max(at, word << 2);
  }

  /** What the next value is. */
  kind(): "object" | "list" | "other" {
    const code = this.next();
    return code === sign.openObject ? "object" : code === sign.openList ? "list" : "other";
  }

  /** Passes over a value. @throws DocumentError for what is no JSON, ambiguous, or nested too deep. */
  skip(depth: number): void {
    const code = this.next();
    if (code === sign.quote) this.#string();
    else if (code === sign.openObject) this.object(depth);
    else if (code === sign.openList) this.list(depth);
    else this.#scalar(code);
  }

  /**
   * Reads the object that starts at the next byte. `entry` is called at each value, which it must pass over; its
   * key is `key()` until then.
   */
  object(depth: number, entry?: () => void): void {
    this.#open(depth);
    if (this.next() === sign.closeObject) {
      this.at += 1;
      return;
    }
    const outer = this.#keys.open();
    for (;;) {
      this.#key();
      if (entry === undefined) this.skip(depth + 1);
      else entry();
      const code = this.next();
      if (code === sign.comma) this.at += 1;
      else if (code === sign.closeObject) break;
      else this.#unexpected("a comma or a closing brace");
    }
    this.at += 1;
    this.#keys.close(outer);
  }

  /** Reads the list that starts at the next byte. `item` is called at each value, which it must pass over. */
  list(depth: number, item?: () => void): void {
    this.#open(depth);
    if (this.next() === sign.closeList) {
      this.at += 1;
      return;
    }
    for (;;) {
      if (item === undefined) this.skip(depth + 1);
      else {
        this.next();
        item();
      }
      const code = this.next();
      if (code === sign.comma) this.at += 1;
      else if (code === sign.closeList) break;
      else this.#unexpected("a comma or a closing bracket");
    }
    this.at += 1;
  }

  /** Nothing but white space may follow. */
  end(): void {
    if (this.next() !== -1) this.#fail("is not valid JSON: something follows its end");
  }

  /** The key read last, for `object`'s `entry`. */
  key(): string {
    return this.#keys.text();
  }

  /** A number that tells most keys apart without making text of them: that of `keyHash(text)`. */
  hash(): number {
    return this.#keys.hash();
  }

  #open(depth: number): void {
    if (depth >= deepest) this.#fail(`nests deeper than ${deepest} levels`);
    this.at += 1;
  }

  #key(): void {
    if (this.next() !== sign.quote) this.#unexpected("a key");
    const start = this.at;
    const escaped = this.#string();
    const trouble = this.#keys.add(start, this.at, escaped);
    if (trouble !== undefined) this.#fail(trouble, start);
    if (this.next() !== sign.colon) this.#unexpected("a colon");
    this.at += 1;
  }

  /** Leaves `at` behind the closing quote; true when the string holds an escape. */
  #string(): boolean {
    const { bytes } = this;
    const { length } = bytes;
    const start = this.at;
    let escaped = false;
    for (let at = start + 1; at < length; at += 1) {
      if ((at & 3) === 0) at = this.#afterPlain(at);
      const code = bytes[at] ?? 0;
      if (code === sign.quote) {
        this.at = at + 1;
        return escaped;
      }
      if (code === sign.backslash) {
        escaped = true;
        at = this.#escape(at);
      } else if (code < sign.space && at < length) {
        this.#fail("is not valid JSON: a string holds a control character or is not closed", at);
      }
    }
    return this.#fail("is not valid JSON: a string is not closed", start);
  }

  /** The first place from `at`, which starts a word, whose word may hold a byte that means something in a string. */
  #afterPlain(at: number): number {
    const words = this.#words;
    const last = words.length;
    let index = at >> 2;
    for (; index < last; index += 1) {
      const word = words[index] ?? 0;
      // Of each test the highest bit of a byte is set where the byte is `"`, is `\\`, or is below a space; bytes of
      // longer characters may be taken for one, and are then looked at one by one.
      const quote = word ^ 0x22222222;
      const backslash = word ^ 0x5c5c5c5c;
      const found =
        ((quote - 0x01010101) & ~quote) |
        ((backslash - 0x01010101) & ~backslash) |
        ((word - 0x20202020) & ~word) |
        word;
      if ((found & 0x80808080) !== 0) break;
    }
    return index << 2;
  }

  /** The place of the last byte of the escape that starts at `at`. */
  #escape(at: number): number {
    const { bytes } = this;
    const code = bytes[at + 1] ?? 0;
    if (escapes.has(code)) return at + 1;
    const isUnicode = code === sign.u && [2, 3, 4, 5].every((more) => isHexDigit(bytes[at + more]));
    return isUnicode ? at + 5 : this.#fail("is not valid JSON: an escape in a string is wrong", at);
  }

  #scalar(code: number): void {
    if (code === sign.t) this.#word("true");
    else if (code === sign.f) this.#word("false");
    else if (code === sign.n) this.#word("null");
    else if (code === sign.minus || isDigit(code)) this.#number();
    else this.#unexpected("a value");
  }

  #word(word: "true" | "false" | "null"): void {
    for (let index = 1; index < word.length; index += 1) {
      if (this.bytes[this.at + index] !== word.charCodeAt(index)) this.#unexpected("a value");
    }
    this.at += word.length;
  }

  #number(): void {
    const { bytes } = this;
    let at = this.at;
    if (bytes[at] === sign.minus) at += 1;
    if (!isDigit(bytes[at])) this.#unexpected("a value");
    at = bytes[at] === sign.zero ? at + 1 : this.#digits(at);
    if (bytes[at] === sign.dot && isDigit(bytes[at + 1])) at = this.#digits(at + 1);
    if (((bytes[at] ?? 0) | 0x20) === sign.e) {
      const signed = bytes[at + 1] === sign.plus || bytes[at + 1] === sign.minus;
      const first = signed ? at + 2 : at + 1;
      if (isDigit(bytes[first])) at = this.#digits(first);
    }
    this.at = at;
  }

  #digits(at: number): number {
    let end = at;
    while (isDigit(this.bytes[end])) end += 1;
    return end;
  }

  #unexpected(wanted: string): never {
    return this.at >= this.bytes.length
      ? this.#fail(`is not valid JSON: it ends where ${wanted} should be`)
      : this.#fail(`is not valid JSON: ${wanted} should be here`);
  }

  #fail(message: string, where = this.at): never {
    throw new DocumentError(this.#file, message, positionInBytes(this.bytes, where));
  }
}

const isLineSpace = (code: number): boolean =>
  code === sign.lineFeed || code === sign.carriageReturn || code === sign.tab;
