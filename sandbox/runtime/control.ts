/** How other processes of this user speak to a sandbox's supervisor: HTTP on loopback, with a password in a file. */
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { ServiceRuntime } from "../cloud/index.ts";
import { Failure } from "../failure.ts";
import { isAlive } from "../lock.ts";

/** The content of `control.json`: only its owner can read it. */
export const ControlFile = z.object({
  pid: z.int().positive(),
  port: z.int().positive(),
  password: z.string(),
});
export type ControlFile = z.infer<typeof ControlFile>;

/** Where the file lies in a sandbox's folder. */
export const controlPath = (folder: string): string => join(folder, "control.json");

/** Why a hold ended: another process took the services over, somebody ended them, or the supervisor is gone. */
export type HoldEnd = "taken over" | "stopped" | "gone";

/** The controls of a supervisor. */
export interface Control extends ServiceRuntime {
  readonly pid: number;
  /** As `Runtime.scale`. Throws a `Failure` with the supervisor's reason. */
  scale(service: string, instances: number): Promise<void>;
  /** Keeps the services running as long as this process does, instead of whichever process did before. */
  hold(): Promise<{ ended: Promise<HoldEnd> }>;
  /** Keeps the services running whatever becomes of this process. */
  detach(): Promise<void>;
  /** Ends the services; resolves when the supervisor is gone. */
  stop(): Promise<void>;
}

/** The controls of the supervisor of the sandbox in `folder`; undefined when none runs. */
export async function connect(folder: string): Promise<Control | undefined> {
  const file = readControl(folder);
  if (file === undefined || !isAlive(file.pid)) return undefined;
  try {
    await ask(file, "/ping", {});
    return controlOf(file);
  } catch {
    // It is about to end: a new one would only find its ports taken.
    await gone(file.pid);
    return undefined;
  }
}

function readControl(folder: string): ControlFile | undefined {
  try {
    return ControlFile.parse(JSON.parse(readFileSync(controlPath(folder), "utf8")));
  } catch {
    return undefined;
  }
}

function controlOf(file: ControlFile): Control {
  return {
    pid: file.pid,
    revised: (service) => ask(file, "/revised", { service }),
    scale: (service, instances) => ask(file, "/scale", { service, instances }),
    hold: () => hold(file),
    detach: () => ask(file, "/detach", {}),
    stop: async () => {
      await ask(file, "/stop", {}).catch(() => {});
      await gone(file.pid);
    },
  };
}

/** Waits for a process to end; it has ten seconds for its instances. */
async function gone(pid: number): Promise<void> {
  for (let waited = 0; isAlive(pid); waited += 50) {
    if (waited > 30_000)
      throw new Failure(`The sandbox's services (process ${pid}) do not end: end that process.`);
    await sleep(50);
  }
}

const Refusal = z.object({ error: z.string() });

async function ask({ port, password }: ControlFile, path: string, body: object): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${password}` },
    body: JSON.stringify(body),
  });
  if (response.ok) return;
  const refusal = Refusal.safeParse(await response.json());
  throw new Failure(refusal.data?.error ?? `The sandbox's services answered ${response.status} to ${path}.`);
}

/** A request whose answer lasts as long as the hold: when this process ends, however, the supervisor sees it close. */
function hold({ port, password }: ControlFile): Promise<{ ended: Promise<HoldEnd> }> {
  const headers = { authorization: `Bearer ${password}` };
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path: "/hold", method: "POST", headers, agent: false });
    asked.on("error", reject);
    asked.on("response", (response) => {
      let said = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        said += chunk;
      });
      const ended = new Promise<HoldEnd>((resolveEnd) => {
        response.on("error", () => {});
        response.on("close", () => {
          const words = said.trim();
          resolveEnd(words === "taken over" || words === "stopped" ? words : "gone");
        });
      });
      // The process may end while it holds: this alone does not keep it.
      response.socket.unref();
      resolve({ ended });
    });
    asked.end();
  });
}
