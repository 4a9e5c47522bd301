/** The plan that was reviewed is the plan that is applied: digests and plans on the real engine. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { run } from "../../sandbox/engine/run.ts";
import { root } from "../../sandbox/home.ts";
import { secretValues } from "./cloud-file.ts";
import { edit } from "./environment.ts";
import { TestSandbox } from "./sandbox.ts";

const sandbox = new TestSandbox();
afterAll(() => sandbox.remove());

const plan = join(sandbox.folder, "plan.json");
const Planned = z.object({
  reviewed: z.string(),
  again: z.string(),
  after: z.string(),
  changes: z.record(z.string(), z.number()),
});

async function deployed() {
  const args = [join(root, "test", "engine", "planned.ts"), sandbox.home, sandbox.source, plan];
  const ran = await run(process.execPath, args, { env: { ...process.env, NODE_NO_WARNINGS: "1" } });
  expect(ran.code, ran.stderr.slice(-2000)).toBe(0);
  return Planned.parse(JSON.parse(ran.stdout));
}

test("a first deployment and a rotation go through by the plan of the preview that was reviewed", async () => {
  const first = await deployed();
  expect(first.changes).toEqual({ create: expect.any(Number) });
  expect(first.again).toBe(first.reviewed);
  // What was reviewed is not what there is to do once it is done.
  expect(first.after).not.toBe(first.reviewed);

  edit(sandbox);
  const rotation = await deployed();
  expect(rotation.changes).toMatchObject({ update: 2, create: expect.any(Number) });
  expect(rotation.again).toBe(rotation.reviewed);
  expect(rotation.reviewed).not.toBe(first.after);

  // Why a plan is never uploaded: it holds the live key, as ciphertext.
  const text = readFileSync(plan, "utf8");
  const values = secretValues(sandbox.home);
  expect(values).toHaveLength(2);
  expect(values.filter((value) => text.includes(value))).toEqual([]);
  expect(text).toContain('"ciphertext"');
});
