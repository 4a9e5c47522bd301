import { expect, test } from "vitest";
import { jsonWriter } from "./json.ts";
import { JsonReport } from "./schema.ts";
import { failing, mismatch, options, passing, reportOf, service } from "./testing/sample.ts";

function written(report: Parameters<typeof jsonWriter.write>[0]): unknown {
  return JSON.parse(jsonWriter.write(report, options));
}

test.each([
  ["a violation", reportOf(failing())],
  ["a pass", reportOf(passing())],
  ["several environments", reportOf(passing(), failing({ name: null }))],
  ["nothing at all", reportOf()],
])("the output for %s has the published shape, and no field beside it", (_, report) => {
  const data = written(report);
  expect(JsonReport.parse(data)).toEqual(data);
});

test("the fields of the contract are where it says", () => {
  expect(written(reportOf(failing({ findings: [mismatch] })))).toMatchObject({
    verdict: "violation",
    environments: [
      {
        name: "staging",
        verdict: "violation",
        services: [
          {
            role: "auth",
            name: "auth-staging",
            reference: { project: "netra-staging", secret: "jwt-secret-staging", version: "1" },
          },
          { role: "backend" },
        ],
        findings: [
          {
            rule: "same-jwt-secret",
            verdict: "violation",
            severity: "mandatory",
            message: mismatch.message,
            fix: mismatch.fix,
            services: ["auth-staging", "backend-staging"],
            location: { file: "preview.json", urn: "urn:backend", line: 12 },
          },
        ],
      },
    ],
  });
});

test("what the shape does not name is not printed", () => {
  const chatty = { ...service("auth"), value: "a-value-nobody-should-see" };
  expect(jsonWriter.write(reportOf(passing({ services: [chatty] })), options)).not.toContain(
    "nobody-should-see",
  );
});
