import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ageOf, codeOf, isAlive, removeStale } from "../lock.ts";
import { type CloudState, emptyState, stateSchema } from "./state.ts";

/** A lock is held for one synchronous change, so an older one was left behind by a process that was killed. */
const lockIsStaleAfterMs = 10_000;
const lockWaitMs = 30_000;

/** The sandbox's store cannot be used; the message is one line and names the file and the way out. */
export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreError";
  }
}

/**
 * The cloud's state in one file that only its owner can read. Every change is made under a lock, on what the
 * file holds at that moment, and replaces the file in one step: several processes can share it, and a process
 * killed at any point leaves either the old or the new state.
 */
export class Store {
  readonly file: string;
  readonly #directory: string;
  readonly #lock: string;

  /** @throws StoreError when the directory cannot be made. */
  constructor(directory: string) {
    this.#directory = directory;
    this.file = join(directory, "cloud.json");
    this.#lock = join(directory, "cloud.lock");
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new StoreError(`${directory} cannot be created: ${text(cause)}; give another directory`, {
        cause,
      });
    }
  }

  /** @throws StoreError when the file cannot be read or does not hold the sandbox's state; it is left as it is. */
  read(): CloudState {
    return this.#load().state;
  }

  /**
   * Runs `change` on the current state and keeps what it made of it. When `change` throws, nothing is kept. It runs
   * again, on what the file holds then, when it was so slow that another process took the lock for left behind.
   * @throws StoreError as `read` does, and when the lock cannot be had within 30 seconds.
   */
  async transact<T>(change: (state: CloudState) => T): Promise<T> {
    for (;;) {
      const mine = await this.#acquire();
      try {
        const { state, source } = this.#load();
        const result = change(state);
        const next = `${JSON.stringify(state, undefined, 1)}\n`;
        if (next === source || this.#replace(next, mine)) return result;
      } finally {
        if (this.#holder() === mine) rmSync(this.#lock, { force: true });
      }
    }
  }

  #load(): { state: CloudState; source: string | undefined } {
    let source: string;
    try {
      source = readFileSync(this.file, "utf8");
    } catch (cause) {
      if (codeOf(cause) === "ENOENT") return { state: emptyState(), source: undefined };
      throw new StoreError(`${this.file} cannot be read: ${text(cause)}; check its permissions`, { cause });
    }
    let content: unknown;
    try {
      content = JSON.parse(source);
    } catch {
      // The parser's own message can quote the file, which holds secrets.
      throw this.#corrupt("it is not JSON");
    }
    const parsed = stateSchema.safeParse(content);
    if (parsed.success) return { state: parsed.data, source };
    const issue = parsed.error.issues[0];
    throw this.#corrupt(
      `${issue?.path.map(String).join(".") || "the document"} is not what was written there`,
    );
  }

  #corrupt(why: string): StoreError {
    return new StoreError(
      `${this.file} is damaged (${why}) and was left untouched: restore it from a copy, or move it away to start with an empty cloud`,
    );
  }

  /** Puts the content in the file's place while the lock is `mine`; false when it is not any more. */
  #replace(content: string, mine: string): boolean {
    const temporary = join(this.#directory, `.cloud.${process.pid}.${randomUUID()}.tmp`);
    const handle = openSync(temporary, "wx", 0o600);
    try {
      writeSync(handle, content);
      fsyncSync(handle);
    } catch (cause) {
      rmSync(temporary, { force: true });
      throw new StoreError(`${this.file} cannot be written: ${text(cause)}; free some space, then repeat`, {
        cause,
      });
    } finally {
      closeSync(handle);
    }
    if (this.#holder() !== mine) {
      rmSync(temporary, { force: true });
      return false;
    }
    renameSync(temporary, this.file);
    return true;
  }

  /** Waits for the lock and takes it; gives what the lock says while it is ours. */
  async #acquire(): Promise<string> {
    const deadline = Date.now() + lockWaitMs;
    const mine = `${process.pid} ${randomUUID()}`;
    for (;;) {
      try {
        writeFileSync(this.#lock, mine, { flag: "wx", mode: 0o600 });
        return mine;
      } catch (cause) {
        if (codeOf(cause) !== "EEXIST") {
          throw new StoreError(`${this.#lock} cannot be written: ${text(cause)}; check the directory`, {
            cause,
          });
        }
      }
      const isStale = (holder: string) => this.#isStale(holder);
      const holder = this.#holder();
      if (holder !== undefined && isStale(holder) && removeStale(this.#lock, isStale)) continue;
      if (Date.now() > deadline) {
        throw new StoreError(`${this.#lock} is held by another process: stop it, or delete that file`);
      }
      await sleep(5);
    }
  }

  /** What the lock says: the process that holds it, and which of its changes. Undefined: nobody holds it. */
  #holder(): string | undefined {
    try {
      return readFileSync(this.#lock, "utf8");
    } catch {
      return undefined;
    }
  }

  #isStale(holder: string): boolean {
    if (ageOf(this.#lock) > lockIsStaleAfterMs) return true;
    const owner = Number(holder.split(" ")[0]);
    return owner > 0 && owner !== process.pid && !isAlive(owner);
  }
}

function text(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
