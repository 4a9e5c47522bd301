/** From the flags to the one version that the tokens are signed with, and from there to its bytes. */
import { resolve } from "node:path";
import { DocumentError } from "../../documents/error.ts";
import { decode } from "../../documents/input/decode.ts";
import { callerHeaders } from "../../google/credentials.ts";
import { type Endpoint, endpointFrom, standIn } from "../../google/endpoint.ts";
import { GoogleError } from "../../google/error.ts";
import { accessVersion } from "../../google/secret-manager.ts";
import { readVersionName, type VersionName } from "../../google/version-name.ts";
import { StackError } from "../../stacks/error.ts";
import { askPulumi } from "../../stacks/pulumi.ts";
import { readSandbox } from "../../stacks/sandbox.ts";
import type { DeployedStack } from "../../stacks/stack.ts";
import { readState } from "../../stacks/state.ts";
import { readBytes } from "../check/read.ts";
import { Failure, UsageError, type World, withProgress } from "../command.ts";
import type { KeyValues } from "./arguments.ts";

/** Names the folder of a sandbox that is not `.sandbox`; set, it stands for `--sandbox`. */
export const sandboxVariable = "SANDBOX_FOLDER";

export interface Located {
  /** Undefined where the version alone was given. */
  stack?: DeployedStack;
  version: VersionName;
  endpoint: Endpoint;
  /** Whether it is the sandbox's. */
  sandbox: boolean;
}

function endpointOf(world: World): Endpoint {
  try {
    return endpointFrom(world.env);
  } catch (error) {
    throw error instanceof Error ? new Failure(error.message) : error;
  }
}

function pinned(stack: DeployedStack): VersionName {
  const version = readVersionName(stack.version);
  if (version !== undefined) return version;
  throw new Failure(
    `the stack ${stack.name} says that it deploys ${stack.version}, which is not one numbered version: ` +
      "name the version with --secret-version",
  );
}

async function stackFrom(values: KeyValues, world: World): Promise<DeployedStack> {
  const { stack, state } = values;
  if (stack === undefined)
    throw new UsageError(
      "needs --stack NAME, --sandbox, or --secret-version with the full name of a version",
    );
  if (state === undefined)
    return await withProgress(`Asking pulumi what ${stack} deploys ...`, world, () =>
      askPulumi(stack, world.directory),
    );
  const file = state === "-" ? "standard input" : state;
  return readState(decode(await readBytes(state, world), file), file, stack);
}

async function find(values: KeyValues, world: World): Promise<Located> {
  const named = values["secret-version"];
  const folder = world.env[sandboxVariable];
  const sandbox = values.sandbox || (folder !== undefined && folder !== "" && values.state === undefined);
  if (sandbox && values.state !== undefined) throw new UsageError("takes --sandbox or --state, not both");
  if (sandbox) {
    const where = resolve(world.directory, folder === undefined || folder === "" ? ".sandbox" : folder);
    const { secretManager, ...stack } = readSandbox(values.stack ?? "staging", where);
    const endpoint = standIn(secretManager, "the sandbox's cloud");
    return { stack, version: named ?? pinned(stack), endpoint, sandbox };
  }
  const endpoint = endpointOf(world);
  if (named !== undefined && values.stack === undefined && values.state === undefined)
    return { version: named, endpoint, sandbox };
  const stack = await stackFrom(values, world);
  return { stack, version: named ?? pinned(stack), endpoint, sandbox };
}

/** @throws Failure, UsageError */
export async function locate(values: KeyValues, world: World): Promise<Located> {
  try {
    return await find(values, world);
  } catch (error) {
    if (error instanceof DocumentError) throw new Failure(error.describe());
    throw error instanceof StackError ? new Failure(error.message) : error;
  }
}

/** The bytes of the version, as services get them. @throws Failure */
export async function readKey({ version, endpoint }: Located, world: World): Promise<Uint8Array> {
  try {
    return await withProgress(`Reading ${version.full} ...`, world, async () =>
      accessVersion(version, { endpoint, headers: await callerHeaders(endpoint, world.env) }),
    );
  } catch (error) {
    throw error instanceof GoogleError ? new Failure(error.message) : error;
  }
}
