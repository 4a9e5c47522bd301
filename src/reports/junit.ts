/**
 * JUnit XML, as Jenkins, GitLab and most CI systems read it (jenkins-junit.xsd): a suite per environment, a case
 * per rule. `failure` is a violation, `error` is undetermined, `skipped` is a rule without weight here: not
 * applicable, waived or advisory.
 */
import type { EnvironmentReport, Report, ReportedFinding } from "../policy/report.ts";
import { xml } from "./escape.ts";
import { environmentName, otherNotes, sortFindings, unexplained } from "./findings.ts";
import { locationText, positionOf } from "./position.ts";
import type { Writer, WriterOptions } from "./writer.ts";

type Outcome = "passed" | "failure" | "error" | "skipped";

interface Case {
  name: string;
  outcome: Outcome;
  /** One line. */
  message?: string;
  /** All that is known, a line each. */
  details?: string[];
  file?: string;
  line?: number;
}

function details(finding: ReportedFinding, root: string | undefined): string[] {
  const weight = finding.waived === undefined ? finding.severity : "waived";
  const place = locationText(finding.location, root);
  return [
    `${finding.verdict} (${weight}): ${finding.message}`,
    `Fix: ${finding.fix}`,
    ...(place === undefined ? [] : [`At: ${place}`]),
    ...(finding.waived === undefined
      ? []
      : [`Waived until ${finding.waived.expires}: ${finding.waived.reason}`]),
  ];
}

function judge(id: string, environment: EnvironmentReport, root: string | undefined): Case {
  const findings = environment.findings.filter((finding) => finding.rule === id);
  const { mandatory, advisory, waived } = sortFindings(findings);
  const first = [...mandatory, ...advisory, ...waived][0];
  if (first !== undefined) {
    const weight = first.waived === undefined ? first.severity : "waived";
    const position = positionOf(first.location, root);
    return {
      name: id,
      outcome: mandatory[0] === undefined ? "skipped" : first.verdict === "violation" ? "failure" : "error",
      message: weight === "mandatory" ? first.message : `${weight}: ${first.message}`,
      details: [...mandatory, ...advisory, ...waived].flatMap((finding) => details(finding, root)),
      ...(position === undefined ? {} : { file: position.path }),
      ...(position?.line === undefined ? {} : { line: position.line }),
    };
  }
  const silent = environment.notApplicable.find(({ rule }) => rule === id);
  if (silent !== undefined)
    return { name: id, outcome: "skipped", message: `not applicable: ${silent.reason}` };
  if (environment.passed.includes(id)) return { name: id, outcome: "passed" };
  return { name: id, outcome: "error", message: "The report does not say whether this rule holds." };
}

function attributes(values: Record<string, string | number | undefined>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? "" : ` ${name}="${xml(String(value))}"`))
    .join("");
}

function caseLines(suite: string, { name, outcome, message, details: lines, file, line }: Case): string[] {
  const open = `    <testcase${attributes({ classname: `jwt-secret.${suite}`, name, time: 0, file, line })}`;
  if (outcome === "passed") return [`${open}/>`];
  const type = outcome === "failure" ? "violation" : outcome === "error" ? "undetermined" : undefined;
  const tag = `      <${outcome}${attributes({ type, message: message ?? "" })}`;
  if (lines === undefined) return [`${open}>`, `${tag}/>`, "    </testcase>"];
  return [`${open}>`, `${tag}>${lines.map(xml).join("\n")}</${outcome}>`, "    </testcase>"];
}

function suiteLines(name: string, cases: readonly Case[]): string[] {
  const total = (outcome: Outcome) => cases.filter((each) => each.outcome === outcome).length;
  const counts = {
    tests: cases.length,
    failures: total("failure"),
    errors: total("error"),
    skipped: total("skipped"),
  };
  return [
    `  <testsuite${attributes({ name: `jwt-secret ${name}`, ...counts, time: 0 })}>`,
    ...cases.flatMap((each) => caseLines(name, each)),
    "  </testsuite>",
  ];
}

/** `--format junit`. */
export const junitWriter: Writer = {
  write(report: Report, options: WriterOptions): string {
    const strays = unexplained(report);
    const stray = (environment: EnvironmentReport | null): Case[] =>
      strays
        .filter((each) => each.environment === environment)
        .map(({ verdict, message, location }) => {
          const position = positionOf(location, options.root);
          return {
            name: location?.file ?? "verdict",
            outcome: verdict === "violation" ? "failure" : "error",
            message,
            ...(position === undefined ? {} : { file: position.path }),
            ...(position?.line === undefined ? {} : { line: position.line }),
          };
        });
    const suites: [string, Case[]][] = report.environments.map((environment) => {
      const known = options.rules.map((rule) => rule.id);
      const ids = new Set([...known, ...environment.findings.map((finding) => finding.rule)]);
      const cases = Array.from(ids, (id) => judge(id, environment, options.root));
      return [environmentName(environment), [...cases, ...stray(environment)]];
    });
    // A file with no case in it passes in most CI systems.
    if (stray(null).length > 0) suites.push(["check", stray(null)]);
    const all = suites.flatMap(([, cases]) => cases);
    const total = (outcome: Outcome) => all.filter((each) => each.outcome === outcome).length;
    const root = attributes({
      name: "jwt-secret",
      tests: all.length,
      failures: total("failure"),
      errors: total("error"),
      skipped: total("skipped"),
    });
    // XML forbids two hyphens in a row inside a comment.
    const notes = otherNotes(report).map((note) => `  <!-- ${xml(note).replace(/-(?=-)/gu, "- ")} -->`);
    return `${[
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites${root}>`,
      ...notes,
      ...suites.flatMap(([name, cases]) => suiteLines(name, cases)),
      "</testsuites>",
    ].join("\n")}\n`;
  },
};
