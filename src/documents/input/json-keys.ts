/** The keys of the objects that are open while JSON is walked, compared without making text of them. */

/** From this many keys on, an object's keys are looked up in a set instead of one by one. */
const manyKeys = 24;

const viewOf = (bytes: Buffer) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) of the length and of four bytes at either end, signed. */
function hashOf(view: DataView, from: number, to: number): number {
  const length = to - from;
  let hash = 0x811c9dc5 ^ length;
  // Keys that differ in the middle alone are rare, and are told apart by their bytes.
  if (length >= 4) {
    hash = Math.imul(hash ^ view.getInt32(from), 0x01000193);
    return Math.imul(hash ^ (hash >>> 15) ^ view.getInt32(to - 4), 0x01000193);
  }
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
  return hash;
}

/** The number that `KeyStack.hash` gives for a key of this text. */
export function keyHash(text: string): number {
  const bytes = Buffer.from(text);
  return hashOf(viewOf(bytes), 0, bytes.length);
}

const prototype = "__proto__";
const prototypeHash = keyHash(prototype);

/** One stack for all open objects: the keys of each lie from its base on. */
export class KeyStack {
  /** How many keys there are. */
  #count = 0;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  /** Where the keys of the innermost object begin. */
  #base = 0;
  /** By its base, the keys of an open object that has many. */
  readonly #many = new Map<number, Set<string>>();
  /** Where each key starts and ends, quotes included, and its hash. */
  #starts = new Int32Array(256);
  #ends = new Int32Array(256);
  #hashes = new Int32Array(256);

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  /** Begins an object; the result is what `close` wants back. */
  open(): number {
    const outer = this.#base;
    this.#base = this.#count;
    return outer;
  }

  /** Ends the innermost object. */
  close(outer: number): void {
    if (this.#count - this.#base >= manyKeys) this.#many.delete(this.#base);
    this.#count = this.#base;
    this.#base = outer;
  }

  /** The key added last to the innermost object, as text. */
  text(): string {
    return this.#text(this.#count - 1);
  }

  /** The hash of the key added last. */
  hash(): number {
    return this.#hashes[this.#count - 1] ?? 0;
  }

  /** Adds a key, quotes included, to the innermost object; the result says what is wrong with it. */
  add(start: number, end: number, escaped: boolean): string | undefined {
    const index = this.#count;
    if (index === this.#starts.length) this.#grow();
    this.#starts[index] = start;
    this.#ends[index] = end;
    const hash = escaped ? keyHash(this.#text(index)) : hashOf(this.#view, start + 1, end - 1);
    this.#hashes[index] = hash;
    if (hash === prototypeHash && this.#text(index) === prototype) {
      return "holds a key __proto__, which no document has";
    }
    const twice = index - this.#base < manyKeys ? this.#amongFew(index, hash) : this.#amongMany(index);
    if (twice) return "holds a key twice in one object, so it has two meanings";
    this.#count = index + 1;
    return undefined;
  }

  #amongFew(index: number, hash: number): boolean {
    const hashes = this.#hashes;
    for (let other = this.#base; other < index; other += 1) {
      if (hashes[other] === hash && this.#text(other) === this.#text(index)) return true;
    }
    return false;
  }

  #amongMany(index: number): boolean {
    let keys = this.#many.get(this.#base);
    if (keys === undefined) {
      keys = new Set();
      for (let other = this.#base; other < index; other += 1) keys.add(this.#text(other));
      this.#many.set(this.#base, keys);
    }
    return keys.size === keys.add(this.#text(index)).size;
  }

  #text(index: number): string {
    const text = this.#bytes.toString("utf8", this.#starts[index], this.#ends[index]);
    return text.includes("\\") ? String(JSON.parse(text)) : text.slice(1, -1);
  }

  #grow(): void {
    const grown = (old: Int32Array<ArrayBuffer>) => {
      const array = new Int32Array(old.length * 2);
      array.set(old);
      return array;
    };
    this.#starts = grown(this.#starts);
    this.#ends = grown(this.#ends);
    this.#hashes = grown(this.#hashes);
  }
}
