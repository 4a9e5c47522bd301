/** The Cloud Run resources of the program, and what is known of each. */
import type * as pulumi from "@pulumi/pulumi";
import type { ReadService } from "./facts.ts";
import { type Counts, type ReadInputs, readInputs } from "./inputs.ts";
import type { Seen, SeenResource } from "./seen.ts";

/** Thrown inside: reading on would wait for a service that waits for this. */
export class Late extends Error {}

/** One service, job or worker pool. */
export interface Watched {
  readonly urn: string;
  /** Undefined for one that another process constructs, such as a remote component. */
  readonly seen: SeenResource | undefined;
  provider: pulumi.Resource | undefined;
  ignoreChanges: readonly string[];
  /** Its inputs, as far as they went: constructed, transformed, checked. */
  read: ReadInputs | undefined;
  /** Judged with all that was known, and free to be registered. */
  open: boolean;
  registered: boolean;
}

/** All of them. */
export class WatchedServices {
  readonly #byUrn = new Map<string, Watched>();
  readonly #seen: Seen;
  readonly #counts: Counts;

  constructor(seen: Seen, counts: Counts) {
    this.#seen = seen;
    this.#counts = counts;
  }

  get size(): number {
    return this.#byUrn.size;
  }

  get(urn: string): Watched | undefined {
    return this.#byUrn.get(urn);
  }

  /** A service that is met; the same one each time. */
  meet(urn: string, seen?: SeenResource): Watched {
    const known = this.#byUrn.get(urn);
    if (known !== undefined) return known;
    const met: Watched = {
      urn,
      seen,
      provider: seen?.opts.provider,
      ignoreChanges: seen?.opts.ignoreChanges ?? [],
      read: undefined,
      open: false,
      registered: false,
    };
    this.#byUrn.set(urn, met);
    return met;
  }

  /** Those that were constructed and have not reached the engine. */
  get waiting(): boolean {
    return [...this.#byUrn.values()].some((one) => !one.registered);
  }

  /** Reads the inputs of all that can be known before `own` is registered. */
  async readBefore(own: Watched): Promise<void> {
    await Promise.all(
      [...this.#byUrn.values()].map(async (one) => {
        if (one.read !== undefined || one.seen === undefined) return;
        try {
          const mayWait = one === own ? undefined : (from: Iterable<pulumi.Resource>) => this.mayWait(from);
          one.read ??= await readInputs(one.seen.props, this.#counts, mayWait);
        } catch (error) {
          if (!(error instanceof Late)) throw error;
        }
      }),
    );
  }

  /** @throws Late when one of these waits for a service that is not free yet */
  mayWait(from: Iterable<pulumi.Resource>): void {
    const shut = new Set([...this.#byUrn.values()].flatMap((one) => (one.open ? [] : [one.seen?.resource])));
    if (this.#seen.reaches(from, (resource) => shut.has(resource))) throw new Late();
  }

  /** Takes what a service's inputs have become; what they come from stays known. */
  async become(one: Watched, props: unknown): Promise<void> {
    const { inputs, dependencies } = await readInputs(props, this.#counts);
    one.read = { inputs, dependencies: new Set([...dependencies, ...(one.read?.dependencies ?? [])]) };
  }

  /** What is known of every service by now. */
  readable(): ReadService[] {
    return [...this.#byUrn.values()].flatMap(({ urn, read, provider, ignoreChanges, seen }) => {
      if (read === undefined) return [];
      const explicit = provider ?? seen?.resource.getProvider(seen.type);
      return [{ ...read, urn, ignoreChanges, provider: explicit }];
    });
  }
}
