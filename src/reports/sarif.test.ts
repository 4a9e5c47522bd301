import { expect, test } from "vitest";
import type { Report } from "../policy/report.ts";
import { sarifWriter } from "./sarif.ts";
import { failing, mismatch, options, passing, reportOf, rules, unknownGrant } from "./testing/sample.ts";
import { SarifLog } from "./testing/sarif.ts";

function run(report: Report, more: { root?: string } = {}) {
  const [first] = SarifLog.parse(JSON.parse(sarifWriter.write(report, { ...options, ...more }))).runs;
  if (first === undefined) throw new Error("no run");
  return first;
}

function resultOf(report: Report, rule: string, more: { root?: string } = {}) {
  const result = run(report, more).results.find(({ ruleId }) => ruleId === rule);
  if (result === undefined) throw new Error(`no result of ${rule}`);
  return result;
}

test("every rule is described once, with help, and each result points at its rule", () => {
  const { tool, results } = run(reportOf(failing()));
  expect(tool.driver.rules.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
  expect(tool.driver.rules.every(({ help }) => help?.markdown?.includes("Mend "))).toBe(true);
  for (const result of results) expect(tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
});

test("what decides the verdict is an error, undetermined as much as violated; advice is a warning", () => {
  const report = reportOf(failing());
  expect(resultOf(report, "same-jwt-secret").level).toBe("error");
  expect(resultOf(report, "accessor-granted").level).toBe("error");
  expect(resultOf(report, "accessor-granted").properties.verdict).toBe("undetermined");
  expect(resultOf(report, "jwt-secret-guarded").level).toBe("warning");
});

test("a pass has no results", () => {
  expect(run(reportOf(passing())).results).toEqual([]);
});

test("nothing to check is an error of its own", () => {
  expect(run(reportOf()).results).toMatchObject([{ ruleId: "services-present", level: "error" }]);
});

test("a verdict that no finding explains is an error", () => {
  const report = reportOf(passing({ verdict: "undetermined" }));
  expect(run(report).results).toMatchObject([{ level: "error", properties: { environment: "staging" } }]);
});

test("a waived finding is suppressed with its reason, every other one is explicitly not", () => {
  const report = reportOf(failing());
  expect(resultOf(report, "pinned-jwt-secret-version").suppressions).toEqual([
    { kind: "external", status: "accepted", justification: "until the pipeline pins (until 2025-12-31)" },
  ]);
  expect(resultOf(report, "same-jwt-secret").suppressions).toEqual([]);
});

test("a result stands at the line of the program, else at the line of the document", () => {
  const at = (report: Report) => resultOf(report, "same-jwt-secret").locations[0]?.physicalLocation;
  expect(at(reportOf(failing()))).toEqual({
    artifactLocation: { uri: "index.ts" },
    region: { startLine: 23, startColumn: 10 },
  });
  const inDocument = { ...mismatch, location: { file: "a folder/live.json", line: 4 } };
  expect(at(reportOf(failing({ findings: [inDocument] })))).toEqual({
    artifactLocation: { uri: "a%20folder/live.json" },
    region: { startLine: 4 },
  });
});

test("a finding without a place gets that of a service, and one without services the project file", () => {
  const at = (report: Report) =>
    resultOf(report, "accessor-granted").locations[0]?.physicalLocation.artifactLocation;
  expect(at(reportOf(failing()))).toEqual({ uri: "auth.json" });
  expect(at(reportOf(failing({ services: [] })))).toEqual({ uri: "Pulumi.yaml" });
});

test("a fingerprint stays when the message and the line change, and differs between environments and findings", () => {
  const print = (report: Report) => resultOf(report, "same-jwt-secret").partialFingerprints;
  const moved = { ...mismatch, message: "other words", location: { file: "preview.json", line: 99 } };
  const before = print(reportOf(failing()));
  expect(print(reportOf(failing({ findings: [moved] })))).toEqual(before);
  expect(print(reportOf(failing({ name: "production" })))).not.toEqual(before);
  const twice = run(reportOf(failing({ findings: [unknownGrant, unknownGrant] }))).results;
  expect(
    new Set(twice.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash)).size,
  ).toBe(2);
});

test("a name makes neither a link nor a placeholder of a message", () => {
  const message = "[click](https://example.com) {0} \\[";
  const { text } = resultOf(
    reportOf(failing({ findings: [{ ...mismatch, message }] })),
    "same-jwt-secret",
  ).message;
  expect(text).toBe(
    String.raw`\[click\](https://example.com) {{0}} \\\[ Fix: Give both services one reference.`,
  );
});

test("notes become notifications", () => {
  const { invocations } = run({ ...reportOf(passing()), notes: ["A waiver lapsed."] });
  expect(invocations[0]?.toolExecutionNotifications).toEqual([
    { level: "warning", message: { text: "A waiver lapsed." } },
  ]);
});
