/** `jwt-secret adopt`: what runs in, a report and the files for taking it over out. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { type AdoptedFile, type AdoptionInput, adopt } from "../../adoption/adoption.ts";
import { type Plan, stackText } from "../../adoption/plan.ts";
import { importName, reportName, reportText } from "../../adoption/report.ts";
import { DocumentError } from "../../documents/error.ts";
import { isPlaceholderProject } from "../../environment/names.ts";
import { visible } from "../../reports/escape.ts";
import { readBytes } from "../check/read.ts";
import { type Command, exit, Failure, type World } from "../command.ts";
import { help } from "./help.ts";
import { type AdoptOptions, readOptions } from "./options.ts";
import { type Written, writeAll } from "./write.ts";

async function readFiles(options: AdoptOptions, world: World) {
  const files: AdoptedFile[] = [];
  const policies: AdoptionInput["policies"][number][] = [];
  const unread: DocumentError[] = [];
  const attempt = async (file: string, use: (read: AdoptedFile) => void) => {
    try {
      use({ file: file === "-" ? "standard input" : file, content: await readBytes(file, world) });
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      unread.push(error);
    }
  };
  // A file named twice is read once.
  for (const file of new Set(options.files)) await attempt(file, (read) => files.push(read));
  for (const { secret, file } of options.policies) {
    await attempt(file, (read) => policies.push({ ...read, secret }));
  }
  return { files, policies, unread };
}

type StackFile = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is StackFile {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The stack's file as it is; one that is no YAML is somebody's, and unreadable. */
function stackFile(text: string | undefined): StackFile | undefined {
  if (text === undefined) return {};
  try {
    const content: unknown = parse(text) ?? {};
    return isMap(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

const oursOrPlace = (key: string) =>
  key.startsWith("jwt-secret:") || key === "gcp:project" || key === "gcp:region";

/** Nobody has configured an environment that has no settings of ours, or the placeholder's project. */
function isFree(text: string): boolean {
  const file = stackFile(text);
  if (file === undefined) return false;
  const config = isMap(file.config) ? file.config : {};
  const project = config["gcp:project"];
  return (
    !Object.keys(config).some(oursOrPlace) || (typeof project === "string" && isPlaceholderProject(project))
  );
}

/** What a stack's file holds beside our keys: the salt and secrets provider of Pulumi, settings of the provider. */
function beside(path: string): StackFile {
  const file = existsSync(path) ? (stackFile(readFileSync(path, "utf8")) ?? {}) : {};
  const config = isMap(file.config) ? file.config : {};
  const others = Object.entries(config).filter(([key]) => !oursOrPlace(key));
  return { ...file, config: Object.fromEntries(others) };
}

function filesOf(folder: string, environment: string, plan: Plan, report: string): Written[] {
  const stack = `Pulumi.${environment}.yaml`;
  return [
    { path: stack, text: stackText(plan.config, beside(join(folder, stack))) },
    ...(plan.overrides === undefined ? [] : [{ path: `overrides/${environment}.ts`, text: plan.overrides }]),
    { path: importName(environment), text: plan.imported },
    { path: reportName(environment), text: report },
  ];
}

/** An override of an earlier life would go on changing the services. */
function staleOverride(folder: string, environment: string, plan: Plan): string | undefined {
  const path = join(folder, "overrides", `${environment}.ts`);
  return plan.overrides === undefined && existsSync(path) ? path : undefined;
}

async function run(args: readonly string[], world: World): Promise<number> {
  const options = readOptions(args);
  const { environment, output } = options;
  const adoption = adopt({ ...options, ...(await readFiles(options, world)) });
  const { plan } = adoption;
  const report = reportText(adoption);
  world.stdout.write(report);
  if (plan === undefined) {
    const count = adoption.problems.length;
    throw new Failure(
      `${visible(environment)} cannot be adopted yet: ${count === 1 ? "one thing stands" : `${count} things stand`} in the way (above); nothing was written`,
    );
  }
  if (output === undefined) {
    world.stdout.write("\nNothing was written: add --output . to write the files for these steps.\n");
    return exit.pass;
  }
  const folder = resolve(world.directory, output);
  const stale = staleOverride(folder, environment, plan);
  if (stale !== undefined) {
    throw new Failure(
      `${stale}: is there, and these services need none, so it would change them; nothing was written. Remove it first`,
    );
  }
  const files = filesOf(folder, environment, plan, report);
  writeAll(folder, files, (path, old) => options.force || (path.startsWith("Pulumi.") && isFree(old)));
  world.stdout.write(`\nWritten: ${files.map(({ path }) => visible(path)).join(", ")}\n`);
  return exit.pass;
}

export const command: Command = { help, run };
