import { expect, test } from "vitest";
import { only, service, staging, verdictOf } from "../baseline.ts";
import type { Environment, Service, Serving } from "../facts.ts";
import { servingWhatIsDescribed as rule } from "./serving-what-is-described.ts";

const sound: Serving = { latestCreated: "auth-2", latestReady: "auth-2", traffic: [{ percent: 100 }] };
const live = (change: Partial<Serving> = {}, more: Partial<Service> = {}): Environment =>
  staging({ services: [service("auth", { serving: { ...sound, ...change }, ...more }), service("backend")] });

test.each<[string, Partial<Serving>]>([
  ["to the latest ready revision", {}],
  ["to that revision by its name", { traffic: [{ percent: 100, revision: "auth-2" }] }],
  ["to it in two parts", { traffic: [{ percent: 40 }, { percent: 60, revision: "auth-2" }] }],
  ["to it, with tags on others", { traffic: [{ percent: 0, revision: "auth-1" }, { percent: 100 }] }],
])("all traffic %s holds", (_what, change) => {
  expect(verdictOf(rule, live(change))).toBe("holds");
});

test.each<[string, Partial<Serving>, string]>([
  [
    "traffic elsewhere",
    { traffic: [{ percent: 90 }, { percent: 10, revision: "auth-1" }] },
    "10 % of its traffic goes to auth-1, not to auth-2",
  ],
  [
    "a revision that is not ready",
    { latestCreated: "auth-3" },
    "its latest revision auth-3 is not ready, auth-2 is",
  ],
  [
    "a status that is behind",
    { stale: "the status is of an older generation" },
    "the status is of an older generation",
  ],
  ["no traffic in the status", { traffic: undefined }, "its status shows no traffic"],
  ["an empty list of traffic", { traffic: [] }, "accounts for 0 % of the traffic"],
  ["a part of the traffic", { traffic: [{ percent: 60 }] }, "accounts for 60 % of the traffic"],
  ["no latest ready revision", { latestReady: undefined }, "names no latest revision"],
  ["no latest created revision", { latestCreated: undefined }, "names no latest revision"],
  ["no revisions at all", { latestCreated: undefined, latestReady: undefined }, "names no latest revision"],
])("%s is undetermined", (_what, change, reason) => {
  const finding = only(rule, live(change));
  expect(finding).toMatchObject({
    rule: "serving-what-is-described",
    verdict: "undetermined",
    services: ["auth"],
  });
  expect(finding.message).toContain(`Whether auth serves what its description says cannot be told (`);
  expect(finding.message).toContain(reason);
  expect(finding.fix).toBe("Send all traffic of auth to its latest ready revision, then describe it again.");
});

test.each(["It is behind. By 2", "It is behind. By 2.", "It is behind. By 2.\n "])(
  "the reason %j ends no sentence in the middle of another",
  (stale) => {
    expect(only(rule, live({ stale })).message).toBe(
      "Whether auth serves what its description says cannot be told (It is behind. By 2).",
    );
  },
);

test.each<[Partial<Serving>, string]>([
  [
    { traffic: [{ percent: 100, revision: "auth-1" }] },
    "100 % of its instance split goes to auth-1, not to auth-2",
  ],
  [{ traffic: undefined }, "its status shows no instance split"],
  [{ traffic: [] }, "its status accounts for 0 % of the instance split"],
])("a worker pool has instances where a service has traffic: %j", (change, reason) => {
  const pool = service("worker", { kind: "workerPool", serving: { ...sound, ...change } });
  const finding = only(rule, staging({ services: [service("auth"), service("backend"), pool] }));
  expect(finding).toMatchObject({ verdict: "undetermined", services: ["worker"] });
  expect(finding.message).toContain(reason);
  expect(finding.fix).toBe(
    "Send all instances of worker to its latest ready revision, then describe it again.",
  );
});

test("a worker pool whose instances are all of the latest ready revision holds", () => {
  const pool = service("worker", { kind: "workerPool", serving: sound });
  expect(verdictOf(rule, staging({ services: [service("auth"), service("backend"), pool] }))).toBe("holds");
});

test("a lone revision is undetermined: it does not tell whether it gets traffic", () => {
  const finding = only(
    rule,
    staging({ services: [service("auth"), service("backend", { kind: "revision" })] }),
  );
  expect(finding).toMatchObject({ verdict: "undetermined", services: ["backend"] });
  expect(finding.fix).toContain("Give the document of the service backend too");
});

test("services that no document shows live, and those that carry no JWT variable, do not matter", () => {
  expect(verdictOf(rule, staging())).toBe("not applicable");
  const bystander = service("worker", { containers: [], serving: { stale: "behind" } });
  expect(verdictOf(rule, staging({ services: [service("auth"), service("backend"), bystander] }))).toBe(
    "not applicable",
  );
});
