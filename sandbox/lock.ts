/** One operation at a time in a sandbox: a lock file with the holder's process id. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { Failure } from "./failure.ts";

const Content = z.object({ pid: z.int().positive(), command: z.string(), since: z.string() });
type Content = z.infer<typeof Content>;

/**
 * Takes the lock and gives the function that releases it. A lock whose process is gone is taken over.
 * Throws a `Failure` that names the holder when another process has it.
 */
export function takeLock(path: string, command: string): () => void {
  mkdirSync(dirname(path), { recursive: true });
  const mine: Content = { pid: process.pid, command, since: new Date().toISOString() };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(path, JSON.stringify(mine), { flag: "wx", mode: 0o600 });
      return () => {
        if (holderOf(path)?.pid === process.pid) rmSync(path, { force: true });
      };
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const holder = holderOf(path);
    if (holder !== undefined && isAlive(holder.pid)) {
      throw new Failure(
        `The sandbox is in use: \`${holder.command}\` (process ${holder.pid}) since ${holder.since}. ` +
          "Wait for it to end, or give this one a sandbox of its own with --sandbox FOLDER.",
      );
    }
    rmSync(path, { force: true });
  }
  throw new Failure(`The sandbox's lock ${path} changes hands all the time: try again.`);
}

/** Who holds the lock; undefined when nobody does or the file was cut off by a crash. */
function holderOf(path: string): Content | undefined {
  try {
    return Content.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

/** True when a process of that id runs. A process of another user answers EPERM and is alive; a zombie is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
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
