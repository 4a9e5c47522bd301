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
import { root } from "../../sandbox/home.ts";

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
}

export class TestSandbox {
  readonly folder = mkdtempSync(join(tmpdir(), "jwt-secret-engine-"));
  readonly home = join(this.folder, "sandbox");
  /** A copy of the project's YAML and program, free to be edited. */
  readonly source = join(this.folder, "source");
  readonly #running = new Set<ChildProcess>();

  constructor() {
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

  /** Runs `sandbox/cli.ts` to its end. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return this.start(args, options).ended;
  }

  /** Starts `sandbox/cli.ts`, in a process group of its own so that a fault can kill all of it. */
  start(args: readonly string[], options: RunOptions = {}): { child: ChildProcess; ended: Promise<Ran> } {
    const [command = "", ...rest] = args;
    const child = spawn(
      process.execPath,
      [join(root, "sandbox", "cli.ts"), command, ...rest, "--sandbox", this.home, "--project", this.source],
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

  /** All files below the sandbox's home, by path relative to it. */
  files(): string[] {
    return existsSync(this.home)
      ? readdirSync(this.home, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
      : [];
  }

  /** Ends what still runs and removes everything. */
  remove(): void {
    for (const child of this.#running) {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
