import { expect, test } from "vitest";
import type { Fault } from "./faults.ts";
import { TestCloud } from "./testing.ts";

const create = (cloud: TestCloud, accountId: string) =>
  cloud.call("POST", "/v1/projects/demo-staging/serviceAccounts", { accountId });
const until = { timeout: 30_000 };
const emails = (cloud: TestCloud) => cloud.cloud.describe().accounts.length;

test.each([
  ["429", "RESOURCE_EXHAUSTED"],
  ["500", "INTERNAL"],
  ["503", "UNAVAILABLE"],
] as const)("the second call fails with %s, once, and does nothing", async (code, status) => {
  await using cloud = await TestCloud.start({ faults: { at: 2, do: code } });
  expect(await create(cloud, "account-1")).toMatchObject({ status: 200 });
  expect(await create(cloud, "account-2")).toMatchObject({
    status: Number(code),
    body: { error: { status } },
  });
  expect(emails(cloud)).toBe(1);
  expect(await create(cloud, "account-2")).toMatchObject({ status: 200 });
});

test.each([
  [true, 1],
  [false, 0],
])("a dropped connection (effect: %s) loses the answer", async (effect, made) => {
  await using cloud = await TestCloud.start({
    faults: { at: { path: "serviceAccounts$" }, do: "drop", effect },
  });
  await expect(create(cloud, "account-1")).rejects.toThrow();
  expect(emails(cloud)).toBe(made);
});

test("a call that times out took effect and is never answered", async () => {
  const lost: number[] = [];
  await using cloud = await TestCloud.start({
    faults: { at: 1, do: "timeout" },
    onCall: ({ status }) => lost.push(status),
  });
  const abort = new AbortController();
  const answer = fetch(`${cloud.cloud.url}/v1/projects/demo-staging/serviceAccounts`, {
    method: "POST",
    body: JSON.stringify({ accountId: "account-1" }),
    signal: abort.signal,
  });
  await expect.poll(() => emails(cloud), until).toBe(1);
  expect(lost).toEqual([0]);
  abort.abort();
  await expect(answer).rejects.toThrow();
});

test.each([
  ["kill-before", 0],
  ["kill-after", 1],
] as const)("%s runs the callback at its moment", async (what, made) => {
  let killed = -1;
  const faults: Fault = { at: { method: "POST", path: "." }, do: what };
  await using cloud = await TestCloud.start({ faults, onKill: () => (killed = emails(cloud)) });
  create(cloud, "account-1").catch(() => undefined);
  await expect.poll(() => killed, until).toBe(made);
});

test("a plan that is not one is refused", async () => {
  const plan = JSON.parse('{"at":0,"do":"503"}');
  await expect(TestCloud.start({ faults: plan })).rejects.toThrow(/^faults is not a fault plan/);
});
