import { expect, test } from "vitest";
import type { ReportedFinding } from "../policy/report.ts";
import { shownTogether } from "./findings.ts";

const cause = "The document hides the containers of auth (masked)";

function hiddenFrom(rule: string, change: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    rule,
    cause,
    verdict: "undetermined",
    severity: "mandatory",
    message: `${cause}, so what ${rule} asks cannot be told.`,
    fix: "Check the live service.",
    services: ["auth"],
    location: { file: "preview.json" },
    ...change,
  };
}

test("what one cause keeps from several rules is shown once, with all of them", () => {
  const shown = shownTogether([hiddenFrom("one"), hiddenFrom("two"), hiddenFrom("two")]);
  expect(shown).toHaveLength(1);
  expect(shown[0]?.rules).toEqual(["one", "two"]);
  expect(shown[0]?.message).toBe(`${cause}, so none of these rules can be decided.`);
});

test("alone, a finding with a cause keeps its own sentence", () => {
  expect(shownTogether([hiddenFrom("one")])[0]?.message).toBe(`${cause}, so what one asks cannot be told.`);
});

test.each([
  ["another cause", { cause: "The document hides the containers of backend (masked)" }],
  ["another verdict", { verdict: "violation" }],
  ["another place", { location: { file: "state.json" } }],
  ["a waiver", { waived: { reason: "agreed", expires: "2026-12-31" } }],
] satisfies [string, Partial<ReportedFinding>][])("%s keeps findings apart", (_, change) => {
  expect(shownTogether([hiddenFrom("one"), hiddenFrom("two", change)])).toHaveLength(2);
});

test("findings without a cause stay as they are, equal or not", () => {
  const { cause: _, ...plain } = hiddenFrom("one");
  expect(shownTogether([plain, plain]).map(({ rules }) => rules)).toEqual([["one"], ["one"]]);
});
