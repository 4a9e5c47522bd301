/** `jwt-secret smoke`: proves that tokens signed with the deployed version are accepted, and others are not. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { DocumentError } from "../../documents/error.ts";
import { decode } from "../../documents/input/decode.ts";
import { identityToken } from "../../google/credentials.ts";
import { reportOf, type SmokeVerdict } from "../../smoke/report.ts";
import { interrogate } from "../../smoke/run.ts";
import type { Target } from "../../smoke/target.ts";
import { readBytes } from "../check/read.ts";
import { type Command, exit, Failure, UsageError, type World, withProgress } from "../command.ts";
import { type Located, locate, readKey } from "../key/locate.ts";
import { demandProduction } from "../key/production.ts";
import { help } from "./help.ts";
import { addressesOf } from "./hosts.ts";
import { readOptions, type SmokeOptions } from "./options.ts";
import { writers } from "./writers.ts";

const codes: Record<SmokeVerdict, number> = {
  accepted: exit.pass,
  rejected: exit.violation,
  undetermined: exit.undetermined,
};

async function bodyOf(file: string, world: World): Promise<string> {
  try {
    const text = decode(await readBytes(file, world), file);
    JSON.parse(text);
    return text;
  } catch (error) {
    if (error instanceof DocumentError) throw new Failure(error.describe());
    throw new Failure(`${file} is not JSON: write what auth's endpoint takes`);
  }
}

/** What the sandbox's own services serve; what somebody else's do, only they can say. */
const sandboxPaths: Readonly<Record<"auth-token-path" | "auth-validate-path" | "remote-path", string>> = {
  "auth-token-path": "/token",
  "auth-validate-path": "/validate",
  "remote-path": "/remote",
};

async function targetOf(located: Located, options: SmokeOptions, world: World): Promise<Omit<Target, "key">> {
  if (options["no-websocket"] && options["no-http"])
    throw new UsageError("--no-websocket and --no-http leave nothing to ask");
  const body = options["auth-token-body"];
  const pathOf = (name: keyof typeof sandboxPaths) =>
    options[name] ?? (located.sandbox ? sandboxPaths[name] : undefined);
  const tokenPath = pathOf("auth-token-path");
  const validatePath = pathOf("auth-validate-path");
  const remotePath = pathOf("remote-path");
  return {
    ...addressesOf(located, options),
    version: located.version.full,
    ...(options["no-websocket"] ? {} : { websocketPath: options["websocket-path"] ?? "/ws" }),
    ...(options["no-http"] ? {} : { httpPath: options["http-path"] ?? "/me" }),
    ...(remotePath === undefined ? {} : { remotePath }),
    websocketToken: options["websocket-token"],
    subprotocols: options.subprotocol,
    ...(tokenPath === undefined
      ? {}
      : {
          authToken: {
            path: tokenPath,
            method: options["auth-token-method"],
            ...(body === undefined ? {} : { body: await bodyOf(body, world) }),
          },
        }),
    ...(validatePath === undefined ? {} : { validatePath }),
    subject: options.subject ?? "smoke-test",
    claims: options.claim,
    timeout: options.timeout * 1000,
    settle: options.settle * 1000,
    wait: options.wait * 1000,
    ...(options["no-identity-token"] ? {} : { identity: identityToken }),
  };
}

function print(text: string, { output }: SmokeOptions, world: World): void {
  if (output === undefined) {
    world.stdout.write(text);
    return;
  }
  try {
    writeFileSync(resolve(world.directory, output), text);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw new Failure(
      `${output}: the report cannot be written there (${code}): name another file with --output`,
    );
  }
}

async function run(args: readonly string[], world: World): Promise<number> {
  const options = readOptions(args);
  const located = await locate(options, world);
  demandProduction(
    located,
    options.production,
    "its key is read to sign tokens; if that is meant, add --production",
  );
  const target = await targetOf(located, options, world);
  const key = await readKey(located, world);
  const findings = await withProgress(`Asking ${target.backend.host} ...`, world, () =>
    interrogate({ ...target, key }),
  );
  const report = reportOf(findings, { ...target, key }, located.stack?.name);
  const { stdout, env } = world;
  const colour =
    options.output === undefined && stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  print(writers[options.format](report, colour), options, world);
  return codes[report.verdict];
}

export const command: Command = { help, run };
