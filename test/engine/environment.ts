/** The deployments that the survival tests interrupt. */
import { expect } from "vitest";
import { counts, secretValues } from "./cloud-file.ts";
import type { TestSandbox } from "./sandbox.ts";

/**
 * How many API calls of a first deployment are answered (two grants that meet on one policy add a refused one);
 * `refused.test.ts` holds it, so that no step is left out.
 */
export const firstCalls = 10;
/** What exists after it. */
export const deployed = { secrets: 1, versions: 1, grants: 2, accounts: 2, services: 2 };

/** How many API calls the update of `edit` makes. */
export const updateCalls = 5;
/** What exists after it. */
export const updated = { secrets: 1, versions: 2, grants: 3, accounts: 2, services: 2 };

/** An update that does everything an update can: a new version, a further grant, new revisions. */
export function edit(sandbox: TestSandbox): void {
  sandbox.configure("staging", (config) => {
    config["jwt-secret:secret"] = { source: "generated", current: 2, previous: 1 };
    config["jwt-secret:accessors"] = ["user:tests@example.com"];
  });
}

/** Runs the update again and expects all of it to be there once, with the values it had. */
export async function converges(
  sandbox: TestSandbox,
  expected: Record<string, number>,
  values: readonly string[] = [],
): Promise<void> {
  const again = await sandbox.run(["up"]);
  expect(again.stderr.replace(/^Cleared the lock of an update that was cut off.*\n/gm, "")).toBe("");
  expect(again.code).toBe(0);
  expect(counts(sandbox.home)).toEqual(expected);
  expect(secretValues(sandbox.home).slice(0, values.length)).toEqual(values);
}

/** Converges, and then there is nothing left to do. */
export async function settles(
  sandbox: TestSandbox,
  expected: Record<string, number>,
  values: readonly string[],
): Promise<void> {
  await converges(sandbox, expected, values);
  expect((await sandbox.run(["up"])).stdout).toContain("no changes (");
}
