/** Choices out of numbers that fast-check generated, so that a shrunk number is a simpler choice. */
export class Dice {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** A whole number from 0 to `sides` - 1; 0 once the numbers are used up. */
  roll(sides: number): number {
    const number = this.#numbers[this.#next++] ?? 0;
    return sides <= 0 ? 0 : number % sides;
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.roll(list.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }
}

/** A repeatable stream of numbers from 0 to 1 (mulberry32). */
export function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The list in another order; seed 0 leaves it as it is. */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  if (seed === 0) return [...list];
  const next = stream(seed);
  return list
    .map((item) => ({ item, key: next() }))
    .sort((left, right) => left.key - right.key)
    .map(({ item }) => item);
}
