import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readCalls } from "./cloud-file.ts";
import { converges, deployed, edit, firstCalls, updateCalls, updated } from "./environment.ts";
import { TestSandbox } from "./sandbox.ts";

let sandbox: TestSandbox;
beforeEach(() => {
  sandbox = new TestSandbox({ policyPack: false });
});
afterEach(() => sandbox.remove());

test("the deployments that are interrupted make as many calls as there are tests", async () => {
  const log = join(sandbox.folder, "calls");
  await sandbox.run(["up"], { callLog: log });
  const first = readCalls(log);
  expect(first.filter(({ status }) => status === 200)).toHaveLength(firstCalls);
  edit(sandbox);
  await sandbox.run(["up"], { callLog: log });
  const update = readCalls(log).slice(first.length);
  expect(update.filter(({ status }) => status === 200)).toHaveLength(updateCalls);
  await converges(sandbox, updated);
});

describe.each(["429", "500", "503", "timeout", "drop"] as const)(
  "an API call that fails once with %s",
  (kind) => {
    const steps = Array.from({ length: firstCalls }, (_, index) => index + 1);

    test.each(steps)("as call %i: the error names the resource, and a second run converges", async (at) => {
      const failed = await sandbox.run(["up"], { faults: [{ at, do: kind }] });
      expect(failed.code).toBe(1);
      expect(failed.stderr).toMatch(/^error (auth|backend|jwt-secret)[\w-]*: .+/m);
      expect(failed.stderr).not.toMatch(/^ +at /m);
      await converges(sandbox, deployed);
    });
  },
);
