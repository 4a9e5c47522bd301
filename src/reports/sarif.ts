/**
 * SARIF 2.1.0 (OASIS standard), in the subset that GitHub code scanning reads.
 *
 * An undetermined finding is an `error` like a violation, told apart by `properties.verdict`: the standard's kinds for
 * it (`open`, `review`) require level `none` (section 3.27.9), and viewers drop such results, which would look
 * like a pass. Rules that hold are left out for the same reason: some viewers take every result for a problem.
 */
import type { EnvironmentReport, Report, ReportedFinding } from "../policy/report.ts";
import type { Rule, Severity } from "../policy/rule.ts";
import { json, visible } from "./escape.ts";
import { environmentName, otherNotes, unexplained } from "./findings.ts";
import { positionOf, uriOf } from "./position.ts";
import { ruleHelp } from "./rule-page.ts";
import type { Writer, WriterOptions } from "./writer.ts";

/** The rule under which the absence of anything to judge is reported. */
const presence = "services-present";

/** Message strings read `[x](y)` as a link, `{0}` as a placeholder and `\` as an escape (sections 3.11.5 and 3.11.6). */
function messageText(text: string): string {
  return visible(text)
    .replace(/[\\[\]]/gu, "\\$&")
    .replace(/[{}]/gu, "$&$&");
}

function level(severity: Severity): "error" | "warning" {
  return severity === "mandatory" ? "error" : "warning";
}

/** A finding, or what is said when no finding explains a verdict. */
type Reported = Omit<ReportedFinding, "fix"> & { fix?: string };

/**
 * GitHub refuses a whole upload when one result has no physical location, so a finding without one gets that of
 * its environment's first service with one, and at last the project file; a line is required too.
 */
function location(finding: Reported, environment: EnvironmentReport | null, root: string | undefined) {
  const candidates = [finding.location, ...(environment?.services ?? []).map((service) => service.location)];
  const positions = candidates.map((candidate) => positionOf(candidate, root));
  const position = positions.find((candidate) => candidate !== undefined) ?? { path: "Pulumi.yaml" };
  const region = {
    startLine: position.line ?? 1,
    ...(position.column === undefined ? {} : { startColumn: position.column }),
  };
  const urn = finding.location?.urn;
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(position.path, root) }, region },
    ...(urn === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: urn, kind: "resource" }] }),
  };
}

/**
 * One finding, whatever its message says today and wherever its line has moved: the rule, the environment and the
 * services, and a number where one rule finds several things in the same services.
 */
function fingerprints(finding: Reported, environment: EnvironmentReport | null, seen: Map<string, number>) {
  const key = JSON.stringify([finding.rule, environment?.name ?? null, finding.services]);
  const ordinal = (seen.get(key) ?? 0) + 1;
  seen.set(key, ordinal);
  // Asked for here, because loading it takes a tenth of the time of a small check, and other formats need none.
  const hash = process.getBuiltinModule("node:crypto").createHash("sha256").update(key).digest("hex");
  return {
    "jwtSecretFinding/v1": `${hash}:${ordinal}`,
    // The one name that GitHub matches alerts by.
    primaryLocationLineHash: `${hash.slice(0, 16)}:${ordinal}`,
  };
}

function descriptor(id: string, rule: Rule | undefined) {
  if (rule === undefined) return { id, shortDescription: { text: id } };
  return {
    id,
    shortDescription: { text: rule.description },
    fullDescription: { text: rule.why },
    help: ruleHelp(rule),
    defaultConfiguration: { level: level(rule.severity) },
    properties: { tags: ["security"], waivable: !rule.unwaivable },
  };
}

function suppression({ reason, expires }: NonNullable<ReportedFinding["waived"]>) {
  return {
    kind: "external",
    status: "accepted",
    justification: visible(`${reason} (until ${expires})`),
  };
}

/** `--format sarif`. */
export const sarifWriter: Writer = {
  write(report: Report, options: WriterOptions): string {
    const found: [EnvironmentReport | null, Reported][] = report.environments.flatMap((environment) =>
      environment.findings.map((finding): [EnvironmentReport, Reported] => [environment, finding]),
    );
    for (const { environment, verdict, message, location: place } of unexplained(report)) {
      const at = place === undefined ? {} : { location: place };
      found.push([
        environment,
        { rule: presence, verdict, severity: "mandatory", message, services: [], ...at },
      ]);
    }
    const byId = new Map(options.rules.map((rule) => [rule.id, rule]));
    const ids = [...new Set([...byId.keys(), ...found.map(([, finding]) => finding.rule)])];
    const seen = new Map<string, number>();
    const results = found.map(([environment, finding]) => ({
      ruleId: finding.rule,
      ruleIndex: ids.indexOf(finding.rule),
      level: level(finding.severity),
      message: {
        text: messageText(
          finding.fix === undefined ? finding.message : `${finding.message} Fix: ${finding.fix}`,
        ),
      },
      locations: [location(finding, environment, options.root)],
      partialFingerprints: fingerprints(finding, environment, seen),
      // Present on every result or on none (section 3.27.23).
      suppressions: finding.waived === undefined ? [] : [suppression(finding.waived)],
      properties: {
        verdict: finding.verdict,
        severity: finding.severity,
        environment: environment === null ? null : visible(environmentName(environment)),
        services: finding.services.map(visible),
      },
    }));
    const run = {
      tool: {
        driver: {
          name: "jwt-secret",
          version: options.version,
          rules: ids.map((id) => descriptor(id, byId.get(id))),
        },
      },
      columnKind: "unicodeCodePoints",
      invocations: [
        {
          executionSuccessful: true,
          toolExecutionNotifications: otherNotes(report).map((note) => ({
            level: "warning",
            message: { text: messageText(note) },
          })),
        },
      ],
      results,
      properties: {
        verdict: report.verdict,
        environments: report.environments.map((environment) => ({
          name: visible(environmentName(environment)),
          verdict: environment.verdict,
          passed: environment.passed,
          notApplicable: environment.notApplicable.map(({ rule, reason }) => ({
            rule,
            reason: visible(reason),
          })),
        })),
      },
    };
    return `${json({ $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] })}\n`;
  },
};
