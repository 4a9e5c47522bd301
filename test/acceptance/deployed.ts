/** A deployed environment for tests of the operators' commands: its secret in the sandbox's cloud, its outputs in a state. */
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect } from "vitest";
import { TestCloud } from "../../sandbox/cloud/testing.ts";
import { main } from "../../src/cli.ts";
import type { Ran } from "./command.ts";

/** Runs the command line in this process, which spares a table of cases most of its time. */
export async function runHere(
  directory: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Ran> {
  const written = { stdout: "", stderr: "" };
  const into = (name: "stdout" | "stderr") => ({
    write(text: string) {
      written[name] += text;
    },
  });
  const stdin = Readable.from([]);
  const world = { stdin, stdout: into("stdout"), stderr: into("stderr"), env, directory, now: new Date() };
  return { code: await main(args, world), ...written };
}

/** A state whose stack has these outputs. */
export function stateOf(outputs: Record<string, unknown>, stack = "staging"): object {
  const type = "pulumi:pulumi:Stack";
  const urn = `urn:pulumi:${stack}::jwt-secret::${type}::jwt-secret-${stack}`;
  return { version: 3, deployment: { resources: [{ urn, type, outputs }] } };
}

export const secretName = "projects/demo-staging/secrets/jwt-secret-staging";
export const versionName = (version: number) => `${secretName}/versions/${version}`;

/** A cloud with one secret of two versions, for all tests of a file. */
export function deployed() {
  const keys = [randomBytes(48).toString("base64url"), randomBytes(48).toString("base64url")] as const;
  let cloud: TestCloud | undefined;
  const theCloud = () => {
    if (cloud === undefined) throw new Error("the cloud has not started");
    return cloud;
  };
  beforeAll(async () => {
    cloud = await TestCloud.start();
    await cloud.secret("jwt-secret-staging", keys[0]);
    await cloud.addVersion("jwt-secret-staging", keys[1]);
  });
  afterAll(async () => await cloud?.[Symbol.asyncDispose]());
  return {
    get cloud() {
      return theCloud();
    },
    /** The key of a version, as services get it. */
    key: (version: 1 | 2) => Buffer.from(keys[version - 1] ?? ""),
    /** The environment variables that lead to the cloud, and to no Google credentials. */
    get env(): Record<string, string> {
      return { SECRET_MANAGER_ENDPOINT: theCloud().cloud.url, METADATA_SERVER_DETECTION: "none" };
    },
    /** Fails when a key is in what was printed, in clear or encoded. */
    keepsSecret({ stdout, stderr }: Ran): void {
      for (const key of keys) {
        for (const form of [key, Buffer.from(key).toString("base64"), Buffer.from(key).toString("hex")]) {
          expect(`${stdout}${stderr}`.includes(form), "the key is printed").toBe(false);
        }
      }
    },
  };
}

/** What a slow run says while it waits is no error. */
export const withoutProgress = (stderr: string) => stderr.replaceAll(/^\w[^\n]* \.\.\.\n/gmu, "");

/** One line on standard error, nothing on standard output, exit code 2. */
export function expectLine(
  { code, stdout, stderr }: Ran,
  command: string,
  ...parts: (string | RegExp)[]
): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(withoutProgress(stderr)).toMatch(new RegExp(`^jwt-secret ${command}: [^\\n]+\\n$`, "u"));
  for (const part of parts) expect(stderr).toMatch(part);
}
