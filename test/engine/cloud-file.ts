/** What a test reads from the sandbox's cloud, straight from its file. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { emptyState, stateSchema } from "../../sandbox/cloud/state.ts";

export type CloudFile = z.infer<typeof stateSchema>;

/** The cloud of the sandbox in `home`; empty before its first call. */
export function readCloud(home: string): CloudFile {
  const path = join(home, "cloud", "cloud.json");
  if (!existsSync(path)) return emptyState();
  return stateSchema.parse(JSON.parse(readFileSync(path, "utf8")));
}

/** What exists, as text to compare; without the marks by which the sandbox's providers know what they just made. */
export function resourcesIn(home: string): string {
  return JSON.stringify(readCloud(home), (key, value) => (key === "mark" ? undefined : value), 1);
}

/** The values of all versions of all secrets: what must be nowhere else. */
export function secretValues(home: string): string[] {
  return Object.values(readCloud(home).secrets).flatMap(({ versions }) =>
    versions.flatMap(({ data }) =>
      data === undefined ? [] : [Buffer.from(data, "base64").toString("utf8")],
    ),
  );
}

/** How many of each kind exist: what exists twice shows here. */
export function counts(home: string): Record<string, number> {
  const { secrets, accounts, services } = readCloud(home);
  return {
    secrets: Object.keys(secrets).length,
    versions: Object.values(secrets).reduce((sum, secret) => sum + secret.versions.length, 0),
    grants: Object.values(secrets).reduce((sum, secret) => sum + secret.policy.grants.length, 0),
    accounts: Object.keys(accounts).length,
    services: Object.keys(services).length,
  };
}

const Call = z.object({ number: z.number(), method: z.string(), path: z.string(), status: z.number() });
export type Call = z.infer<typeof Call>;

/** The API calls in a call log, in order. */
export function readCalls(path: string): Call[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Call.parse(JSON.parse(line)));
}

/** Calls that change something: a failure between two of them is what a crash can leave behind. */
export function changing(calls: readonly Call[]): Call[] {
  return calls.filter(({ method }) => method !== "GET");
}
