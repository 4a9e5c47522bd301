/** Finds a stack that `npm start` deployed, and where its services answer: the sandbox's own files tell. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { StackError } from "./error.ts";
import type { DeployedStack } from "./stack.ts";
import { readState } from "./state.ts";

/** `running.json`, there while services run. */
const Running = z.object({
  pid: z.int().positive(),
  /** Secret Manager's REST API. */
  cloud: z.string(),
  services: z.array(z.object({ url: z.string(), address: z.string() })),
});

export interface SandboxStack extends DeployedStack {
  /** The address of the sandbox's Secret Manager. */
  secretManager: string;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function running(folder: string): z.infer<typeof Running> | undefined {
  const text = read(join(folder, "running.json"));
  if (text === undefined) return undefined;
  try {
    const parsed = Running.parse(JSON.parse(text));
    return isAlive(parsed.pid) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param folder The sandbox's folder.
 * @throws StackError when nothing runs there, or the stack is not deployed in it.
 */
export function readSandbox(name: string, folder: string): SandboxStack {
  const named = name === "staging" ? "" : ` ${name}`;
  const start = `start it with npm start --${named} --detach`;
  const found = running(folder);
  if (found === undefined) throw new StackError(`no services run in the sandbox: ${start}`);
  // The engine's local backend, in the layout of pkg/backend/diy (https://www.pulumi.com/docs/iac/concepts/state-and-backends/).
  const checkpoint = read(join(folder, "state", ".pulumi", "stacks", "jwt-secret", `${name}.json`));
  if (checkpoint === undefined) throw new StackError(`${name} is not deployed in the sandbox: ${start}`);
  const stack = readState(checkpoint, `the sandbox's state of ${name}`, name);
  const { authUrl, backendUrl, ...rest } = stack;
  const addressOf = (url: string | undefined) => found.services.find((one) => one.url === url)?.address;
  const [auth, backend] = [addressOf(authUrl), addressOf(backendUrl)];
  return {
    ...rest,
    ...(auth === undefined ? {} : { authUrl: auth }),
    ...(backend === undefined ? {} : { backendUrl: backend }),
    secretManager: found.cloud,
  };
}
