/** What became of tokens over time. */

/**
 * What became of one check of one token. `refused`: backend said no to a token that was alive. `failed`: no answer, or
 * one that says nothing about the token (5xx).
 */
export type Outcome = "accepted" | "refused" | "failed";

/** One check. */
export interface Check {
  readonly outcome: Outcome;
  /** Revision of auth that signed the token, and of backend that answered; empty when nobody did. */
  readonly signedBy: string;
  readonly checkedBy: string;
  /** Where it was shown. */
  readonly way: "http" | "websocket";
  /** Seconds since the token was signed. */
  readonly age: number;
  /** What backend said instead of accepting. */
  readonly reason?: string;
}

/** The checks of a stretch of time. */
export interface Bucket {
  accepted: number;
  refused: number;
  failed: number;
}

/** Something that was done while the load went on. */
export interface Mark {
  /** Seconds since the load began. */
  readonly at: number;
  readonly label: string;
}

/** How tokens of one revision of auth fared with one revision of backend. */
export interface Pair extends Bucket {
  readonly signedBy: string;
  readonly checkedBy: string;
}

/** Seconds in a bucket. */
export const bucketSeconds = 0.5;

/** Everything a load saw. */
export interface Result {
  /** Seconds. */
  readonly duration: number;
  readonly total: Bucket;
  /** Of `total`: checks by a WebSocket handshake. */
  readonly handshakes: number;
  /** A bucket per `bucketSeconds`. */
  readonly buckets: readonly Bucket[];
  readonly marks: readonly Mark[];
  readonly pairs: readonly Pair[];
  /** What backend, or the connection, said of tokens that were not accepted, and how often. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Seconds of the oldest token that was shown. */
  readonly oldest: number;
  /** Open WebSockets that were cut. */
  readonly cut: number;
}

const empty = (): Bucket => ({ accepted: 0, refused: 0, failed: 0 });

/** Counts checks as they happen. */
export class Tally {
  readonly #start: number;
  readonly #now: () => number;
  readonly #total = empty();
  readonly #buckets: Bucket[] = [];
  readonly #marks: Mark[] = [];
  readonly #pairs = new Map<string, Pair>();
  readonly #reasons: Record<string, number> = {};
  #handshakes = 0;
  #oldest = 0;
  #cut = 0;

  /** @param now milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#start = now();
  }

  #seconds(): number {
    return (this.#now() - this.#start) / 1000;
  }

  /** Checks so far. */
  get total(): Readonly<Bucket> & { readonly all: number } {
    const { accepted, refused, failed } = this.#total;
    return { accepted, refused, failed, all: accepted + refused + failed };
  }

  /** Names what is done now. */
  mark(label: string): void {
    this.#marks.push({ at: this.#seconds(), label });
  }

  add({ outcome, signedBy, checkedBy, way, age, reason }: Check): void {
    const index = Math.floor(this.#seconds() / bucketSeconds);
    while (this.#buckets.length <= index) this.#buckets.push(empty());
    const name = `${signedBy} ${checkedBy}`;
    const pair = this.#pairs.get(name) ?? { signedBy, checkedBy, ...empty() };
    this.#pairs.set(name, pair);
    for (const counts of [this.#total, this.#buckets[index], pair]) if (counts) counts[outcome] += 1;
    if (way === "websocket") this.#handshakes += 1;
    if (reason !== undefined) this.#reasons[reason] = (this.#reasons[reason] ?? 0) + 1;
    this.#oldest = Math.max(this.#oldest, age);
  }

  /** An open WebSocket was cut. */
  cut(): void {
    this.#cut += 1;
  }

  result(): Result {
    return {
      duration: this.#seconds(),
      total: { ...this.#total },
      handshakes: this.#handshakes,
      buckets: this.#buckets.map((bucket) => ({ ...bucket })),
      marks: [...this.#marks],
      pairs: [...this.#pairs.values()].map((pair) => ({ ...pair })),
      reasons: { ...this.#reasons },
      oldest: this.#oldest,
      cut: this.#cut,
    };
  }
}
