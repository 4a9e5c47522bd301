/** A rotation on the real engine with running services, while tokens are signed and checked all the time. */
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Fault } from "../../sandbox/cloud/index.ts";
import { Bed, type Ran } from "../../sandbox/rotation/bed.ts";
import { type Load, startLoad } from "../../sandbox/rotation/load.ts";
import { configureFor, deploy, expectCode, rotate, rotateUnderLoad } from "../../sandbox/rotation/steps.ts";
import { problemOf } from "../../sandbox/rotation/ways.ts";
import { main } from "../../src/cli.ts";
import { margin } from "../../src/commands/rotate/wait.ts";

/** Seconds a token lives. */
const lifetime = 4;
const checks = 3000;

let bed: Bed;
let load: Load;
beforeAll(async () => {
  bed = new Bed({ configure: configureFor(lifetime) });
  expectCode(await bed.up(), "the first pulumi up", 0);
  load = await startLoad({ ...bed.addresses(), lifetime, rate: 150 });
});
afterAll(async () => {
  await load?.stop();
  await bed.remove();
});

/** Nothing so far was refused, and nothing was left without an answer. */
const nobodyNoticed = () => expect(load.total).toMatchObject({ refused: 0, failed: 0 });
afterEach(({ task }) => {
  if (!task.name.includes("notices")) nobodyNoticed();
});

/** The command a moment later than it is by as much as the margin, which is for clocks and traffic that differ. */
async function finish(): Promise<Ran> {
  let [stdout, stderr] = ["", ""];
  const code = await main(["rotate", "finish", "--stack", "staging", "--state", await bed.state()], {
    stdin: Readable.from([]),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: {},
    directory: bed.source,
    now: new Date(Date.now() + margin * 1000),
  });
  return { code, stdout, stderr };
}

test("a whole rotation, with scale-out and rollback, refuses no token", async () => {
  await rotateUnderLoad(bed, load, { lifetime, finish });
  await load.more(Math.max(1, checks - load.total.all));
  nobodyNoticed();
});

const patch = (role: string): Fault["at"] => ({ method: "PATCH", path: `/${role}-staging$` });
const version = (verb: string): Fault["at"] => ({ method: "POST", path: `:${verb}$` });

/** Updates that are cut off one after the other, each at a later call than the one before, and one that is not. */
async function interrupted(step: string, faults: readonly Fault[]): Promise<void> {
  // The policy pack has its say in the rotation above.
  for (const fault of faults) {
    expect((await bed.up({ faults: [fault], policyPack: false })).code, JSON.stringify(fault)).not.toBe(0);
    nobodyNoticed();
  }
  await deploy(bed, load, step, { policyPack: false });
}

test("a start that is cut off at each of its calls converges, and refuses no token", async () => {
  await rotate(bed, "start", "--state", await bed.state());
  await interrupted("start", [
    { at: version("addVersion"), do: "kill-after" },
    { at: patch("backend"), do: "kill-after" },
    { at: patch("auth"), do: "kill-after" },
  ]);
  expect((await bed.rotate(["status", "--state", await bed.state()])).stdout).toContain("is still accepted");
});

test("a finish that is cut off at each of its calls converges, and refuses no token", async () => {
  await load.during(lifetime + 1);
  expectCode(await finish(), "rotate finish", 0);
  await interrupted("finish", [
    { at: patch("backend"), do: "kill-after" },
    { at: patch("auth"), do: "503" },
    { at: version("disable"), do: "drop" },
  ]);
  expect((await bed.rotate(["status", "--state", await bed.state()])).stdout).toContain(
    "no rotation is under way",
  );
});

test("the same load notices a version that is swapped at once", async () => {
  nobodyNoticed();
  bed.configure((config) => {
    config["jwt-secret:secret"] = { source: "generated", current: 9 };
  });
  await deploy(bed, load, "swap");
  await load.during(1);
  expect(load.total.refused).toBeGreaterThan(0);
  const result = await load.stop();
  const way = { name: "rotation", title: "", run: () => Promise.reject(new Error("is not run")) };
  expect(problemOf({ ...way, refuses: false }, result, checks)).toMatch(/tokens were refused/);
  expect(problemOf({ ...way, refuses: true }, result, checks)).toBeUndefined();
});
