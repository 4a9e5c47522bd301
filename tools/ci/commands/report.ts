/** `npm run ci:report`: a preview that is there, or the committed configuration, as a report for reviewers. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { changesOf } from "../changes.ts";
import { beforeDocument, errorsOf, readPreviewDocument } from "../document.ts";
import { doubted, judge } from "../judge.ts";
import { writeOutcome } from "../outcome.ts";
import { compare } from "../references.ts";
import type { Subject } from "../render.ts";
import { type Command, Failure, readOptions, type World } from "../world.ts";

const help = `Usage: npm run ci:report -- --environment NAME [--preview FILE] [--output FOLDER]

Checks one environment and writes report.md, report.sarif and outcome.json into FOLDER.

  --environment NAME  the environment
  --preview FILE      what pulumi preview --json --show-sames printed; without it, the committed configuration
  --exit-code NUMBER  how that preview ended (default: 0); one that failed is never a pass
  --output FOLDER     default: reports/ci/NAME

exit 0 pass · 1 violation · 2 undetermined
`;

/** An environment's name, which becomes part of a path. */
export const EnvironmentName = z
  .string({ error: "name an environment" })
  .regex(/^[a-z][a-z0-9-]*$/, "is the name of an environment, such as staging");

const Options = z.object({
  environment: EnvironmentName,
  preview: z.string().min(1).optional(),
  "exit-code": z.coerce.number().int().default(0),
  output: z.string().min(1).optional(),
});

/** Where a job's files go unless it says otherwise; git ignores it. */
export const defaultFolder = (environment: string) => join("reports", "ci", environment);

/** A document of the engine, and how the engine ended. */
export interface Engine {
  /** As messages name it, relative to the project's folder. */
  file: string;
  from: Subject["from"];
  /** What the engine was asked for, such as `pulumi preview`. */
  source: string;
  code: number;
  /** What it said beside the document. */
  stderr?: string;
  changesTitle?: string;
}

/** The last lines of what the engine said, for a failure that its document does not explain. */
const tail = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-15)
    .join("\n");

/** Everything a reviewer wants to know of a preview. @throws Failure for what is no preview */
export async function subjectOf(environment: string, engine: Engine, world: World): Promise<Subject> {
  const document = readPreviewDocument(read(engine.file, world), engine.file);
  const report = await judge([engine.file], world);
  const said = errorsOf(document);
  const failed = engine.code !== 0 || said.length > 0;
  const errors =
    said.length > 0 || !failed ? said : [tail(engine.stderr ?? "") || `exit code ${engine.code}`];
  const named = report.environments.map(({ name }) => name).filter((name) => name !== environment);
  const notes = [
    ...(failed ? [`The preview of ${environment} failed, so nothing in it is certain.`] : []),
    ...named.map((name) => `The document speaks of ${name ?? "no environment"}, not of ${environment}.`),
  ];
  return {
    environment,
    from: engine.from,
    source: engine.source,
    report: doubted(report, notes),
    changes: changesOf(document),
    rows: compare(beforeDocument(document), document),
    errors,
    ...(engine.changesTitle === undefined ? {} : { changesTitle: engine.changesTitle }),
  };
}

/** The text of a file. @throws Failure */
export function read(file: string, world: World): string {
  try {
    return readFileSync(resolve(world.directory, file), "utf8");
  } catch {
    throw new Failure(`${file} cannot be read: check the path`);
  }
}

async function run(args: readonly string[], world: World): Promise<number> {
  const string = { type: "string" } as const;
  const names = { environment: string, preview: string, "exit-code": string, output: string };
  const { environment, preview, output, "exit-code": code } = readOptions(Options, args, names);
  const folder = resolve(world.directory, output ?? defaultFolder(environment));
  if (preview === undefined) {
    const source = `the committed configuration (Pulumi.${environment}.yaml and the program), without a preview`;
    const report = await judge(["--environment", environment], world);
    return writeOutcome({ environment, from: "configuration", source, report }, folder, world);
  }
  const engine: Engine = { file: preview, from: "preview", source: "pulumi preview", code };
  const subject = await subjectOf(environment, engine, world);
  return writeOutcome(subject, folder, world);
}

export const command: Command = { help, run };
