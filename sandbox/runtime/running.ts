/** What runs in a sandbox and where: the file `running.json` in its folder, there while services run. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isAlive } from "../lock.ts";

/** A service that runs. */
const Running = z.object({
  /** `projects/ID/locations/REGION/services/NAME`. */
  name: z.string(),
  /** What the service does in its environment; undefined for one that is neither. */
  role: z.enum(["auth", "backend"]).optional(),
  /** The address Cloud Run would give it, as the stack's outputs have it: `https://NAME-NUMBER.REGION.run.app`. */
  url: z.string(),
  /** Where it answers here, HTTP and WebSocket: `http://127.0.0.1:PORT`. The port stays the same for the service's life. */
  address: z.string(),
});

/** The content of `running.json`. */
export const RunningFile = z.object({
  /** The process that keeps the services; the file means nothing once it is gone. */
  pid: z.int().positive(),
  /** The sandbox's Google Cloud, Secret Manager's REST API included: `http://127.0.0.1:PORT`. */
  cloud: z.string(),
  /** By Google Cloud project ID, `sandbox-ENVIRONMENT`: the address of the service in each role. */
  environments: z.record(
    z.string(),
    z.object({ auth: z.string().optional(), backend: z.string().optional() }),
  ),
  /** Every service. */
  services: z.array(Running),
});
export type RunningFile = z.infer<typeof RunningFile>;

/** Where the file lies in a sandbox's folder. */
export const runningPath = (folder: string): string => join(folder, "running.json");

/** What runs in the sandbox in `folder`; undefined when nothing does. */
export function readRunning(folder: string): RunningFile | undefined {
  try {
    const running = RunningFile.parse(JSON.parse(readFileSync(runningPath(folder), "utf8")));
    return isAlive(running.pid) ? running : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the file in one step: whoever reads it sees the old one or the new one. */
export function writeRunning(folder: string, running: RunningFile): void {
  const path = runningPath(folder);
  writeFileSync(`${path}.new`, `${JSON.stringify(running, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Removes the file when it is the one of process `pid`. */
export function removeRunning(folder: string, pid: number): void {
  const path = runningPath(folder);
  if (!existsSync(path)) return;
  const found = RunningFile.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!found.success || found.data.pid === pid) rmSync(path, { force: true });
}
