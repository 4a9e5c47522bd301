/** The check against the oracle, and checks that are wrong on purpose, which the oracle must catch. */
import { expect, test } from "vitest";
import { check } from "../../../src/check.ts";
import type { Report, ReportedFinding } from "../../../src/policy/report.ts";
import { chunks, prove } from "../run.ts";
import { fixedSeed as seed } from "../seed.ts";
import { add, nothing } from "../totals.ts";

const cases = 2000;
const patience = 300_000;

let totals = nothing();

test.each(chunks(seed, cases))(
  "no false pass and no false violation (seed $seed, $cases cases)",
  (chunk) => {
    const outcome = prove(chunk);
    totals = add(totals, outcome.totals);
    expect(outcome.failure ?? "all agree").toBe("all agree");
  },
  patience,
);

test("the cases are worth something: each verdict is common, and mostly just one is right", () => {
  const { verdicts, strict, kinds } = totals;
  expect(totals.cases).toBe(cases);
  expect(verdicts.pass).toBeGreaterThan(cases / 10);
  expect(verdicts.violation).toBeGreaterThan(cases / 10);
  expect(verdicts.undetermined).toBeGreaterThan(cases / 20);
  expect(strict).toBeGreaterThan((cases * 3) / 4);
  expect(Object.keys(kinds).sort()).toEqual([
    "Cloud Run v1, JSON",
    "Cloud Run v1, YAML",
    "Cloud Run v2, JSON",
    "Cloud Run v2, YAML",
    "checkpoint",
    "preview, first",
    "preview, rotation",
    "preview, settled",
    "stack export",
  ]);
});

/** A check that is wrong in one way. */
const wrong: Record<string, (report: Report) => Report> = {
  "passes everything": (report) => ({ ...report, verdict: "pass" }),
  "refuses everything": (report) => ({ ...report, verdict: "violation" }),
  "decides nothing": (report) => ({ ...report, verdict: "undetermined" }),
  "passes what it cannot tell": (report) =>
    report.verdict === "undetermined" ? { ...report, verdict: "pass" } : report,
  "overlooks versions": (report) =>
    without(report, "same-jwt-secret-version", "single-jwt-reference", "jwt-secret-declared"),
  "overlooks other secrets": (report) =>
    without(report, "same-jwt-secret", "single-jwt-reference", "jwt-secret-declared"),
};

/** The report as it were if these rules found nothing. */
function without(report: Report, ...rules: string[]): Report {
  const weighs = ({ rule, severity }: ReportedFinding) => !rules.includes(rule) && severity === "mandatory";
  const left = report.environments.flatMap(({ findings }) => findings.filter(weighs));
  const verdict = left.some((finding) => finding.verdict === "violation")
    ? "violation"
    : left.length > 0
      ? "undetermined"
      : "pass";
  return { ...report, verdict };
}

test.each(Object.entries(wrong))(
  "a check that %s is caught",
  (_what, spoil) => {
    const outcome = prove({ seed, cases: 500 }, (input) => spoil(check(input)));
    expect(outcome.failure).toContain("and may only be");
  },
  patience,
);
