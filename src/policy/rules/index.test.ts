/** What every rule has in common, and the few facts about them that users rely on. */
import { describe, expect, test } from "vitest";
import { rules } from "./index.ts";

test("the rules, in the order in which reports show them", () => {
  expect(rules.map(({ id }) => id)).toEqual([
    "services-present",
    "jwt-secret-injected",
    "no-plaintext-jwt-secret",
    "single-jwt-reference",
    "same-jwt-secret",
    "same-jwt-secret-version",
    "pinned-jwt-secret-version",
    "environment-agrees",
    "jwt-secret-declared",
    "accessor-granted",
    "serving-what-is-described",
    "fingerprint-agrees",
    "jwt-secret-guarded",
    "previous-version-agrees",
    "environments-apart",
  ]);
});

test("four rules can neither be waived nor weakened", () => {
  expect(rules.filter(({ unwaivable }) => unwaivable).map(({ id }) => id)).toEqual([
    "services-present",
    "jwt-secret-injected",
    "single-jwt-reference",
    "same-jwt-secret",
  ]);
});

test("every rule is mandatory by default, but the one about guarding the secret", () => {
  expect(rules.filter(({ severity }) => severity !== "mandatory")).toMatchObject([
    { id: "jwt-secret-guarded", severity: "advisory" },
  ]);
});

describe.each(rules)("$id", ({ description, why, remediation }) => {
  test.each(Object.entries({ description, why, remediation }))("has a %s in sentences", (_, text) => {
    expect(text).toMatch(/^[A-Z].{20,}\.$/u);
  });
});
