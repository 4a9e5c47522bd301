#!/usr/bin/env node
/** The command line: finds the command, runs it, and turns what goes wrong into one line and an exit code. */
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Command, exit, Failure, UsageError, type World } from "./commands/command.ts";
import { visible } from "./reports/escape.ts";
import { version } from "./version.ts";

/** Loaded when called, so that no command pays for another. */
const commands: Readonly<Record<string, { summary: string; load(): Promise<Command> }>> = {
  check: {
    summary: "decide whether both services of an environment carry one JWT secret",
    load: async () => (await import("./commands/check/check.ts")).command,
  },
  rotate: {
    summary: "change the key of an environment, step by step, without refusing a token",
    load: async () => (await import("./commands/operators.ts")).rotate,
  },
  adopt: {
    summary: "bring two services that run already under this project, without refusing a token",
    load: async () => (await import("./commands/adopt/adopt.ts")).command,
  },
  explain: {
    summary: "say what a rule asks, what goes wrong without it, and how to mend it",
    async load() {
      const [{ explain, explainHelp }, { rules }] = await Promise.all([
        import("./commands/explain.ts"),
        import("./policy/policy.ts"),
      ]);
      return {
        help: explainHelp,
        async run(args, world) {
          const { code, stdout, stderr } = explain(args, rules);
          world.stdout.write(stdout);
          if (stderr !== "") world.stderr.write(`jwt-secret ${stderr}`);
          return code;
        },
      };
    },
  },
  token: {
    summary: "print a token signed with exactly the version a stack deploys, for end-to-end tests",
    load: async () => (await import("./commands/operators.ts")).token,
  },
  smoke: {
    summary: "prove that backend accepts such a token, and refuses what it must refuse",
    load: async () => (await import("./commands/operators.ts")).smoke,
  },
};

function help(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const list = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `jwt-secret: one JWT secret per environment, the same reference in both Cloud Run services.

Usage: jwt-secret <command> [options]

Commands:
${list.join("\n")}

  jwt-secret <command> --help   what a command does and takes
  jwt-secret --version          the version of this program
`;
}

/** Runs the command line on arguments; the result is the exit code. */
export async function main(args: readonly string[], world: World): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    world.stderr.write(help());
    return exit.undetermined;
  }
  if (name === "--help" || name === "-h" || name === "help") {
    world.stdout.write(help());
    return exit.pass;
  }
  if (name === "--version" || name === "-v") {
    world.stdout.write(`${version()}\n`);
    return exit.pass;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    const known = Object.keys(commands).join(", ");
    world.stderr.write(
      `jwt-secret: there is no command ${visible(name)}; there is ${known} (jwt-secret --help)\n`,
    );
    return exit.undetermined;
  }
  try {
    const command = await entry.load();
    if (asksForHelp(rest, command.valued)) {
      world.stdout.write(command.help);
      return exit.pass;
    }
    return await command.run(rest, world);
  } catch (error) {
    world.stderr.write(`${errorLine(name, error, world)}\n`);
    return exit.undetermined;
  }
}

/** `-h` behind `--` is a file's name, and behind an option that takes a value it is that value. */
function asksForHelp(args: readonly string[], valued: readonly string[] = []): boolean {
  const end = args.indexOf("--");
  return args
    .slice(0, end === -1 ? args.length : end)
    .some((arg, index) => (arg === "--help" || arg === "-h") && !valued.includes(args[index - 1] ?? ""));
}

function errorLine(name: string, error: unknown, { env }: World): string {
  if (Failure.is(error)) return `jwt-secret ${name}: ${visible(error.message)}`;
  if (UsageError.is(error)) {
    return `jwt-secret ${name}: ${visible(error.message)} (jwt-secret ${name} --help)`;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (env.JWT_SECRET_DEBUG && error instanceof Error) return error.stack ?? message;
  return `jwt-secret ${name}: ${visible(message)} (this is a fault of the program; set JWT_SECRET_DEBUG=1 for its trace)`;
}

function runsAsProgram(): boolean {
  const [, program] = process.argv;
  if (program === undefined) return false;
  try {
    return realpathSync(program) === fileURLToPath(import.meta.url);
  } catch {
    return false;
  }
}

/** What cannot be said on standard error changes nothing: the exit code says it too. */
function writable(stderr: NodeJS.WriteStream): NodeJS.WriteStream {
  return stderr.listenerCount("error") > 0 ? stderr : stderr.on("error", () => {});
}

/** Runs the program on this process: its arguments, its streams, its exit code. */
export async function start(): Promise<void> {
  const { stdout } = process;
  let broken = false;
  stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) is no error of ours.
    if (code === "EPIPE") return;
    broken = true;
    process.exitCode = exit.undetermined;
    writable(process.stderr).write(`jwt-secret: standard output cannot be written to (${code})\n`);
  });
  let reads = false;
  const code = await main(process.argv.slice(2), {
    // Made when asked for: each stream costs a small check some of its time.
    get stdin() {
      reads = true;
      return process.stdin;
    },
    stdout,
    get stderr() {
      return writable(process.stderr);
    },
    env: process.env,
    directory: process.cwd(),
    now: new Date(),
  });
  if (!broken) process.exitCode = code;
  // Nothing more is read, so an endless pipe must not keep the process.
  if (reads) process.stdin.destroy();
}

if (runsAsProgram()) void start();
