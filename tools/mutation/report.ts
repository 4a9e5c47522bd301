/** What a mutation run found, read from Stryker's report and written as a page. */
import { z } from "zod";
import type { Accepted } from "./accepted.ts";

const Place = z.object({ line: z.int(), column: z.int() });

/** The parts of Stryker's report (mutation-testing-report-schema) that the page needs. */
export const MutationReport = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          mutatorName: z.string(),
          replacement: z.string().default(""),
          status: z.string(),
          location: z.object({ start: Place, end: Place }),
        }),
      ),
    }),
  ),
});
export type MutationReport = z.infer<typeof MutationReport>;

/** A mutant that no test noticed. */
export interface Survivor {
  file: string;
  line: number;
  /** The line as it is. */
  code: string;
  mutator: string;
  replacement: string;
}

interface Count {
  killed: number;
  survived: number;
}

const died = new Set(["Killed", "Timeout"]);
const lived = new Set(["Survived", "NoCoverage"]);

/** Everything that survived, in the order of files and lines. */
export function survivorsOf({ files }: MutationReport): Survivor[] {
  return Object.entries(files)
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([file, { source, mutants }]) => {
      const lines = source.split("\n");
      return mutants
        .filter(({ status }) => lived.has(status))
        .map(({ mutatorName, replacement, location: { start } }) => ({
          file,
          line: start.line,
          code: (lines[start.line - 1] ?? "").trim(),
          mutator: mutatorName,
          replacement: replacement.replaceAll(/\s+/g, " "),
        }))
        .sort((a, b) => a.line - b.line);
    });
}

/** The reason why a survivor is left alive; undefined where nobody has judged it. */
export function reasonFor(
  { file, code, replacement }: Survivor,
  accepted: readonly Accepted[],
): string | undefined {
  const isOf = (one: Accepted): boolean =>
    file === one.file && (one.whole === true ? code === one.code : code.includes(one.code));
  return accepted.find((one) => isOf(one) && one.to.includes(replacement))?.reason;
}

/** Killed mutants of a hundred, to one digit, never rounded up. */
export const score = ({ killed, survived }: Count): string =>
  killed + survived === 0 ? "-" : (Math.floor((1000 * killed) / (killed + survived)) / 10).toFixed(1);

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf("/"));

function countBy({ files }: MutationReport, keyOf: (file: string) => string): Map<string, Count> {
  const counts = new Map<string, Count>();
  for (const [file, { mutants }] of Object.entries(files)) {
    const count = counts.get(keyOf(file)) ?? { killed: 0, survived: 0 };
    for (const { status } of mutants) {
      if (died.has(status)) count.killed += 1;
      if (lived.has(status)) count.survived += 1;
    }
    counts.set(keyOf(file), count);
  }
  return counts;
}

function rows(counts: Map<string, Count>): string[] {
  return Array.from(counts)
    .filter(([, { killed, survived }]) => killed + survived > 0)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `| ${name} | ${score(count)} % | ${count.killed} | ${count.survived} |`);
}

const head = (what: string) => [`| ${what} | score | killed | survived |`, "| --- | ---: | ---: | ---: |"];

/** Code within a line of Markdown. */
const code = (text: string): string => {
  const fence = text.includes("`") ? "``" : "`";
  return text === "" ? "(nothing)" : `${fence}${fence === "`" ? text : ` ${text} `}${fence}`;
};

const shortest = (text: string): string => (text.length > 100 ? `${text.slice(0, 99)}…` : text);

/** The tables of the page: scores, and survivors by reason. */
export function tables(report: MutationReport, accepted: readonly Accepted[]): string {
  const survivors = survivorsOf(report);
  const byReason = Map.groupBy(survivors, (one) => reasonFor(one, accepted) ?? "");
  const open = byReason.get("") ?? [];
  byReason.delete("");
  const total = countBy(report, () => "all");
  return [
    "## Scores",
    "",
    ...head("folder"),
    ...rows(countBy(report, folderOf)),
    ...rows(total),
    "",
    "## Survivors that change nothing anybody could see",
    "",
    ...Array.from(byReason).flatMap(([reason, group]) => [
      `- ${reason} (${group.length}: ${[...new Set(group.map((one) => `${one.file.replace("src/", "")}:${one.line}`))].join(", ")})`,
    ]),
    "",
    "## Survivors nobody has judged",
    "",
    ...(open.length === 0 ? ["None."] : []),
    ...open.map(
      ({ file, line, code: text, mutator, replacement }) =>
        `- ${file.replace("src/", "")}:${line}, ${mutator}: ${code(shortest(text))} with ${code(shortest(replacement))}`,
    ),
    "",
    "## Files",
    "",
    ...head("file"),
    ...rows(countBy(report, (file) => file)),
    "",
  ].join("\n");
}
