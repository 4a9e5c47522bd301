/**
 * GitHub workflow commands: annotations on the lines of a pull request. What decides the verdict is an `error`,
 * an advisory finding or a note a `warning`, a waived finding a `notice`. GitHub shows ten of each kind per step,
 * so a plain summary follows in the log.
 */
import type { EnvironmentReport, Report, ReportedFinding } from "../policy/report.ts";
import { githubMessage, githubProperty, visible } from "./escape.ts";
import { count, environmentName, nothingFound, otherNotes, sortFindings, unexplained } from "./findings.ts";
import { positionOf } from "./position.ts";
import type { Writer, WriterOptions } from "./writer.ts";

type Command = "error" | "warning" | "notice";

function command(
  name: Command,
  properties: Record<string, string | number | undefined>,
  lines: string[],
): string {
  const written = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${githubProperty(visible(String(value)))}`);
  return `::${name} ${written.join(",")}::${githubMessage(lines.map(visible).join("\n"))}`;
}

function annotation(
  name: Command,
  finding: ReportedFinding,
  environment: EnvironmentReport,
  options: WriterOptions,
): string {
  const position = positionOf(finding.location, options.root);
  const said = finding.verdict === "violation" ? "" : ", undetermined";
  return command(
    name,
    {
      file: position?.path,
      line: position?.line,
      col: position?.column,
      title: `${finding.rule} (${environmentName(environment)}${said})`,
    },
    [
      finding.message,
      `Fix: ${finding.fix}`,
      ...(finding.waived === undefined
        ? []
        : [`Waived until ${finding.waived.expires}: ${finding.waived.reason}`]),
    ],
  );
}

/** `--format github`. */
export const githubWriter: Writer = {
  write(report: Report, options: WriterOptions): string {
    const lines: string[] = [];
    for (const environment of report.environments) {
      const { mandatory, advisory, waived } = sortFindings(environment.findings);
      lines.push(
        ...mandatory.map((finding) => annotation("error", finding, environment, options)),
        ...advisory.map((finding) => annotation("warning", finding, environment, options)),
        ...waived.map((finding) => annotation("notice", finding, environment, options)),
      );
    }
    for (const { message, location } of unexplained(report)) {
      const position = positionOf(location, options.root);
      lines.push(
        command("error", { file: position?.path, line: position?.line, title: "jwt-secret" }, [message]),
      );
    }
    for (const note of otherNotes(report)) lines.push(command("warning", { title: "jwt-secret" }, [note]));
    for (const environment of report.environments) {
      const { mandatory } = sortFindings(environment.findings);
      const why = mandatory.length === 0 ? "" : ` (${count(mandatory.length, "finding")})`;
      lines.push(`jwt-secret: ${visible(environmentName(environment))}: ${environment.verdict}${why}`);
    }
    lines.push(
      `jwt-secret: verdict: ${report.verdict}${report.environments.length === 0 ? `: ${nothingFound}` : ""}`,
    );
    return `${lines.join("\n")}\n`;
  },
};
