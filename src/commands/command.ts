/** What a command is to the command line. */
import type { Readable } from "node:stream";

/** The world a command runs in, so that tests can give it another. */
export interface World {
  stdin: Readable & { isTTY?: boolean };
  stdout: { write(text: string): unknown; isTTY?: boolean };
  stderr: { write(text: string): unknown; isTTY?: boolean };
  env: Readonly<Record<string, string | undefined>>;
  /** The working directory. */
  directory: string;
  now: Date;
}

export interface Command {
  /** What `--help` prints. */
  help: string;
  /** The options that take a value, such as `--output`. @default none */
  valued?: readonly string[];
  /** The exit code. @throws UsageError, Failure */
  run(args: readonly string[], world: World): Promise<number>;
}

/** Exit codes of every command. */
export const exit = { pass: 0, violation: 1, undetermined: 2 } as const;

/** The command was called in a way that cannot be meant. The message says what to write instead. */
export class UsageError extends Error {
  override name = "UsageError";

  /** Known by its name: a chunk of what ships has a class of its own. */
  static is(error: unknown): error is UsageError {
    return error instanceof Error && error.name === "UsageError";
  }
}

/** The command cannot do its work. The message names the thing, the reason and what to do next. */
export class Failure extends Error {
  override name = "Failure";

  /** Known by its name: a chunk of what ships has a class of its own. */
  static is(error: unknown): error is Failure {
    return error instanceof Error && error.name === "Failure";
  }
}

/** A one-line progress message on standard error when something takes longer than two seconds. */
export async function withProgress<T>(message: string, world: World, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => world.stderr.write(`${message}\n`), 2000);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
