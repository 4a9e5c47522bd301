import { expect, test } from "vitest";
import type { Report } from "../policy/report.ts";
import { junitWriter } from "./junit.ts";
import { failing, mismatch, options, passing, reportOf, rules } from "./testing/sample.ts";
import { type Element, parseXml } from "./testing/xml.ts";

function suites(report: Report): Element[] {
  return parseXml(junitWriter.write(report, options)).children;
}

function cases(report: Report): Record<string, string> {
  const all = suites(report).flatMap(({ children }) => children);
  return Object.fromEntries(all.map((each) => [each.attributes.name, each.children[0]?.name ?? "passed"]));
}

test("there is a suite per environment and a case per rule", () => {
  const found = suites(reportOf(passing(), failing({ name: "production" })));
  expect(found.map(({ attributes }) => attributes.name)).toEqual([
    "jwt-secret staging",
    "jwt-secret production",
  ]);
  for (const { children } of found) {
    expect(children.map(({ attributes }) => attributes.name)).toEqual(rules.map(({ id }) => id));
  }
});

test("a violation fails, an undetermined rule is an error, advice and waivers are skipped", () => {
  expect(cases(reportOf(failing()))).toEqual({
    "services-present": "passed",
    "same-jwt-secret": "failure",
    "accessor-granted": "error",
    "jwt-secret-guarded": "skipped",
    "pinned-jwt-secret-version": "skipped",
  });
});

test("a rule that is not applicable is skipped, the others pass", () => {
  const found = cases(reportOf(passing()));
  expect(found["accessor-granted"]).toBe("skipped");
  expect(Object.values(found).filter((outcome) => outcome === "passed")).toHaveLength(4);
});

test("a waiver on one finding does not cover the other of the same rule", () => {
  const waived = { ...mismatch, waived: { reason: "known", expires: "2025-12-31" } };
  expect(cases(reportOf(failing({ findings: [waived, mismatch] })))["same-jwt-secret"]).toBe("failure");
});

test("the counts are those of the cases", () => {
  const root = parseXml(junitWriter.write(reportOf(passing(), failing()), options));
  expect(root.attributes).toMatchObject({ tests: "10", failures: "1", errors: "1", skipped: "3" });
  expect(root.children[1]?.attributes).toMatchObject({
    tests: "5",
    failures: "1",
    errors: "1",
    skipped: "2",
  });
});

test("a failure tells message, fix and place", () => {
  const failure = suites(reportOf(failing()))[0]?.children.find(
    ({ attributes }) => attributes.name === mismatch.rule,
  );
  expect(failure?.attributes).toMatchObject({ file: "index.ts", line: "23" });
  expect(failure?.children[0]?.attributes).toEqual({ type: "violation", message: mismatch.message });
  expect(failure?.children[0]?.text).toBe(
    `violation (mandatory): ${mismatch.message}\nFix: ${mismatch.fix}\nAt: index.ts:23:10 (in preview.json)`,
  );
});

test("a rule the report is silent about is an error, not a pass", () => {
  expect(cases(reportOf(passing({ passed: [] })))["services-present"]).toBe("error");
});

test("nothing to check is an error, not an empty file", () => {
  expect(cases(reportOf())).toEqual({ verdict: "error" });
});

test("a verdict that no finding explains is a case of its own", () => {
  expect(cases(reportOf(passing({ verdict: "undetermined" }))).verdict).toBe("error");
});

test("notes are comments, whatever hyphens they hold", () => {
  const report = { ...reportOf(passing()), notes: ["--> <!-- a --- b -"] };
  expect(() => suites(report)).not.toThrow();
});
