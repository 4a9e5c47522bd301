/** What a command of the pipeline runs in and with: its surroundings, its arguments, the programs it calls. */
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { type ParseArgsConfig, parseArgs } from "node:util";
import type { z } from "zod";

/** The surroundings, so that tests can give others. */
export interface World {
  env: Readonly<Record<string, string | undefined>>;
  /** The working directory: the project's folder. */
  directory: string;
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

/** A command of the pipeline. */
export interface Command {
  /** What `--help` prints. */
  help: string;
  /** The exit code. @throws Failure */
  run(args: readonly string[], world: World): Promise<number>;
}

/** An expected failure: one line that names the thing, the reason and what to do next. Exit code 2. */
export class Failure extends Error {
  override name = "Failure";
}

/** Reads a command's options by a zod schema; every option takes a value. @throws Failure */
export function readOptions<S extends z.ZodType>(
  schema: S,
  args: readonly string[],
  options: NonNullable<ParseArgsConfig["options"]>,
): z.output<S> {
  let values: unknown;
  try {
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (error) {
    const [message = "wrong options"] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new Failure(`${message} (--help names the options)`);
  }
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Failure(
    `--${String(issue?.path[0])}: ${issue?.message ?? "is wrong"} (--help names the options)`,
  );
}

/** What a program said. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, never through a shell; its standard error is shown as it comes. @throws Failure */
export function run(command: string, args: readonly string[], world: World): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: world.directory,
      env: { ...world.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
      world.stderr.write(chunk);
    });
    child.on("error", () =>
      reject(new Failure(`${command} cannot be started: install it, or put it on PATH`)),
    );
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/** Appends to a file that GitHub Actions names in a variable (`GITHUB_OUTPUT`, `GITHUB_STEP_SUMMARY`), where it does. */
export function tellActions(world: World, variable: "GITHUB_OUTPUT" | "GITHUB_STEP_SUMMARY", text: string) {
  const file = world.env[variable];
  if (file !== undefined && file !== "") appendFileSync(file, text);
}
