/** For people at a terminal: verdict, services and findings of each environment, readable in ten seconds. */
import type { EnvironmentReport, Report, ReportedFinding, ReportedService } from "../policy/report.ts";
import type { Verdict } from "../policy/rule.ts";
import { visible } from "./escape.ts";
import {
  count,
  environmentName,
  nothingFound,
  type ShownFinding,
  shownTogether,
  sortFindings,
  unexplained,
} from "./findings.ts";
import { locationText } from "./position.ts";
import { referenceText, settledText } from "./reference.ts";
import type { Writer, WriterOptions } from "./writer.ts";

/** SGR codes (ECMA-48): bold green, bold red, bold yellow. */
const colours: Record<Verdict, string> = { pass: "1;32", violation: "1;31", undetermined: "1;33" };

function paint(text: string, verdict: Verdict, options: WriterOptions): string {
  return options.colour === true ? `\u001b[${colours[verdict]}m${text}\u001b[0m` : text;
}

function serviceLines(services: readonly ReportedService[]): string[] {
  const rows = services.map((service) => ({
    role: service.role ?? service.kind,
    name: visible(service.name),
    reference:
      service.reference === null
        ? "undecided"
        : visible(referenceText(service.reference)) + (service.reference.settled ? ` (${settledText})` : ""),
  }));
  const role = Math.max(0, ...rows.map((row) => row.role.length));
  const name = Math.max(0, ...rows.map((row) => row.name.length));
  return rows.map((row) => `  ${row.role.padEnd(role)}  ${row.name.padEnd(name)}  ${row.reference}`);
}

function findingLines(finding: ShownFinding, options: WriterOptions): string[] {
  const lines = [
    `  ${paint(finding.verdict, finding.verdict, options)}: ${visible(finding.rules.join(", "))}`,
    `    ${visible(finding.message)}`,
    `    Fix: ${visible(finding.fix)}`,
  ];
  const location = locationText(finding.location, options.root);
  if (location !== undefined) lines.push(`    At: ${visible(location)}`);
  if (finding.waived !== undefined) {
    lines.push(`    Waived until ${visible(finding.waived.expires)}: ${visible(finding.waived.reason)}`);
  }
  return lines;
}

/** `9 rules hold; 2 violations, 1 undetermined; 1 advisory finding, 1 waived.` */
function countLine(environment: EnvironmentReport): string {
  const { mandatory, advisory, waived } = sortFindings(environment.findings);
  const violations = mandatory.filter((finding) => finding.verdict === "violation").length;
  const undetermined = mandatory.length - violations;
  const weighty = [
    ...(violations > 0 ? [count(violations, "violation")] : []),
    ...(undetermined > 0 ? [`${undetermined} undetermined`] : []),
  ];
  const light = [
    ...(advisory.length > 0 ? [`${advisory.length} advisory`] : []),
    ...(waived.length > 0 ? [`${waived.length} waived`] : []),
  ];
  const held = environment.passed.length;
  const parts = [`${count(held, "rule")} ${held === 1 ? "holds" : "hold"}`, ...weighty, ...light];
  return `  ${parts.join(", ")}.`;
}

/** The rules alone: the reasons, seldom news, are in the other formats. */
function notApplicableLines(environment: EnvironmentReport): string[] {
  const rules = environment.notApplicable.map(({ rule }) => rule);
  return rules.length === 0 ? [] : [`  Not applicable: ${visible(rules.join(", "))}.`];
}

function section(
  title: string | undefined,
  findings: readonly ReportedFinding[],
  options: WriterOptions,
): string[] {
  if (findings.length === 0) return [];
  const blocks = shownTogether(findings).flatMap((finding) => [...findingLines(finding, options), ""]);
  return title === undefined ? blocks : [`  ${title}`, ...blocks];
}

function environmentLines(environment: EnvironmentReport, options: WriterOptions): string[] {
  const { mandatory, advisory, waived } = sortFindings(environment.findings);
  const services = serviceLines(environment.services);
  return [
    `${visible(environmentName(environment))}: ${paint(environment.verdict, environment.verdict, options)}`,
    ...services,
    "",
    ...section(undefined, mandatory, options),
    ...section("Advisory (no weight in the verdict)", advisory, options),
    ...section("Waived (no weight in the verdict)", waived, options),
    countLine(environment),
    ...notApplicableLines(environment),
    "",
  ];
}

/** `--format text`. */
export const textWriter: Writer = {
  write(report: Report, options: WriterOptions): string {
    const lines = report.environments.flatMap((environment) => environmentLines(environment, options));
    for (const { environment, message } of unexplained(report)) {
      if (environment !== null) lines.push(visible(message), "");
    }
    for (const note of report.notes) lines.push(`Note: ${visible(note)}`);
    if (report.notes.length > 0) lines.push("");
    const { length, 0: first } = report.environments;
    if (length === 0) lines.push(nothingFound);
    // With one environment its line has said it, unless a document that was not read weighs too.
    if (length !== 1 || first?.verdict !== report.verdict) {
      const of = length === 0 ? "" : ` (${count(length, "environment")})`;
      lines.push(`Verdict: ${paint(report.verdict, report.verdict, options)}${of}`);
    }
    while (lines.at(-1) === "") lines.pop();
    return `${lines.join("\n")}\n`;
  },
};
