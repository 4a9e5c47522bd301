/** Gets the stack's state: from a file the user names, or from Pulumi. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DocumentError } from "../../documents/error.ts";
import { decode } from "../../documents/input/decode.ts";
import { readBytes } from "../check/read.ts";
import { Failure, type World, withProgress } from "../command.ts";
import type { RotateOptions } from "./options.ts";
import { commandsOf } from "./places.ts";

/** A state, parsed, and how messages call it. */
export interface StateDocument {
  readonly file: string;
  readonly value: unknown;
}

const otherwise = "or give it with --state FILE (pulumi stack export > FILE)";

/** @throws Failure when there is no state to be had, with the reason */
export async function readState(options: RotateOptions, world: World): Promise<StateDocument> {
  const { stack, environment, sandbox, state: file } = options;
  if (file !== undefined) return { file: named(file), value: parsed(await textOf(file, world), named(file)) };
  if (sandbox) return sandboxState(environment, world);
  const name = `the state of ${stack}`;
  const text = await withProgress(`Asking Pulumi for ${name} ...`, world, () => exported(stack, world));
  return { file: name, value: parsed(text, name) };
}

/**
 * The checkpoint of the sandbox's local backend, in the layout of pulumi's pkg/backend/diy. `SANDBOX_FOLDER` names a
 * sandbox that is not `.sandbox`.
 */
function sandboxState(environment: string, world: World): StateDocument {
  const folder = resolve(world.directory, world.env.SANDBOX_FOLDER || ".sandbox");
  const name = `the sandbox's state of ${environment}`;
  let text: string;
  try {
    text = readFileSync(
      join(folder, "state", ".pulumi", "stacks", "jwt-secret", `${environment}.json`),
      "utf8",
    );
  } catch {
    const { deploy } = commandsOf({ environment, sandbox: true });
    throw new Failure(`${environment} is not deployed in the sandbox: deploy it with ${deploy}`);
  }
  return { file: name, value: parsed(text, name) };
}

const named = (file: string): string => (file === "-" ? "standard input" : file);

async function textOf(file: string, world: World): Promise<string> {
  try {
    return decode(await readBytes(file, world), named(file));
  } catch (error) {
    throw error instanceof DocumentError ? new Failure(error.describe()) : error;
  }
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(`${file} is not JSON: give what \`pulumi stack export\` prints`);
  }
}

/** `pulumi stack export`: values stay encrypted, and nothing is changed. */
function exported(stack: string, world: World): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", ["stack", "export", "--non-interactive", "--stack", stack], {
      cwd: world.directory,
      env: { ...world.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", () => reject(new Failure(`pulumi is not on PATH: install it, ${otherwise}`)));
    child.on("close", (code) => {
      if (code === 0) return resolve(stdout);
      const line = stderr.split("\n").find((one) => one.startsWith("error:")) ?? `it ended with ${code}`;
      reject(
        new Failure(
          `pulumi stack export gave no state (${line.replace(/^error: */u, "")}): mend that, ${otherwise}`,
        ),
      );
    });
  });
}
