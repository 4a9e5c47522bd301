import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { secretValues } from "./cloud-file.ts";
import { edit, settles, updateCalls, updated } from "./environment.ts";
import { TestSandbox } from "./sandbox.ts";

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = new TestSandbox({ policyPack: false });
  expect(await sandbox.run(["up"])).toMatchObject({ code: 0 });
  edit(sandbox);
});
afterEach(() => sandbox.remove());

describe("an update that is killed converges when it is run again, with the same values and nothing twice", () => {
  const steps = Array.from({ length: updateCalls }, (_, index) => index + 1);

  test.each(steps)("killed after its call %i took effect", async (at) => {
    const killed = await sandbox.run(["up"], { faults: [{ at, do: "kill-after" }] });
    expect(killed.code).toBeNull();
    await settles(sandbox, updated, secretValues(sandbox.home));
  });
});
