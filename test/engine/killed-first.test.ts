import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { secretValues } from "./cloud-file.ts";
import { converges, deployed, firstCalls } from "./environment.ts";
import { TestSandbox } from "./sandbox.ts";

let sandbox: TestSandbox;
beforeEach(() => {
  sandbox = new TestSandbox();
});
afterEach(() => sandbox.remove());

/** The values that are there after a kill; the cloud may not have been written to yet. */
function valuesSoFar(): string[] {
  try {
    return secretValues(sandbox.home);
  } catch {
    return [];
  }
}

describe("a first deployment that is killed converges when it is run again, with the same value and nothing twice", () => {
  const steps = Array.from({ length: firstCalls }, (_, index) => index + 1);

  test("killed before its first call", async () => {
    const killed = await sandbox.run(["up"], { faults: [{ at: 1, do: "kill-before" }] });
    expect(killed.code).toBeNull();
    await converges(sandbox, deployed, []);
  });

  test.each(steps)("killed after its call %i took effect", async (at) => {
    const killed = await sandbox.run(["up"], { faults: [{ at, do: "kill-after" }] });
    expect(killed.code).toBeNull();
    await converges(sandbox, deployed, valuesSoFar());
  });
});
