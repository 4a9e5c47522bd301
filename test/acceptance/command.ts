/** Runs `jwt-secret` as users do: as a program of its own, in a folder of its own. */
import { type SpawnOptions, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { afterEach, beforeEach } from "vitest";

const program = join(import.meta.dirname, "..", "..", "src", "cli.ts");

export interface Ran {
  /** Null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Options {
  /** Standard input; a stream is read as long as the program wants. @default none */
  stdin?: string | Uint8Array | Readable;
  /** Added to the environment. */
  env?: Record<string, string>;
  /** The user to run as; only root may choose. */
  uid?: number;
}

/** Runs the program in a folder. */
export async function runIn(cwd: string, args: readonly string[], options: Options = {}): Promise<Ran> {
  const { stdin = "", env = {}, uid } = options;
  const spawned: SpawnOptions = { cwd, env: { PATH: process.env.PATH, ...env } };
  const child = spawn(process.execPath, [program, ...args], {
    ...spawned,
    ...(uid === undefined ? {} : { uid }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  // The program may end before it has read everything.
  child.stdin.on("error", () => {});
  if (typeof stdin === "string" || stdin instanceof Uint8Array) child.stdin.end(stdin);
  else stdin.pipe(child.stdin);
  const code = await new Promise<number | null>((done, failed) => {
    child.on("error", failed).on("exit", done);
  });
  if (!(typeof stdin === "string" || stdin instanceof Uint8Array)) stdin.destroy();
  await Promise.all([finished(child.stdout), finished(child.stderr)]);
  return { code, stdout, stderr };
}

/** A folder per test, gone after it. */
export function folder() {
  let path = "";
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), "jwt-secret-acceptance-"));
    // Another user may look into it.
    chmodSync(path, 0o755);
  });
  afterEach(() => rmSync(path, { recursive: true, force: true }));
  return {
    get path() {
      return path;
    },
    /** Writes a file, JSON unless it is text or bytes already, and returns its name. */
    put(name: string, content: unknown): string {
      const raw = typeof content === "string" || content instanceof Uint8Array;
      writeFileSync(join(path, name), raw ? content : JSON.stringify(content, null, 2));
      return name;
    },
    run: (args: readonly string[], options?: Options): Promise<Ran> => runIn(path, args, options),
  };
}
