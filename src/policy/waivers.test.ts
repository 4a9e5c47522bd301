import { expect, test } from "vitest";
import type { Finding } from "./rule.ts";
import { type WaiverInput, Waivers, weigh } from "./waivers.ts";

const finding: Finding = {
  rule: "accessor-granted",
  verdict: "violation",
  message: "",
  fix: "",
  services: ["auth"],
};
const waiver: WaiverInput = {
  rule: "accessor-granted",
  target: "auth",
  reason: "granted by hand",
  expires: "2026-03-31",
};
const weighed = (change: Partial<WaiverInput> = {}, today = "2026-03-31") =>
  weigh(Waivers.parse([{ ...waiver, ...change }]), today);

test("a waiver covers its finding with its reason, its last day included", () => {
  const one = weighed();
  expect(one.cover(finding, "staging")).toEqual({ reason: "granted by hand", expires: "2026-03-31" });
  expect(one.notes()).toEqual([]);
});

test.each(["auth", "staging", "staging/auth"])("the target %s means it", (target) => {
  expect(weighed({ target }).cover(finding, "staging")).toBeDefined();
});

test.each(["backend", "production", "production/auth", "staging/backend", "undefined/auth", "aut"])(
  "the target %s does not",
  (target) => {
    const one = weighed({ target });
    expect(one.cover(finding, target.startsWith("undefined") ? undefined : "staging")).toBeUndefined();
    expect(one.notes()).toEqual([
      `The waiver of accessor-granted for ${target} covers nothing and can be removed.`,
    ]);
  },
);

test("a waiver of another rule does not cover", () => {
  expect(weighed({ rule: "environment-agrees" }).cover(finding, "staging")).toBeUndefined();
});

test("the day after, it has lapsed, and a note says so", () => {
  const one = weighed({}, "2026-04-01");
  expect(one.cover(finding, "staging")).toBeUndefined();
  expect(one.notes()).toEqual([
    "The waiver of accessor-granted for auth lapsed after 2026-03-31: what it covered counts again.",
  ]);
});

test.each(["2026-02-30", "31.12.2030", "2030-1-1", "2030-12-31T00:00:00Z", "never", "", 2030, "99999"])(
  "the expiry %j is no date: lapsed",
  (expires) => {
    const one = weighed({ expires });
    expect(one.cover(finding, "staging")).toBeUndefined();
    expect(one.notes()[0]).toContain("has lapsed: its expiry");
  },
);

test("the four rules cannot be waived", () => {
  const one = weighed({ rule: "same-jwt-secret" });
  expect(one.cover({ ...finding, rule: "same-jwt-secret" }, "staging")).toBeUndefined();
  expect(one.notes()).toEqual([
    "The waiver of same-jwt-secret for auth does not count: that rule cannot be waived.",
  ]);
});

test("two waivers of one finding are both in use", () => {
  const two = weigh(Waivers.parse([waiver, { ...waiver, target: "staging" }]), "2026-01-01");
  two.cover(finding, "staging");
  expect(two.notes()).toEqual([]);
});

test("without a day there is no verdict on waivers", () => {
  expect(() => weigh(Waivers.parse([waiver]), undefined)).toThrow(RangeError);
  expect(() => weigh(Waivers.parse([waiver]), "today")).toThrow('not "today"');
  expect(weigh([], undefined).notes()).toEqual([]);
});

test.each([
  ["an unknown rule", { rule: "no-such-rule" }],
  ["no reason", { reason: " " }],
  ["no target", { target: "" }],
  ["another key", { until: "2030-01-01" }],
])("a file with %s is refused", (_what, change) => {
  expect(Waivers.safeParse([{ ...waiver, ...change }]).success).toBe(false);
});

test("an unknown rule is named", () => {
  expect(Waivers.safeParse([{ ...waiver, rule: "no-such-rule" }]).error?.issues[0]?.message).toContain(
    '"no-such-rule" is not a rule',
  );
});

test("an expiry left out is refused", () => {
  const { expires: _expires, ...without } = waiver;
  expect(Waivers.safeParse([without]).success).toBe(false);
});

test("a finding of several services is covered by a waiver for any of them", () => {
  const both = { ...finding, services: ["auth", "backend"] };
  for (const target of ["auth", "backend", "staging/auth", "staging/backend"]) {
    expect(weighed({ target }).cover(both, "staging")).toBeDefined();
  }
});

test.each(["x2030-12-31", "2030-12-31x", "+012030-12-31"])("the expiry %s is no date", (expires) => {
  expect(weighed({ expires }).notes()[0]).toContain("has lapsed: its expiry");
});

test("an unknown rule is answered with the known ones", () => {
  const [issue] = Waivers.safeParse([{ ...waiver, rule: "x" }]).error?.issues ?? [];
  expect(issue?.message).toMatch(
    /write one of services-present, jwt-secret-injected, .*, environments-apart$/u,
  );
});

test("without waivers the day does not matter", () => {
  expect(() => weigh([], "today")).not.toThrow();
});

test.each<[Record<string, unknown>, string]>([
  [{ target: "" }, "names nothing: write a service, an environment, or ENVIRONMENT/SERVICE"],
  [{ reason: " " }, "says nothing: write why the finding is accepted"],
  [{ expires: null }, "is no day: write the last one it counts as YYYY-MM-DD"],
])("a waiver with %j is refused, and what to write is said", (change, message) => {
  expect(Waivers.safeParse([{ ...waiver, ...change }]).error?.issues).toMatchObject([{ message }]);
});
