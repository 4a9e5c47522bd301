/** The forms of a smoke test's report. A writer prints the report and decides nothing. */
import {
  githubMessage,
  githubProperty,
  json,
  markdownCode,
  markdownText,
  visible,
} from "../../reports/escape.ts";
import type { SmokeCheck, SmokeReport, SmokeVerdict } from "../../smoke/report.ts";

/** What `--format` takes. */
export const formats = ["text", "json", "github", "markdown"] as const;
export type Format = (typeof formats)[number];

/** SGR codes (ECMA-48): bold green, bold red, bold yellow. */
const colours: Record<SmokeVerdict, string> = {
  accepted: "1;32",
  rejected: "1;31",
  undetermined: "1;33",
};
const likeVerdict: Record<SmokeCheck["verdict"], SmokeVerdict> = {
  pass: "accepted",
  rejected: "rejected",
  undetermined: "undetermined",
};
const signs: Record<SmokeVerdict, string> = { accepted: "✅", rejected: "❌", undetermined: "❔" };

const titleOf = ({ environment, backend }: SmokeReport) => environment ?? backend;

/** `(403, signature)`, as far as there is something to say. */
function detailOf({ status, reason, got }: SmokeCheck): string {
  if (got === "unclear") return "";
  const parts = [
    ...(status === null ? [] : [String(status)]),
    ...(reason === null || reason === "nothing" ? [] : [`it says: ${reason}`]),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function factsOf(report: SmokeReport): [string, string][] {
  return [
    ["version", report.version],
    ["backend", report.backend],
    ...(report.auth === null ? [] : ([["auth", report.auth]] satisfies [string, string][])),
  ];
}

function text(report: SmokeReport, colour: boolean): string {
  const paint = (word: string, verdict: SmokeVerdict, width = 0) =>
    (colour ? `\u001b[${colours[verdict]}m${word}\u001b[0m` : word) +
    " ".repeat(Math.max(0, width - word.length));
  const lines = [
    `${visible(titleOf(report))}: ${paint(report.verdict, report.verdict)}`,
    ...factsOf(report).map(([name, value]) => `  ${name.padEnd(8)} ${visible(value)}`),
    "",
    ...report.checks.map(
      (check) =>
        `  ${paint(check.verdict, likeVerdict[check.verdict], 13)} ${visible(check.message)}${visible(detailOf(check))}`,
    ),
    "",
    ...(report.cause === null ? [] : [`  Likely cause: ${visible(report.cause)}`]),
    ...(report.next === null ? [] : [`  Next: ${visible(report.next)}`]),
    ...report.notes.map((note) => `  Note: ${visible(note)}.`),
    ...report.notAsked.map((one) => `  Not asked: ${visible(one)}.`),
  ];
  while (lines.at(-1) === "") lines.pop();
  return `${lines.join("\n")}\n`;
}

function github(report: SmokeReport): string {
  const command = (name: "error" | "warning", message: string) =>
    `::${name} title=${githubProperty(visible(`jwt-secret smoke (${titleOf(report)})`))}::${githubMessage(visible(message))}`;
  const wrong = report.checks.filter(({ verdict }) => verdict !== "pass");
  const cause =
    report.cause === null ? [] : [`${report.cause}${report.next === null ? "" : ` ${report.next}`}`];
  const lines = [
    ...(report.verdict === "accepted" ? [] : cause.map((message) => command("error", message))),
    ...wrong.map((check) => command("error", `${check.id}: ${check.message}${detailOf(check)}`)),
    ...report.notes.map((note) => command("warning", note)),
    ...report.checks.map(
      (check) => `jwt-secret: ${visible(`${check.verdict}: ${check.message}${detailOf(check)}`)}`,
    ),
    `jwt-secret: ${visible(titleOf(report))}: ${report.verdict}`,
  ];
  return `${lines.join("\n")}\n`;
}

function markdown(report: SmokeReport): string {
  const rows = report.checks.map(
    (check) =>
      `| ${signs[likeVerdict[check.verdict]]} ${check.verdict} | ${markdownCode(check.id)} | ${markdownText(`${check.message}${detailOf(check)}`)} |`,
  );
  const lines = [
    `## ${signs[report.verdict]} ${markdownCode(titleOf(report))}: ${report.verdict}`,
    "",
    ...factsOf(report).map(([name, value]) => `- ${name}: ${markdownCode(value)}`),
    "",
    ...(report.cause === null ? [] : [`**Likely cause:** ${markdownText(report.cause)}`, ""]),
    ...(report.next === null ? [] : [`**Next:** ${markdownText(report.next)}`, ""]),
    ...(rows.length === 0 ? [] : ["| | check | what was found |", "| --- | --- | --- |", ...rows, ""]),
    ...report.notes.flatMap((note) => [`> Note: ${markdownText(note)}`, ""]),
    ...report.notAsked.map((one) => `- Not asked: ${markdownText(one)}`),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

/** One writer per format. */
export const writers: Readonly<Record<Format, (report: SmokeReport, colour: boolean) => string>> = {
  text,
  json: (report) => `${json(report)}\n`,
  github,
  markdown,
};
