/** A document that was not read is an error at its place in every format that machines read. */
import { expect, test } from "vitest";
import type { Report } from "../policy/report.ts";
import { githubWriter } from "./github.ts";
import { junitWriter } from "./junit.ts";
import { sarifWriter } from "./sarif.ts";
import { options, passing, reportOf } from "./testing/sample.ts";

const note = "Not read: bad.json:3:2: is not valid JSON: a value should be here.";
const lapsed = "The waiver has lapsed.";
const unread: Report = {
  ...reportOf(passing()),
  verdict: "undetermined",
  notes: [lapsed, note],
  unread: [{ note, location: { file: "bad.json", line: 3 } }],
};

test("github: an error on its line, once", () => {
  const lines = githubWriter.write(unread, options).split("\n");
  expect(lines).toContain(`::error file=bad.json,line=3,title=jwt-secret::${note}`);
  expect(lines.filter((line) => line.includes("bad.json"))).toHaveLength(1);
  expect(lines).toContain(`::warning title=jwt-secret::${lapsed}`);
});

test("sarif: a result at its place", () => {
  const [run] = JSON.parse(sarifWriter.write(unread, options)).runs;
  expect(run.results).toMatchObject([
    {
      ruleId: "services-present",
      level: "error",
      message: { text: note },
      locations: [{ physicalLocation: { artifactLocation: { uri: "bad.json" }, region: { startLine: 3 } } }],
    },
  ]);
  expect(JSON.stringify(run.invocations)).toContain(lapsed);
  expect(JSON.stringify(run.invocations)).not.toContain("bad.json");
});

test("junit: a case that is an error, with its reason", () => {
  const text = junitWriter.write(unread, options);
  expect(text).toContain(
    '<testcase classname="jwt-secret.check" name="bad.json" time="0" file="bad.json" line="3">',
  );
  expect(text).toContain(`<error type="undetermined" message="${note}"/>`);
  expect(text).toContain(`<!-- ${lapsed} -->`);
});
