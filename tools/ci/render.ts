/** What a reviewer reads about one environment: what changes, the references before and after, then the policy's report. */
import { markdownCode, markdownText } from "../../src/reports/escape.ts";
import { count } from "../../src/reports/findings.ts";
import { markdownWriter } from "../../src/reports/markdown.ts";
import type { JsonReport } from "../../src/reports/schema.ts";
import type { WriterOptions } from "../../src/reports/writer.ts";
import type { Change } from "./changes.ts";
import type { Carries, Row } from "./references.ts";

export const signs: Readonly<Record<JsonReport["verdict"], string>> = {
  pass: "✅",
  violation: "❌",
  undetermined: "❔",
};

/** What the report is about. */
export interface Subject {
  environment: string;
  from: "preview" | "configuration" | "drift";
  /** What was looked at, such as `pulumi preview`. */
  source: string;
  report: JsonReport;
  /** Absent where the document tells no changes. */
  changes?: readonly Change[];
  /** What the changes are called: `What changes`, or `What has drifted`. @default What changes */
  changesTitle?: string;
  rows?: readonly Row[];
  /** Why the engine refused, one message each. */
  errors?: readonly string[];
}

const mostChanges = 40;
const mostProperties = 6;
const mostErrors = 10;
const longestError = 2000;

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);

function propertiesText(properties: readonly string[]): string {
  const shown = properties.slice(0, mostProperties).map(markdownCode);
  const rest = properties.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

/** A deletion or a replacement is what a reviewer must not miss. */
const opText = (op: Change["op"]) => (op === "delete" || op === "replace" ? `⚠️ **${op}**` : op);

function changesSection(title: string, changes: readonly Change[], refused: boolean): string[] {
  if (changes.length === 0)
    return [`**${title}**: ${refused ? "not known, the engine stopped" : "nothing"}.`, ""];
  const rows = changes
    .slice(0, mostChanges)
    .map(({ op, type, name, properties }) => [
      opText(op),
      `${markdownText(type)} ${markdownCode(name)}`,
      propertiesText(properties),
    ]);
  const rest = changes.length - rows.length;
  return [
    `**${title}**: ${count(changes.length, "resource")}${refused ? ", as far as the engine came" : ""}.`,
    "",
    ...table(["", "resource", "properties"], rows),
    "",
    ...(rest > 0 ? [`And ${count(rest, "more resource")}.`, ""] : []),
  ];
}

function carriesCell(carries: Carries | undefined): string {
  if (carries === undefined) return "is not there";
  const current = carries.current === undefined ? "undecided" : markdownCode(carries.current);
  return carries.previous === undefined
    ? current
    : `${current}<br>still accepts ${markdownCode(carries.previous)}`;
}

const same = (a: Carries | undefined, b: Carries | undefined) => carriesCell(a) === carriesCell(b);

function referencesSection(rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map(({ role, name, before, after }) => [
    markdownText(role),
    markdownCode(name),
    carriesCell(before),
    same(before, after) ? "the same" : carriesCell(after),
  ]);
  return ["**The key each service reads**", "", ...table(["role", "service", "before", "after"], cells), ""];
}

function errorsSection(errors: readonly string[]): string[] {
  if (errors.length === 0) return [];
  const items = errors.slice(0, mostErrors).flatMap((error) => {
    const text = error.length > longestError ? `${error.slice(0, longestError)} ...` : error;
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    const broken = (index: number) => (index < lines.length - 1 ? "<br>" : "");
    return lines.map((line, index) => `${index === 0 ? "- " : "  "}${markdownText(line)}${broken(index)}`);
  });
  const rest = errors.length - mostErrors;
  return [
    "**The engine refused**",
    "",
    ...items,
    ...(rest > 0 ? [`- And ${count(rest, "more error")}.`] : []),
    "",
  ];
}

/** Markdown of one environment, without a heading of the whole comment. Every name from a document is escaped in it. */
export function render(subject: Subject, options: WriterOptions): string {
  const { environment, source, report, changes, rows = [], errors = [] } = subject;
  const title = subject.changesTitle ?? "What changes";
  // Its first line says the verdict, which stands above already.
  const [, ...policy] = markdownWriter.write(report, options).split("\n");
  return `${[
    errors.length > 0
      ? `## ⛔ ${markdownCode(environment)}: refused, and so ${report.verdict}`
      : `## ${signs[report.verdict]} ${markdownCode(environment)}: ${report.verdict}`,
    "",
    `From ${markdownText(source)}.`,
    "",
    ...errorsSection(errors),
    ...(changes === undefined ? [] : changesSection(title, changes, errors.length > 0)),
    ...referencesSection(rows),
    "**The policy**",
    ...policy,
  ]
    .join("\n")
    .trimEnd()}\n`;
}
