/** A sandbox of its own for a test, driven by the same commands a user types, in processes of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Fault } from "../../sandbox/cloud/index.ts";
import { findEngine } from "../../sandbox/engine/find.ts";
import { run } from "../../sandbox/engine/run.ts";
import { homeIn, root } from "../../sandbox/home.ts";
import { readRunning } from "../../sandbox/runtime/index.ts";
import { valuesKey } from "../../sandbox/supplied.ts";

export interface Ran {
  /** Exit code; null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  faults?: readonly Fault[];
  /** A file that gets a line of JSON per API call. */
  callLog?: string;
  /** Let `up` start the services, as it does for users. Default: only with --detach or --stay; it takes a second. */
  services?: boolean;
}

export class TestSandbox {
  readonly folder = mkdtempSync(join(tmpdir(), "jwt-secret-engine-"));
  readonly home = join(this.folder, "sandbox");
  /** A copy of the project's YAML and program, free to be edited. */
  readonly source = join(this.folder, "source");
  readonly #running = new Set<ChildProcess>();
  readonly #always: readonly string[];

  /** `policyPack: false` leaves the pack off, which takes most of a second, where hundreds of runs are about other things. */
  constructor({ policyPack = true } = {}) {
    this.#always = policyPack ? [] : ["--no-policy-pack"];
    mkdirSync(this.source);
    for (const file of readdirSync(root)) {
      if (/^Pulumi\..*yaml$/.test(file)) cpSync(join(root, file), join(this.source, file));
    }
    // The program is the project's own: a link, because a copy would not find its rooms.
    symlinkSync(join(root, "index.ts"), join(this.source, "index.ts"));
  }

  /** Changes the configuration of an environment in the copy. */
  configure(environment: string, change: (config: Record<string, unknown>) => void): void {
    const path = join(this.source, `Pulumi.${environment}.yaml`);
    const file = parse(readFileSync(path, "utf8"));
    change(file.config);
    writeFileSync(path, stringify(file));
  }

  /** Configures a supplied key and gives it these values, by generation, as `pulumi config set --secret` does. */
  async supply(environment: string, values: Readonly<Record<string, string>>): Promise<void> {
    const generations = Object.keys(values);
    this.configure(environment, (config) => {
      config["jwt-secret:secret"] = { source: "supplied", current: Math.max(...generations.map(Number)) };
      config[valuesKey] = Object.fromEntries(
        generations.map((generation) => [generation, { secure: "v1:theirs" }]),
      );
    });
    // The state command makes the sandbox's copy, which then gets the values.
    const made = await this.run(["state", environment]);
    if (made.code !== 0) throw new Error(made.stderr);
    const { engines, passphrase, project, pulumi, state } = homeIn(this.home);
    const engine = await findEngine({ keep: engines });
    for (const [generation, value] of Object.entries(values)) {
      const args = [
        "config",
        "set",
        "--stack",
        environment,
        "--path",
        `${valuesKey}["${generation}"]`,
        "--secret",
      ];
      const ran = await run(engine.path, args, {
        cwd: project,
        input: value,
        env: {
          ...process.env,
          PULUMI_HOME: pulumi,
          PULUMI_BACKEND_URL: `file://${state}?metadata=skip`,
          PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
          PULUMI_SKIP_UPDATE_CHECK: "true",
        },
      });
      if (ran.code !== 0) throw new Error(ran.stderr);
    }
  }

  /** Runs `sandbox/cli.ts` to its end. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return this.start(args, options).ended;
  }

  /** Starts `sandbox/cli.ts`, in a process group of its own so that a fault can kill all of it. */
  start(args: readonly string[], options: RunOptions = {}): { child: ChildProcess; ended: Promise<Ran> } {
    const [command = "", ...more] = args;
    const runs = options.services === true || more.includes("--detach") || more.includes("--stay");
    const rest = command === "up" && !runs ? [...more, "--deploy-only"] : more;
    const child = spawn(
      process.execPath,
      [
        join(root, "sandbox", "cli.ts"),
        command,
        ...rest,
        ...this.#always,
        "--sandbox",
        this.home,
        "--project",
        this.source,
      ],
      {
        cwd: this.folder,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...process.env,
          NO_COLOR: "1",
          NODE_NO_WARNINGS: "1",
          SANDBOX_FAULTS: JSON.stringify(options.faults ?? []),
          SANDBOX_CALL_LOG: options.callLog ?? "",
          ...options.env,
        },
      },
    );
    this.#running.add(child);
    const ended = new Promise<Ran>((resolve) => {
      let stdout = "";
      let stderr = "";
      child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
        stdout += chunk;
      });
      child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
        stderr += chunk;
      });
      child.on("close", (code) => {
        this.#running.delete(child);
        resolve({ code, stdout, stderr });
      });
    });
    return { child, ended };
  }

  /** All files below a folder, the sandbox's home by default. */
  files(folder: string = this.home): string[] {
    return existsSync(folder)
      ? readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
      : [];
  }

  /** Ends what still runs and removes everything. */
  remove(): void {
    for (const child of this.#running) {
      if (child.pid !== undefined) endNow(-child.pid);
    }
    const running = readRunning(this.home);
    // Its instances end with it.
    if (running !== undefined) endNow(running.pid);
    // A process may write until it is gone, which takes a moment.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 20 });
  }
}

/** Ends a process, or a group by its negative number, which may have ended by itself meanwhile. */
function endNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
