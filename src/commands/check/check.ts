/** `jwt-secret check`: files in, verdict out. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type CheckedDocument, checkDocuments } from "../../check.ts";
import { DocumentError } from "../../documents/error.ts";
import { rules } from "../../policy/policy.ts";
import type { Report } from "../../policy/report.ts";
import { visible } from "../../reports/escape.ts";
import { writers } from "../../reports/writer.ts";
import { version } from "../../version.ts";
import { type Command, exit, Failure, type World } from "../command.ts";
import { help } from "./help.ts";
import { type CheckOptions, readOptions } from "./options.ts";
import { ownDocuments } from "./own.ts";
import { readBytes } from "./read.ts";
import { readSettings, readWaivers } from "./settings.ts";

async function readFiles(files: readonly string[], world: World) {
  const documents: CheckedDocument[] = [];
  const problems: DocumentError[] = [];
  // A file named twice is read once.
  for (const file of new Set(files)) {
    try {
      documents.push({ file: file === "-" ? "standard input" : file, content: await readBytes(file, world) });
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      problems.push(error);
    }
  }
  return { documents, problems };
}

function useColour({ stdout, env }: World, { format, output }: CheckOptions): boolean {
  return (
    format === "text" && output === undefined && stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb"
  );
}

function print(report: Report, options: CheckOptions, world: World): void {
  const text = writers[options.format].write(report, {
    rules,
    version: version(),
    colour: useColour(world, options),
    root: world.directory,
  });
  if (options.output === undefined) {
    world.stdout.write(text);
    return;
  }
  try {
    writeFileSync(resolve(world.directory, options.output), text);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw new Failure(
      `${options.output}: the report cannot be written there (${code}): name another file with --output`,
    );
  }
}

async function run(args: readonly string[], world: World): Promise<number> {
  const options = readOptions(args);
  const settings = await readSettings(world);
  const waivers = options.waivers === undefined ? [] : await readWaivers(options.waivers, world);
  const read =
    options.files.length > 0
      ? await readFiles(options.files, world)
      : await ownDocuments(options.environment, world);
  const { report, problems } = checkDocuments({
    ...options,
    documents: read.documents,
    unread: read.problems,
    settings,
    waivers,
    today: world.now.toISOString().slice(0, 10),
  });
  for (const problem of problems) world.stderr.write(`jwt-secret check: ${visible(problem.describe())}\n`);
  // For people the line above says it all; a program that reads the report gets one in any case.
  const nothing = report.environments.length === 0 && problems.length > 0;
  if (!nothing || options.format !== "text" || options.output !== undefined) print(report, options, world);
  return exit[report.verdict];
}

export const command: Command = { help, run };
