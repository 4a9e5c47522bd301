/** One instance: a process on a loopback port of its own, which ends when whoever started it does. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent } from "node:http";
import { createInterface } from "node:readline";
import { z } from "zod";
import { notListening } from "./failure.ts";

/** How long a program may take until it listens; Cloud Run's default is 4 minutes. */
const startTimeout = 120_000;
/** How long a program may take to end by itself, as on Cloud Run, in milliseconds. */
const stopTimeout = 10_000;

/** An idle connection is given up before the program gives it up, so that no request meets one that is closing. */
const idleTimeout = 300_000;

const Listening = z.object({ port: z.int().positive() });

export interface InstanceOptions {
  revision: string;
  /** The program's file. */
  file: string;
  /** All its variables: nothing of this process's own environment but where Node finds what it needs. */
  env: Readonly<Record<string, string>>;
  /** Told each line the program prints. */
  log: (line: string) => void;
}

/** A process that listens. */
export class Instance {
  readonly pid: number;
  readonly port: number;
  readonly startedAt = new Date();
  /** Connections to it are kept, so that load costs no handshakes. */
  readonly agent = new Agent({ keepAlive: true, timeout: idleTimeout });
  /** Requests and WebSockets it has at the moment. */
  inFlight = 0;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(child: ChildProcess, pid: number, port: number) {
    this.#child = child;
    this.pid = pid;
    this.port = port;
    this.#ended =
      child.exitCode === null && child.signalCode === null ? once(child, "exit") : Promise.resolve();
  }

  /** Runs `told` when the process has ended, for whatever reason. */
  onEnd(told: () => void): void {
    void this.#ended.then(told);
  }

  /** Asks it to end, and ends it when it does not. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    const force = setTimeout(() => this.#child.kill("SIGKILL"), stopTimeout);
    await this.#ended;
    clearTimeout(force);
    this.agent.destroy();
  }
}

/** Starts one and waits until it listens. Throws a `StartFailure` with its last words when it does not. */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const child = spawn(process.execPath, [options.file], {
    env: { ...inherited(), ...options.env, PORT: "0" },
    // Its end of the IPC channel closes with this process, however that ends; the program then ends too.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let lastWords = "";
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      if (stream === child.stderr) lastWords = line;
      options.log(line);
    });
  }
  const port = await new Promise<number | undefined>((resolve) => {
    const late = setTimeout(() => child.kill("SIGKILL"), startTimeout);
    const done = (value: number | undefined) => {
      clearTimeout(late);
      resolve(value);
    };
    child.on("message", (message) => {
      const listening = Listening.safeParse(message);
      if (listening.success) done(listening.data.port);
    });
    child.on("error", () => done(undefined));
    // `close` comes after the last line was read.
    child.on("close", () => done(undefined));
  });
  if (port === undefined || child.pid === undefined) throw notListening(options.revision, lastWords);
  return new Instance(child, child.pid, port);
}

/** A container starts with no variables of the machine's; a process needs these to run at all. */
function inherited(): Record<string, string> {
  const kept = ["PATH", "SystemRoot", "TMPDIR", "TEMP", "NODE_COMPILE_CACHE"];
  const found = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(found), NODE_NO_WARNINGS: "1" };
}
