/** Runs programs and measures them: time on the clock, and the most memory they held. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** What one run took. */
export interface Run {
  /** Milliseconds. */
  time: number;
  /** Megabytes; undefined where nothing measures it. */
  memory?: number;
}

/** GNU time, which knows a program's peak memory. */
const gnuTime = "/usr/bin/time";
const measuresMemory = existsSync(gnuTime);

/** Runs a program once. @throws Error when it ends with another code than those expected */
export function measure(command: string, args: readonly string[], codes: readonly number[]): Run {
  const folder = mkdtempSync(join(tmpdir(), "jwt-secret-bench-"));
  const report = join(folder, "memory");
  const [program, all] = measuresMemory
    ? [gnuTime, ["-o", report, "-f", "%M", command, ...args]]
    : [command, [...args]];
  try {
    const start = process.hrtime.bigint();
    const { status, error, stderr } = spawnSync(program, all, {
      stdio: ["ignore", "ignore", "pipe"],
      maxBuffer: 1 << 26,
    });
    const time = Number(process.hrtime.bigint() - start) / 1e6;
    if (error !== undefined) throw error;
    if (status === null || !codes.includes(status)) {
      throw new Error(`${command} ended with ${status}: ${stderr.toString().slice(0, 300)}`);
    }
    const kilobytes = measuresMemory
      ? Number(readFileSync(report, "utf8").trim().split("\n").at(-1))
      : Number.NaN;
    return { time, ...(Number.isFinite(kilobytes) ? { memory: kilobytes / 1024 } : {}) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The path of a program, if one is installed. */
export function installed(name: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** The middle one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
