/**
 * Walks the bytes of JSON once, for what `JSON.parse` does not tell: where an error is, keys that stand twice in an
 * object (the parser keeps the last and says nothing), how deep it nests, and where each value starts and ends, so that
 * a reader may parse the values it needs and no others. It allocates nothing for what it passes over.
 */
import { DocumentError } from "../error.ts";
import { KeyStack } from "./json-keys.ts";
import {
  afterDigits,
  afterPlainString,
  afterSpace,
  escapes,
  isDigit,
  isHexDigit,
  sign,
  wordsOf,
} from "./json-signs.ts";
import { positionInBytes } from "./position.ts";

/** No document we read nests deeper than about 40. */
export const deepest = 512;

/** A walk over one JSON value. `at` is where it has come to; every method leaves it behind what it has read. */
export class JsonScanner {
  readonly bytes: Buffer;
  at = 0;
  readonly #file: string;
  readonly #keys: KeyStack;
  readonly #words: ReturnType<typeof wordsOf>;
  /** For `skip`, by level. */
  readonly #around = new Int32Array(deepest);

  /** @param bytes Valid UTF-8 without a byte order mark. */
  constructor(bytes: Uint8Array, file: string) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.#keys = new KeyStack(this.bytes);
    this.#words = wordsOf(this.bytes);
  }

  /** The byte the next value, or anything else, starts with; -1 at the end. */
  next(): number {
    this.at = afterSpace(this.#words, this.at);
    return this.bytes[this.at] ?? -1;
  }

  /** What the next value is. */
  kind(): "object" | "list" | "other" {
    const code = this.next();
    return code === sign.openObject ? "object" : code === sign.openList ? "list" : "other";
  }

  /**
   * Passes over a value, without a call per value: nearly all of a long document is passed over.
   * @throws DocumentError for what is no JSON, ambiguous, or nested too deep.
   */
  skip(depth: number): void {
    let level = depth;
    do {
      const code = this.next();
      if (code === sign.quote) this.#string();
      else if (code === sign.openObject || code === sign.openList) {
        this.#open(level);
        const isObject = code === sign.openObject;
        if (this.next() === (isObject ? sign.closeObject : sign.closeList)) this.at += 1;
        else {
          // Where the keys of the object around begin; a list has none.
          this.#around[level] = isObject ? this.#keys.open() : -1;
          level += 1;
          if (isObject) this.#key();
          continue;
        }
      } else this.#scalar(code);
      level = this.#closed(level, depth);
    } while (level > depth);
  }

  /** Behind a value: passes over what it closes, and over the comma and the key that lead to the next one. */
  #closed(from: number, depth: number): number {
    let level = from;
    while (level > depth) {
      const outer = this.#around[level - 1] ?? -1;
      const code = this.next();
      if (code === sign.comma) {
        this.at += 1;
        if (outer !== -1) this.#key();
        return level;
      }
      if (code !== (outer === -1 ? sign.closeList : sign.closeObject)) this.#unexpectedAfter(outer !== -1);
      this.at += 1;
      if (outer !== -1) this.#keys.close(outer);
      level -= 1;
    }
    return level;
  }

  #unexpectedAfter(isObject: boolean): never {
    return this.#unexpected(isObject ? "a comma or a closing brace" : "a comma or a closing bracket");
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
      else this.#unexpectedAfter(true);
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
      else this.#unexpectedAfter(false);
    }
    this.at += 1;
  }

  /** Nothing but white space may follow. */
  end(): void {
    if (this.next() !== -1) this.#fail("is not valid JSON: something follows its end: give one list");
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
    const end = afterPlainString(this.bytes, this.at);
    if (end === -1) return this.#stringWithEscapes();
    this.at = end;
    return false;
  }

  #stringWithEscapes(): true {
    const { bytes } = this;
    const { length } = bytes;
    const start = this.at;
    for (let at = start + 1; at < length; at += 1) {
      const code = bytes[at] ?? 0;
      if (code === sign.quote) {
        this.at = at + 1;
        return true;
      }
      if (code === sign.backslash) at = this.#escape(at);
      else if (code < sign.space) {
        this.#fail("is not valid JSON: a string holds a control character or is not closed", at);
      }
    }
    return this.#fail("is not valid JSON: a string is not closed", start);
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
    at = bytes[at] === sign.zero ? at + 1 : afterDigits(bytes, at);
    if (bytes[at] === sign.dot && isDigit(bytes[at + 1])) at = afterDigits(bytes, at + 1);
    if (((bytes[at] ?? 0) | 0x20) === sign.e) {
      const signed = bytes[at + 1] === sign.plus || bytes[at + 1] === sign.minus;
      const first = signed ? at + 2 : at + 1;
      if (isDigit(bytes[first])) at = afterDigits(bytes, first);
    }
    this.at = at;
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
