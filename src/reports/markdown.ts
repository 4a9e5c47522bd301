/** For a pull request or a job summary: the verdict first, then services, a picture, findings, and the rest folded away. */
import type { EnvironmentReport, Report, ReportedFinding, ReportedReference } from "../policy/report.ts";
import type { Verdict } from "../policy/rule.ts";
import { markdownCode, markdownText } from "./escape.ts";
import {
  count,
  environmentName,
  nothingFound,
  type ShownFinding,
  shownTogether,
  sortFindings,
  unexplained,
} from "./findings.ts";
import { picture } from "./mermaid.ts";
import { locationText } from "./position.ts";
import { carriedText, referenceText, settledText } from "./reference.ts";
import type { Writer, WriterOptions } from "./writer.ts";

const signs: Record<Verdict, string> = { pass: "✅", violation: "❌", undetermined: "❔" };

/** GitHub refuses a comment of more than 65,536 characters. */
const longest = 65_000;

/** What is left out, step by step, of a report too long for a comment; never a verdict. */
interface Detail {
  pictures: boolean;
  passing: boolean;
}

function referenceCell(reference: ReportedReference | null): string {
  if (reference === null) return "undecided";
  return markdownCode(referenceText(reference)) + (reference.settled ? ` (${settledText})` : "");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}

function findingLines(finding: ShownFinding, options: WriterOptions): string[] {
  const place = locationText(finding.location, options.root);
  return [
    `- ${signs[finding.verdict]} **${finding.verdict}**: ${finding.rules.map(markdownCode).join(", ")}<br>`,
    `  ${markdownText(finding.message)}<br>`,
    `  **Fix:** ${markdownText(finding.fix)}${place === undefined ? "" : `<br>`}`,
    ...(place === undefined ? [] : [`  **At:** ${markdownCode(place)}`]),
    ...(finding.waived === undefined
      ? []
      : [
          `  <br>**Waived** until ${markdownText(finding.waived.expires)}: ${markdownText(finding.waived.reason)}`,
        ]),
  ];
}

function findings(title: string, list: readonly ReportedFinding[], options: WriterOptions): string[] {
  if (list.length === 0) return [];
  return [
    `**${title}**`,
    "",
    ...shownTogether(list).flatMap((finding) => findingLines(finding, options)),
    "",
  ];
}

/** Folded: every JWT variable, the rules that hold, and those that could not be asked. */
function details(environment: EnvironmentReport): string[] {
  const variables = environment.services.flatMap((service) =>
    service.variables.map((variable) => [
      markdownCode(service.name),
      `${variable.via} ${markdownCode(variable.name)}`,
      variable.reference === null ? carriedText(variable) : referenceCell(variable.reference),
    ]),
  );
  const applicable = `${count(environment.passed.length, "rule")} held, ${environment.notApplicable.length} not applicable`;
  return [
    `<details><summary>Details: ${applicable}</summary>`,
    "",
    ...(variables.length > 0 ? table(["service", "JWT variable", "carries"], variables) : []),
    ...(environment.passed.length > 0
      ? [`Held: ${environment.passed.map(markdownCode).join(", ")}.`, ""]
      : []),
    ...environment.notApplicable.map(
      ({ rule, reason }) => `- Not applicable: ${markdownCode(rule)}: ${markdownText(reason)}`,
    ),
    "",
    "</details>",
    "",
  ];
}

function environmentLines(environment: EnvironmentReport, detail: Detail, options: WriterOptions): string[] {
  const { mandatory, advisory, waived } = sortFindings(environment.findings);
  const title = [
    `### ${signs[environment.verdict]} ${markdownCode(environmentName(environment))}: ${environment.verdict}`,
    "",
  ];
  const brief = environment.verdict === "pass" && !detail.passing;
  const services = environment.services.map((service) => [
    service.role ?? service.kind,
    markdownCode(service.name),
    referenceCell(service.reference),
  ]);
  const drawn = detail.pictures ? picture(environment) : undefined;
  return [
    ...title,
    ...(services.length > 0 && !brief ? table(["role", "service", "reads its key from"], services) : []),
    ...(drawn === undefined || brief ? [] : ["```mermaid", drawn, "```", ""]),
    ...findings("Findings", mandatory, options),
    ...findings("Advisory, without weight in the verdict", advisory, options),
    ...findings("Waived, without weight in the verdict", waived, options),
    ...(brief ? [] : details(environment)),
  ];
}

function document(report: Report, detail: Detail, options: WriterOptions): string {
  const { length } = report.environments;
  const shortened = [
    ...(detail.pictures ? [] : ["Shortened: pictures are left out."]),
    ...(detail.passing ? [] : ["Environments that pass are named only."]),
  ];
  return `${[
    `## ${signs[report.verdict]} jwt-secret: ${report.verdict}`,
    "",
    ...(length === 0 ? [nothingFound, ""] : []),
    ...report.environments.flatMap((environment) => environmentLines(environment, detail, options)),
    ...unexplained(report)
      .filter(({ environment }) => environment !== null)
      .flatMap(({ message }) => [`- ${markdownText(message)}`, ""]),
    ...report.notes.flatMap((note) => [`> Note: ${markdownText(note)}`, ""]),
    ...(shortened.length > 0 ? [`<sub>${shortened.join(" ")}</sub>`, ""] : []),
  ]
    .join("\n")
    .trimEnd()}\n`;
}

/** `--format markdown`. */
export const markdownWriter: Writer = {
  write(report: Report, options: WriterOptions): string {
    const full = document(report, { pictures: true, passing: true }, options);
    if (full.length <= longest) return full;
    const bare = document(report, { pictures: false, passing: true }, options);
    return bare.length <= longest ? bare : document(report, { pictures: false, passing: false }, options);
  },
};
