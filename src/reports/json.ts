/** The report as data, in the shape of `schema.ts`. Names are verbatim once parsed. */
import type { Report, ReportedReference } from "../policy/report.ts";
import { json } from "./escape.ts";
import type { JsonReport } from "./schema.ts";
import type { Writer, WriterOptions } from "./writer.ts";

type Shape<Key extends "services" | "findings"> = JsonReport["environments"][number][Key][number];

function reference({ project, secret, version, settled }: ReportedReference) {
  return { project, secret, version, settled };
}

function location({ file, line, urn, sourcePosition }: Shape<"services">["location"]) {
  return { file, line, urn, sourcePosition };
}

/** Field by field, so that nothing else a report may carry one day slips out. */
export function toJsonReport(report: Report, version: string): JsonReport {
  return {
    verdict: report.verdict,
    environments: report.environments.map((environment) => ({
      name: environment.name,
      verdict: environment.verdict,
      services: environment.services.map(
        (service): Shape<"services"> => ({
          role: service.role,
          name: service.name,
          kind: service.kind,
          reference: service.reference && reference(service.reference),
          variables: service.variables.map((variable) => ({
            name: variable.name,
            via: variable.via,
            container: variable.container,
            state: variable.state,
            reference: variable.reference && reference(variable.reference),
          })),
          location: location(service.location),
        }),
      ),
      findings: environment.findings.map(
        (finding): Shape<"findings"> => ({
          rule: finding.rule,
          verdict: finding.verdict,
          severity: finding.severity,
          message: finding.message,
          fix: finding.fix,
          services: finding.services,
          location: finding.location && location(finding.location),
          waived: finding.waived && { reason: finding.waived.reason, expires: finding.waived.expires },
        }),
      ),
      notApplicable: environment.notApplicable.map(({ rule, reason }) => ({ rule, reason })),
      passed: environment.passed,
    })),
    notes: report.notes,
    tool: { name: "jwt-secret", version },
  };
}

/** `--format json`. */
export const jsonWriter: Writer = {
  write(report: Report, options: WriterOptions): string {
    return `${json(toJsonReport(report, options.version))}\n`;
  },
};
