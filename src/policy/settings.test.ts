import { expect, test } from "vitest";
import { rules } from "./rules/index.ts";
import { Settings, severityOf } from "./settings.ts";

const always = ["services-present", "jwt-secret-injected", "single-jwt-reference", "same-jwt-secret"];

test("by default every rule is mandatory but jwt-secret-guarded", () => {
  expect(rules.filter((rule) => severityOf(rule.id, {}) === "advisory").map((rule) => rule.id)).toEqual([
    "jwt-secret-guarded",
  ]);
});

test("exactly four rules cannot be waived", () => {
  expect(rules.filter((rule) => rule.unwaivable).map((rule) => rule.id)).toEqual(always);
});

test("a rule's own setting goes before all, all before the default", () => {
  const settings = Settings.parse({ all: "advisory", "accessor-granted": "mandatory" });
  expect(severityOf("accessor-granted", settings)).toBe("mandatory");
  expect(severityOf("environment-agrees", settings)).toBe("advisory");
  expect(severityOf("jwt-secret-guarded", Settings.parse({ all: "mandatory" }))).toBe("mandatory");
});

test.each(always)("%s stays mandatory under all, and naming it as advisory is an error", (id) => {
  expect(severityOf(id, { all: "advisory", [id]: "advisory" })).toBe("mandatory");
  const result = Settings.safeParse({ [id]: "advisory" });
  expect(result.error?.issues).toMatchObject([
    { path: [id], message: `"${id}" is always mandatory; remove it from the settings` },
  ]);
  expect(Settings.safeParse({ [id]: "mandatory" }).success).toBe(true);
});

test("a rule nobody knows is mandatory to the verdict and an error in the settings", () => {
  expect(severityOf("no-such-rule", { all: "advisory" })).toBe("mandatory");
  expect(Settings.safeParse({ "no-such-rule": "advisory" }).error?.issues[0]?.message).toContain(
    '"no-such-rule" is not a rule',
  );
});

test("a severity is mandatory or advisory", () => {
  expect(Settings.safeParse({ all: "off" }).success).toBe(false);
});

test("an unknown rule is answered with the known ones, at its place", () => {
  expect(Settings.safeParse({ pinned: "advisory" }).error?.issues).toMatchObject([
    {
      code: "custom",
      path: ["pinned"],
      message: expect.stringMatching(
        /write "all" or one of services-present, jwt-secret-injected, .*, environments-apart$/u,
      ),
    },
  ]);
  expect(Settings.safeParse({ "same-jwt-secret": "advisory" }).error?.issues[0]?.code).toBe("custom");
});
