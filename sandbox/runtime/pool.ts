/** The instances of one revision. */
import { StartFailure } from "./failure.ts";
import type { Instance } from "./instance.ts";

/** Starts one more instance of the revision, its variables resolved at that moment. Throws a `StartFailure`. */
export type Start = () => Promise<Instance>;

/** A place on an instance for one request or WebSocket; `release` gives it back, once. */
export interface Lease {
  readonly instance: Instance;
  release(): void;
}

/** The instances of one revision, none at first. */
export class Pool {
  readonly revision: string;
  readonly #start: Start;
  readonly #instances = new Set<Instance>();
  /** Instances that end when their last request does. */
  readonly #leaving = new Set<Instance>();
  #starting: Promise<void> | undefined;
  #idle: (() => void) | undefined;
  #serving = false;
  #closed = false;

  constructor(revision: string, start: Start) {
    this.revision = revision;
    this.#start = start;
  }

  /** Takes no requests, and has no instance, not even one that is starting for a request from before. */
  get unused(): boolean {
    const idle = this.#starting === undefined && this.#instances.size === 0 && this.#leaving.size === 0;
    return idle && !this.#serving;
  }

  /** Instances that take requests. */
  get instances(): readonly Instance[] {
    return [...this.#instances];
  }

  /** Instances that end once their last request does. */
  get leaving(): readonly Instance[] {
    return [...this.#leaving];
  }

  /** Starts instances until there are `count`, or lets those above go. Throws a `StartFailure`. */
  async scale(count: number): Promise<void> {
    await this.#starting?.catch(() => {});
    await Promise.all(Array.from({ length: count - this.#instances.size }, () => this.#add()));
    for (const instance of this.instances.slice(count)) this.#leave(instance);
  }

  /** Takes requests from now on; starts the first instance when there is none. Throws a `StartFailure`. */
  async serve(): Promise<void> {
    this.#serving = true;
    await this.#ready();
  }

  async #ready(): Promise<void> {
    if (this.#instances.size > 0) return;
    this.#starting ??= this.#add().finally(() => {
      this.#starting = undefined;
    });
    await this.#starting;
  }

  /** A place on the instance that has least to do; when there is none, one is started for it. Throws a `StartFailure`. */
  async lease(): Promise<Lease> {
    while (this.#instances.size === 0) await this.#ready();
    const [first, ...others] = this.#instances;
    if (first === undefined) throw new Error("the pool has an instance");
    const instance = others.reduce((best, one) => (one.inFlight < best.inFlight ? one : best), first);
    instance.inFlight += 1;
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      instance.inFlight -= 1;
      if (instance.inFlight > 0 || (this.#serving && !this.#leaving.has(instance))) return;
      void this.#end(instance);
    };
    return { instance, release };
  }

  /** Lets every instance go, each when its last request ends; resolves when none is left, or it serves again. */
  async drain(): Promise<void> {
    this.#serving = false;
    await this.#starting?.catch(() => {});
    // Somebody came back to it meanwhile.
    if (this.#serving) return;
    for (const instance of this.instances) this.#leave(instance);
    if (this.#leaving.size > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
  }

  /** Ends every instance now, and any that is still being started. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#starting?.catch(() => {});
    await Promise.all([...this.#instances, ...this.#leaving].map((instance) => this.#end(instance)));
  }

  async #add(): Promise<void> {
    const instance = this.#closed ? undefined : await this.#start();
    if (this.#closed || instance === undefined) {
      await instance?.stop();
      throw new StartFailure(`Revision '${this.revision}' is ending.`);
    }
    this.#instances.add(instance);
    // One that breaks is not missed until a request wants it: then another is started.
    instance.onEnd(() => this.#forget(instance));
  }

  #leave(instance: Instance): void {
    this.#instances.delete(instance);
    this.#leaving.add(instance);
    if (instance.inFlight === 0) void this.#end(instance);
  }

  async #end(instance: Instance): Promise<void> {
    this.#instances.delete(instance);
    await instance.stop();
    this.#forget(instance);
  }

  #forget(instance: Instance): void {
    this.#instances.delete(instance);
    this.#leaving.delete(instance);
    if (this.#leaving.size === 0) {
      this.#idle?.();
      this.#idle = undefined;
    }
  }
}
