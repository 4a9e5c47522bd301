/** Doctored programs: the project's own with lines added, in a process that runs one after another. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import {
  cpSync,
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
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { parse, stringify } from "yaml";
import { root } from "../../../sandbox/home.ts";
import { readCloud } from "../cloud-file.ts";
import { type Job, Outcome } from "./runner.ts";

/** Lines added to the project's `index.ts`. */
export interface Doctoring {
  /** Modules, on top. */
  imports?: string;
  /** Right before the guard is installed. */
  first?: string;
  /** Right after the guard is installed. */
  early?: string;
  /** At the end. */
  late?: string;
}

const guardLine = /^guard\(environment\);$/m;

function doctored({ imports = "", first = "", early = "", late = "" }: Doctoring): string {
  const own = readFileSync(join(root, "index.ts"), "utf8");
  if (!guardLine.test(own)) throw new Error("index.ts installs no guard");
  const inner = own.replace(guardLine, (line) => `${first}\n${line}\n${early}`);
  return `${imports}\n${inner}\n${late}\n`;
}

/** A sandbox that programs are tried in. */
export class Programs {
  readonly #folder = mkdtempSync(join(tmpdir(), "jwt-secret-guard-"));
  readonly #home = join(this.#folder, "sandbox");
  readonly #source = join(this.#folder, "source");
  #runner: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  #lines: AsyncIterator<string> | undefined;
  #said = "";

  constructor() {
    mkdirSync(this.#source);
    for (const file of readdirSync(root)) {
      if (/^Pulumi\..*yaml$/.test(file)) cpSync(join(root, file), join(this.#source, file));
    }
    for (const folder of ["src", "node_modules"]) symlinkSync(join(root, folder), join(this.#source, folder));
    writeFileSync(join(this.#source, "package.json"), '{ "type": "module" }');
  }

  /** Changes staging's configuration; before the first run, or `close` comes between. */
  configure(change: (config: Record<string, unknown>) => void): void {
    const path = join(this.#source, "Pulumi.staging.yaml");
    const file = parse(readFileSync(path, "utf8"));
    change(file.config);
    writeFileSync(path, stringify(file));
  }

  /** Runs the project's program with these lines added. */
  async run(doctoring: Doctoring, job: Partial<Job> = {}): Promise<Outcome> {
    writeFileSync(join(this.#source, "index.ts"), doctored(doctoring));
    const { runner, lines } = this.#open();
    runner.stdin.write(`${JSON.stringify({ operation: "up", ...job })}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`the runner ended: ${this.#said}`);
    return Outcome.parse(JSON.parse(value));
  }

  /** The Cloud Run services as the sandbox's cloud has them, without the marks by which its providers know their own. */
  services(): Record<string, unknown> {
    const { services } = readCloud(this.#home);
    return Object.fromEntries(
      Object.entries(services).map(([name, { mark: _, ...service }]) => [name, service]),
    );
  }

  #open(): { runner: ChildProcessByStdio<Writable, Readable, Readable>; lines: AsyncIterator<string> } {
    if (this.#runner !== undefined && this.#lines !== undefined)
      return { runner: this.#runner, lines: this.#lines };
    const runner = spawn(
      process.execPath,
      [join(import.meta.dirname, "runner.ts"), this.#home, this.#source],
      {
        cwd: this.#folder,
        stdio: ["pipe", "pipe", "pipe"],
        env: { ...process.env, NODE_NO_WARNINGS: "1", SANDBOX_FAULTS: "[]", SANDBOX_CALL_LOG: "" },
      },
    );
    // One that ended is told by its output, which ends too.
    runner.stdin.on("error", () => {});
    runner.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#said += text;
    });
    const read: Interface = createInterface({ input: runner.stdout });
    this.#runner = runner;
    this.#lines = read[Symbol.asyncIterator]();
    return { runner, lines: this.#lines };
  }

  /** What the runner printed besides results: nothing, when all is well. */
  get said(): string {
    return this.#said;
  }

  /** Ends the runner; the sandbox stays, and a further run opens it again. */
  async close(): Promise<void> {
    const runner = this.#runner;
    if (runner === undefined) return;
    const ended = new Promise((resolve) => runner.on("close", resolve));
    runner.stdin.end();
    await ended;
    this.#runner = undefined;
    this.#lines = undefined;
  }

  async remove(): Promise<void> {
    await this.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
