/** One operation at a time in a sandbox: a lock file with the holder's process id. */
import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { Failure, messageOf } from "./failure.ts";

const Content = z.object({ pid: z.int().positive(), command: z.string(), since: z.string() });
type Content = z.infer<typeof Content>;

/** How often a lock that is being taken over is looked at, and for how long, in milliseconds. */
const lookEvery = 5;
const looks = 400;
/** Removing a stale lock takes less than a millisecond: whoever seems to be at it for so long was killed. */
const removalTakesAtMost = 10_000;

/**
 * Takes the lock and gives the function that releases it. A lock whose process is gone is taken over.
 * Throws a `Failure` that names the holder when another process has it.
 */
export function takeLock(path: string, command: string): () => void {
  mkdirSync(dirname(path), { recursive: true });
  const mine: Content = { pid: process.pid, command, since: new Date().toISOString() };
  for (let look = 0; look < looks; look += 1) {
    if (makeWhole(path, JSON.stringify(mine))) {
      return () => {
        if (holderIn(textOf(path))?.pid === process.pid) rmSync(path, { force: true });
      };
    }
    const holder = holderIn(textOf(path));
    if (holder !== undefined && isAlive(holder.pid)) {
      throw new Failure(
        `The sandbox is in use: \`${holder.command}\` (process ${holder.pid}) since ${holder.since}. ` +
          "Wait for it to end, or give this one a sandbox of its own with --sandbox FOLDER.",
      );
    }
    if (!removeStale(path, isLeftBehind)) pause(lookEvery);
  }
  throw new Failure(`The sandbox's lock ${path} changes hands all the time: try again.`);
}

/** Makes a file with all its content in one step, so that nobody reads half of it; false when there is one. */
function makeWhole(path: string, content: string): boolean {
  const whole = `${path}.${process.pid}-${randomUUID()}`;
  writeFileSync(whole, content, { flag: "wx", mode: 0o600 });
  try {
    linkSync(whole, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw new Failure(
      `${path} cannot be made (${messageOf(error)}): give another folder with --sandbox FOLDER.`,
    );
  } finally {
    rmSync(whole, { force: true });
  }
}

/**
 * Removes a lock that is stale; false when another process is at it. Of several that see the same stale lock, only one
 * may remove it: what the next one finds there could be the lock that somebody has taken since.
 */
export function removeStale(path: string, isStale: (text: string) => boolean): boolean {
  const turn = `${path}.removal`;
  try {
    writeFileSync(turn, "", { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    if (ageOf(turn) > removalTakesAtMost) rmSync(turn, { force: true });
    return false;
  }
  try {
    const text = textOf(path);
    if (text !== undefined && isStale(text)) rmSync(path, { force: true });
  } finally {
    rmSync(turn, { force: true });
  }
  return true;
}

/** Of a process that is gone, or cut off by a crash. */
function isLeftBehind(text: string): boolean {
  const holder = holderIn(text);
  return holder === undefined || !isAlive(holder.pid);
}

/** Who holds the lock; undefined when nobody does or the text is none of ours. */
function holderIn(text: string | undefined): Content | undefined {
  try {
    return Content.parse(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}

/** What is in a file; undefined when it is not there. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Milliseconds since a file was written; 0 when it is gone. */
export function ageOf(path: string): number {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}

/** Waits without letting anything else of this process run. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** What a system call failed with, such as `EEXIST`; undefined for what is no such error. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** True when a process of that id runs. A process of another user answers EPERM and is alive; a zombie is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** A killed process whose parent has not asked for its exit code yet still has its id. Known on Linux alone (proc(5)). */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
