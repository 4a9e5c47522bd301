import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { secretValues } from "./cloud-file.ts";
import { deployed, firstCalls, settles } from "./environment.ts";
import { TestSandbox } from "./sandbox.ts";

let sandbox: TestSandbox;
beforeEach(() => {
  sandbox = new TestSandbox({ policyPack: false });
});
afterEach(() => sandbox.remove());

describe("a first deployment that is killed converges when it is run again, with the same value and nothing twice", () => {
  const steps = Array.from({ length: firstCalls }, (_, index) => index + 1);

  test("killed before its first call", async () => {
    const killed = await sandbox.run(["up"], { faults: [{ at: 1, do: "kill-before" }] });
    expect(killed.code).toBeNull();
    await settles(sandbox, deployed, []);
  });

  test.each(steps)("killed after its call %i took effect", async (at) => {
    const killed = await sandbox.run(["up"], { faults: [{ at, do: "kill-after" }] });
    expect(killed.code).toBeNull();
    await settles(sandbox, deployed, secretValues(sandbox.home));
  });
});
