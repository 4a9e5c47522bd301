/** The folder that one environment's job leaves to the job that reports: a verdict and a text, and nothing secret. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { rules } from "../../src/policy/policy.ts";
import { sarifWriter } from "../../src/reports/sarif.ts";
import type { JsonReport } from "../../src/reports/schema.ts";
import type { WriterOptions } from "../../src/reports/writer.ts";
import { version } from "../../src/version.ts";
import { render, type Subject, signs } from "./render.ts";
import { Failure, tellActions, type World } from "./world.ts";

const Outcome = z.object({
  environment: z.string().min(1),
  from: z.enum(["preview", "configuration", "drift", "nothing"]),
  source: z.string(),
  /** Whether the engine refused. */
  refused: z.boolean(),
  verdict: z.enum(["pass", "violation", "undetermined"]),
});
export type Outcome = z.infer<typeof Outcome> & { markdown: string };

/** The exit code of a verdict, as `jwt-secret check` has it. */
export const exitOf: Readonly<Record<JsonReport["verdict"], number>> = {
  pass: 0,
  violation: 1,
  undetermined: 2,
};

const Sarif = z.looseObject({ runs: z.array(z.looseObject({})) });

/** Code scanning keeps the results of two runs apart by this (`automationDetails.id` of SARIF 2.1.0, 3.17.3). */
function withCategory(text: string, category: string): string {
  const sarif = Sarif.parse(JSON.parse(text));
  const runs = sarif.runs.map((run) => ({ ...run, automationDetails: { id: `jwt-secret/${category}/` } }));
  return `${JSON.stringify({ ...sarif, runs }, null, 2)}\n`;
}

const optionsIn = (world: World): WriterOptions => ({ rules, version: version(), root: world.directory });

/** What is said of an environment, without writing it anywhere. */
export function outcomeOf(subject: Subject, world: World): Outcome {
  const { environment, from, source, report, errors = [] } = subject;
  const markdown = render(subject, optionsIn(world));
  return { environment, from, source, refused: errors.length > 0, verdict: report.verdict, markdown };
}

/** Writes `report.md`, `report.sarif` and `outcome.json`, and the job's summary. Gives the verdict's exit code. */
export function writeOutcome(subject: Subject, folder: string, world: World): number {
  const { markdown, ...outcome } = outcomeOf(subject, world);
  const { environment, from, source, verdict } = outcome;
  const sarif = sarifWriter.write(subject.report, optionsIn(world));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "report.md"), markdown);
  writeFileSync(join(folder, "report.sarif"), withCategory(sarif, `${environment}/${from}`));
  writeFileSync(join(folder, "outcome.json"), `${JSON.stringify(outcome, null, 2)}\n`);
  tellActions(world, "GITHUB_STEP_SUMMARY", `${markdown}\n`);
  world.stdout.write(`${environment}: ${verdict} (from ${source}; ${join(folder, "report.md")})\n`);
  return exitOf[verdict];
}

function readOne(folder: string): Outcome | undefined {
  const file = join(folder, "outcome.json");
  if (!existsSync(file)) return undefined;
  try {
    const outcome = Outcome.parse(JSON.parse(readFileSync(file, "utf8")));
    return { ...outcome, markdown: readFileSync(join(folder, "report.md"), "utf8") };
  } catch {
    throw new Failure(`${file} is not what ci:report writes: run the job again`);
  }
}

/** What stands for an environment whose job ended without a report. */
export function missing(environment: string): Outcome {
  const source = "nothing: the job ended without a report";
  const markdown = `## ❔ ${environment}: undetermined\n\nThe job ended without a report: look at its log.\n`;
  return { environment, from: "nothing", source, refused: false, verdict: "undetermined", markdown };
}

/** An environment that is reported on. */
export interface Wanted {
  environment: string;
  /** Whether its configuration is all that was to be checked. @default false */
  configured?: boolean;
}

function choose(
  { environment, configured = false }: Wanted,
  all: readonly Outcome[],
  folder: string,
): Outcome {
  const own = all.filter((outcome) => outcome.environment === environment);
  const [looked, ...more] = own.filter(({ from }) => from !== "configuration");
  const [written, ...again] = own.filter(({ from }) => from === "configuration");
  if (more.length + again.length > 0)
    throw new Failure(`${folder} holds two reports of ${environment}: keep one`);
  if (looked !== undefined) return looked;
  // A configuration that passes says nothing of a preview that never ended; one that does not explains why there is none.
  const enough = configured || written?.verdict !== "pass";
  return written !== undefined && enough ? written : missing(environment);
}

/** The outcomes anywhere below `folder`, one per environment asked for; a missing one is undetermined. */
export function readOutcomes(folder: string, wanted: readonly Wanted[]): Outcome[] {
  const below = existsSync(folder) ? readdirSync(folder, { withFileTypes: true, recursive: true }) : [];
  const found = below.flatMap((entry) =>
    entry.isDirectory() ? (readOne(join(entry.parentPath, entry.name)) ?? []) : [],
  );
  return wanted.map((each) => choose(each, found, folder));
}

/** The worst verdict; undetermined of none. */
export function worst(outcomes: readonly Outcome[]): Outcome["verdict"] {
  const has = (verdict: Outcome["verdict"]) => outcomes.some((outcome) => outcome.verdict === verdict);
  if (has("violation")) return "violation";
  return outcomes.length === 0 || has("undetermined") ? "undetermined" : "pass";
}

/** A verdict as a line shows it; of an engine that refused, that. */
export function labelOf({ verdict, refused }: Pick<Outcome, "verdict" | "refused">): string {
  return refused && verdict !== "violation" ? "⛔ refused" : `${signs[verdict]} ${verdict}`;
}

/** The label over several environments. */
export function worstLabel(outcomes: readonly Outcome[]): string {
  return labelOf({ verdict: worst(outcomes), refused: outcomes.some(({ refused }) => refused) });
}
