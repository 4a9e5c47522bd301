/** How findings are sorted and counted, alike in every format. */
import type { Location } from "../policy/facts.ts";
import type { EnvironmentReport, Report, ReportedFinding } from "../policy/report.ts";
import type { Verdict } from "../policy/rule.ts";

export interface SortedFindings {
  /** These decide the verdict, violations first. */
  mandatory: ReportedFinding[];
  /** Shown, without weight. */
  advisory: ReportedFinding[];
  /** Shown, without weight, whatever their severity. */
  waived: ReportedFinding[];
}

/** Parts findings by their weight; the order within a part is the report's. */
export function sortFindings(findings: readonly ReportedFinding[]): SortedFindings {
  const open = findings.filter((finding) => finding.waived === undefined);
  const mandatory = open.filter((finding) => finding.severity === "mandatory");
  return {
    mandatory: [
      ...mandatory.filter((finding) => finding.verdict === "violation"),
      ...mandatory.filter((finding) => finding.verdict !== "violation"),
    ],
    advisory: open.filter((finding) => finding.severity !== "mandatory"),
    waived: findings.filter((finding) => finding.waived !== undefined),
  };
}

/** Findings that are shown as one. */
export interface ShownFinding extends Omit<ReportedFinding, "rule"> {
  rules: string[];
}

/** Findings of one cause, at one place, become one: what is hidden from one rule is hidden from most. */
export function shownTogether(findings: readonly ReportedFinding[]): ShownFinding[] {
  const shown = new Map<string, ShownFinding>();
  for (const { rule, ...finding } of findings) {
    const { cause, verdict, waived, location } = finding;
    const key = JSON.stringify(cause === undefined ? shown.size : [cause, verdict, waived, location]);
    const other = shown.get(key);
    if (other === undefined || cause === undefined) shown.set(key, { ...finding, rules: [rule] });
    else {
      if (!other.rules.includes(rule)) other.rules.push(rule);
      other.message = `${cause}, so none of these rules can be decided.`;
    }
  }
  return [...shown.values()];
}

/** The name, or what stands in for it. */
export function environmentName(environment: EnvironmentReport): string {
  return environment.name ?? "unnamed environment";
}

/** What is said when a verdict is no pass and no finding explains it, so that no format shows it as one. */
export interface Unexplained {
  environment: EnvironmentReport | null;
  verdict: Exclude<Verdict, "pass">;
  message: string;
  /** Of a document that was not read. */
  location?: Location;
}

/** What a report without any environment says. */
export const nothingFound = "No service was found to check, so nothing is known to hold.";

/** A format that lists findings alone would look like a pass for these. */
export function unexplained(report: Report): Unexplained[] {
  const found: Unexplained[] = [];
  for (const environment of report.environments) {
    const { verdict } = environment;
    if (verdict === "pass" || sortFindings(environment.findings).mandatory.length > 0) continue;
    found.push({
      environment,
      verdict,
      message: `The verdict on ${environmentName(environment)} is ${verdict}, and no finding says why.`,
    });
  }
  const { unread = [] } = report;
  for (const { note, location } of unread) {
    found.push({ environment: null, verdict: "undetermined", message: note, location });
  }
  const explained =
    unread.length > 0 || report.environments.some((environment) => environment.verdict !== "pass");
  if (report.verdict !== "pass" && !explained) {
    const message = report.environments.length === 0 ? nothingFound : `The verdict is ${report.verdict}.`;
    found.push({ environment: null, verdict: report.verdict, message });
  }
  return found;
}

/** The notes without those that `unexplained` has a place for. */
export function otherNotes({ notes, unread = [] }: Report): string[] {
  return notes.filter((note) => unread.every((one) => one.note !== note));
}

/** `1 finding`, `2 findings`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
