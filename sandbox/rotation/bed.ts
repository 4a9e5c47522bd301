/** A sandbox of its own with running services, driven by the commands that users type. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { z } from "zod";
import type { Fault } from "../cloud/index.ts";
import { root } from "../home.ts";
import { connect, readRunning } from "../runtime/index.ts";

/** How a command ended. */
export interface Ran {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BedOptions {
  /** The folder that holds the program, `index.ts`. @default the project's own */
  readonly program?: string;
  /** Changes staging's configuration before the first deployment. */
  readonly configure?: (config: Record<string, unknown>) => void;
}

export interface UpOptions {
  /** Failures of Google's APIs that this update meets. */
  readonly faults?: readonly Fault[];
  /** Learn first what is deployed. */
  readonly refresh?: boolean;
  /** The policy pack would refuse a wiring that is wrong on purpose. */
  readonly policyPack?: boolean;
}

const environment = "staging";
const Service = z.looseObject({ latestReadyRevision: z.string() });

const beds = new Set<Bed>();

/** Removes every bed there is, for a process that is told to end. */
export async function removeBeds(): Promise<void> {
  await Promise.all([...beds].map((bed) => bed.remove()));
}

/** The bed; `remove` ends everything it started. */
export class Bed {
  readonly folder = mkdtempSync(join(tmpdir(), "jwt-secret-rotation-"));
  /** The sandbox's own folder. */
  readonly home = join(this.folder, "sandbox");
  /** The project's files, free to be edited. */
  readonly source = join(this.folder, "source");
  readonly #running = new Set<ChildProcess>();

  constructor({ program = root, configure }: BedOptions = {}) {
    mkdirSync(this.source);
    for (const file of ["Pulumi.yaml", `Pulumi.${environment}.yaml`]) {
      copyFileSync(join(root, file), join(this.source, file));
    }
    // A link, because a copy would not find its rooms.
    symlinkSync(join(program, "index.ts"), join(this.source, "index.ts"));
    if (configure) this.configure(configure);
    beds.add(this);
  }

  /** Changes staging's configuration. */
  configure(change: (config: Record<string, unknown>) => void): void {
    const path = join(this.source, `Pulumi.${environment}.yaml`);
    const file = parse(readFileSync(path, "utf8"));
    change(file.config);
    writeFileSync(path, stringify(file));
  }

  /** A real `pulumi up` into the sandbox, whose services run from the first one on as long as this process does. */
  async up({ faults = [], refresh = false, policyPack = true }: UpOptions = {}): Promise<Ran> {
    const isFirst = readRunning(this.home) === undefined;
    const flags = [
      ...(isFirst ? ["--detach"] : []),
      ...(refresh ? ["--refresh"] : []),
      ...(policyPack ? [] : ["--no-policy-pack"]),
    ];
    const ran = await this.sandbox(["up", environment, ...flags], { SANDBOX_FAULTS: JSON.stringify(faults) });
    if (isFirst) await (await connect(this.home))?.hold();
    return ran;
  }

  /** The deployed state, as `pulumi stack export` prints it; the name of the file it is in. */
  async state(): Promise<string> {
    const ran = await this.sandbox(["state", environment, "--json"]);
    if (ran.code !== 0) throw new Error(ran.stderr);
    const path = join(this.folder, "state.json");
    writeFileSync(path, ran.stdout);
    return path;
  }

  /** `jwt-secret rotate`, on the bed's files. */
  rotate(args: readonly string[]): Promise<Ran> {
    return this.#run([join(root, "src", "cli.ts"), "rotate", ...args, "--stack", environment], this.source);
  }

  /** Runs a command of the sandbox to its end. */
  sandbox(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const [command = "", ...rest] = args;
    const where = ["--sandbox", this.home, "--project", this.source];
    return this.#run([join(root, "sandbox", "cli.ts"), command, ...rest, ...where], this.folder, env);
  }

  #run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const child = spawn(process.execPath, args, {
      cwd,
      // A group of its own, which a fault can kill as a whole.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", NODE_NO_WARNINGS: "1", SANDBOX_FAULTS: "[]", ...env },
    });
    this.#running.add(child);
    return new Promise((resolve) => {
      let [stdout, stderr] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      child.on("close", (code) => {
        this.#running.delete(child);
        resolve({ code, stdout, stderr });
      });
    });
  }

  /** Where the services answer. */
  addresses(): { auth: string; backend: string } {
    const found = Object.values(readRunning(this.home)?.environments ?? {})[0];
    if (found?.auth === undefined || found.backend === undefined) throw new Error("the services do not run");
    return { auth: found.auth, backend: found.backend };
  }

  /** So many instances of the revision that serves; further ones start now. */
  async scale(role: "auth" | "backend", instances: number): Promise<void> {
    const control = await connect(this.home);
    if (control === undefined) throw new Error("the services do not run");
    await control.scale(`${role}-${environment}`, instances);
  }

  #service(role: "auth" | "backend"): string {
    const running = readRunning(this.home);
    const name = running?.services.find((one) => one.role === role)?.name;
    if (running === undefined || name === undefined) throw new Error("the services do not run");
    return `${running.cloud}/v2/${name}`;
  }

  /** The revision that is newest and ready. */
  async revision(role: "auth" | "backend"): Promise<string> {
    const { latestReadyRevision } = Service.parse(await (await fetch(this.#service(role))).json());
    return latestReadyRevision.split("/").at(-1) ?? "";
  }

  /** Sends all traffic to one revision, or again to the latest: a rollback as Cloud Run does it. */
  async route(role: "auth" | "backend", revision: string | undefined): Promise<void> {
    const type = `TRAFFIC_TARGET_ALLOCATION_TYPE_${revision === undefined ? "LATEST" : "REVISION"}`;
    const answer = await fetch(`${this.#service(role)}?updateMask=traffic`, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ traffic: [{ type, percent: 100, ...(revision && { revision }) }] }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  /** Ends what it started, and removes everything. */
  async remove(): Promise<void> {
    beds.delete(this);
    for (const child of this.#running) {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has ended, and what it printed is still being read.
      }
    }
    while (this.#running.size > 0) await sleep(20);
    await (await connect(this.home))?.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 20 });
  }
}
