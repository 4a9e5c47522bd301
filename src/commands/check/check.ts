/** `jwt-secret check`: files in, verdict out. */
import { type CheckedDocument, checkDocuments } from "../../check.ts";
import { DocumentError } from "../../documents/error.ts";
import { visible } from "../../reports/escape.ts";
import { type Command, exit, type World } from "../command.ts";
import { help } from "./help.ts";
import { readOptions, valued } from "./options.ts";
import { print, refuseOverwriting } from "./output.ts";
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

async function run(args: readonly string[], world: World): Promise<number> {
  const options = readOptions(args);
  refuseOverwriting(options, world);
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

export const command: Command = { help, valued, run };
