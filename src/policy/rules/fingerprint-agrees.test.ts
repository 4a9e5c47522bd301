import { describe, expect, test } from "vitest";
import {
  carrying,
  container,
  findingsOf,
  fromSecret,
  hiddenService,
  literal,
  only,
  service,
  staging,
  unseen,
  verdictOf,
} from "../baseline.ts";
import type { Environment, Variable } from "../facts.ts";
import { fingerprintAgrees as rule } from "./fingerprint-agrees.ts";

const print = (text?: string): Variable => literal("JWT_SECRET_FINGERPRINT", text);
const key = fromSecret("JWT_SECRET_KEY");
const both = (auth: Variable[], backend: Variable[]): Environment =>
  staging({ services: [carrying("auth", key, ...auth), carrying("backend", key, ...backend)] });

test("no fingerprint, or an equal one on both, holds", () => {
  expect(verdictOf(rule, staging())).toBe("holds");
  expect(verdictOf(rule, both([print("ab12")], [print("ab12")]))).toBe("holds");
});

test("two fingerprints are a violation", () => {
  const finding = only(rule, both([print("ab12")], [print("cd34")]));
  expect(finding).toMatchObject({
    rule: "fingerprint-agrees",
    verdict: "violation",
    services: ["auth", "backend"],
  });
  expect(finding.message).toContain("auth and backend carry different values of JWT_SECRET_FINGERPRINT");
});

test("one on one service alone is a deployment half done", () => {
  const finding = only(rule, both([], [print("ab12")]));
  expect(finding).toMatchObject({ verdict: "violation", services: ["auth", "backend"] });
  expect(finding.message).toBe(
    "backend carries JWT_SECRET_FINGERPRINT and auth does not: the deployment reached only one of them.",
  );
});

test.each([
  ["masked", unseen("JWT_SECRET_FINGERPRINT", "it is masked"), "it is masked"],
  ["from a secret", fromSecret("JWT_SECRET_FINGERPRINT"), "it comes from a secret"],
  ["no fingerprint at all", print(), "it is no fingerprint"],
  ["empty", print(""), "it is no fingerprint"],
])("one that is %s is undetermined", (_what, variable, reason) => {
  const finding = only(rule, both([variable], [print("ab12")]));
  expect(finding).toMatchObject({ verdict: "undetermined", services: ["auth"] });
  expect(finding.message).toContain(`(${reason})`);
});

describe("one that the update computes", () => {
  const computed = (settled?: string): Variable => ({
    name: "JWT_SECRET_FINGERPRINT",
    via: "variable",
    value: {
      kind: "unknown",
      reason: "it is known only once the update has run",
      ...(settled && { settled }),
    },
  });

  test("holds when both can only be that of one version", () => {
    expect(verdictOf(rule, both([computed("urn:a")], [computed("urn:a")]))).toBe("holds");
  });

  test("is undetermined where a further service's is that of another version", () => {
    const worker = carrying("worker", key, computed("urn:b"));
    const { services } = both([computed("urn:a")], [computed("urn:a")]);
    expect(verdictOf(rule, staging({ services: [...services, worker] }))).toBe("undetermined");
  });

  test.each([
    ["of two versions", computed("urn:a"), computed("urn:b"), 2],
    ["of nobody knows which", computed(), computed(), 2],
    ["of nobody knows which on one side", computed("urn:a"), computed(), 2],
    ["beside one that is known", computed("urn:a"), print("ab12"), 1],
  ])("is undetermined %s", (_what, auth, backend, findings) => {
    const found = findingsOf(rule, both([auth], [backend]));
    expect(found.map(({ verdict }) => verdict)).toEqual(Array(findings).fill("undetermined"));
  });
});

test.each([
  ["ab12", "ab1234"],
  ["ab1234", "ab12"],
])("two lengths that begin alike may be one key: %s, %s", (one, other) => {
  const finding = only(rule, both([print(one)], [print(other)]));
  expect(finding).toMatchObject({ verdict: "undetermined", services: ["auth", "backend"] });
  expect(finding.message).toBe(
    "auth and backend carry JWT_SECRET_FINGERPRINT in different lengths that begin alike, so whether they hold one key cannot be told.",
  );
});

test("two lengths on one service are told of it alone", () => {
  const auth = service("auth", {
    containers: [container(key, print("ab12")), container(key, print("ab1234"))],
  });
  const finding = only(rule, staging({ services: [auth, carrying("backend", key, print("ab12"))] }));
  expect(finding).toMatchObject({ verdict: "undetermined", services: ["auth"] });
});

test("containers of one service must agree too", () => {
  const auth = service("auth", {
    containers: [container(key, print("ab12")), container(key, print("cd34"))],
  });
  const finding = only(rule, staging({ services: [auth, carrying("backend", key, print("ab12"))] }));
  expect(finding.services).toEqual(["auth"]);
  expect(finding.message).toContain("auth carries two different values");
});

test("further services need none, but one that is there must be equal; each is told by itself", () => {
  const sound = [carrying("auth", key, print("ab12")), carrying("backend", key, print("ab12"))];
  expect(verdictOf(rule, staging({ services: [...sound, carrying("worker", key)] }))).toBe("holds");
  const wrong = ["one", "two"].map((label) => carrying(label, key, print("cd34"), print("cd34")));
  expect(findingsOf(rule, staging({ services: [...sound, ...wrong] })).map((one) => one.services)).toEqual([
    ["auth", "one"],
    ["auth", "two"],
  ]);
});

test("hidden containers are undetermined and say nothing about the other service", () => {
  const environment = staging({ services: [hiddenService("auth"), carrying("backend", key, print("ab12"))] });
  expect(only(rule, environment)).toMatchObject({ verdict: "undetermined", services: ["auth"] });
});

test("a missing role leaves it open", () => {
  expect(verdictOf(rule, staging({ services: [service("auth")] }))).toBe("not applicable");
});
