/** The verdict, from the very command a user runs: its settings, its waivers, its exit code. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { main } from "../../src/cli.ts";
import { JsonReport } from "../../src/reports/schema.ts";
import { Failure, type World } from "./world.ts";

/** Accepted findings; the pipeline passes it to the check where the project has one. */
export const waiversFile = "jwt-secret.waivers.yaml";

const verdictOf = ["pass", "violation", "undetermined"] as const;

/**
 * Runs `jwt-secret check` with these arguments.
 * @throws Failure when the check prints no report, or one that its exit code contradicts
 */
export async function judge(args: readonly string[], world: World): Promise<JsonReport> {
  const waivers = existsSync(join(world.directory, waiversFile)) ? ["--waivers", waiversFile] : [];
  let printed = "";
  const stdout = {
    write: (text: string) => {
      printed += text;
    },
  };
  const { env, directory, stderr } = world;
  const surroundings = { stdin: Readable.from([]), stdout, stderr, env, directory, now: new Date() };
  const code = await main(["check", ...args, ...waivers, "--format", "json"], surroundings);
  let value: unknown;
  try {
    value = JSON.parse(printed);
  } catch {
    throw new Failure(
      "the check gave no report (its message is above): run npm run check with the same document",
    );
  }
  const report = JsonReport.parse(value);
  if (verdictOf[code] !== report.verdict) {
    throw new Failure(
      `the check ended with exit code ${code} and the verdict ${report.verdict}: nothing is decided`,
    );
  }
  return report;
}

/** The report when something besides the documents went wrong: what is not known is not a pass. */
export function doubted(report: JsonReport, notes: readonly string[]): JsonReport {
  if (notes.length === 0) return report;
  const doubt = <T extends { verdict: JsonReport["verdict"] }>(part: T): T =>
    part.verdict === "pass" ? { ...part, verdict: "undetermined" } : part;
  return {
    ...doubt(report),
    environments: report.environments.map(doubt),
    notes: [...report.notes, ...notes],
  };
}
