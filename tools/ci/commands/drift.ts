/** `npm run ci:drift`: what is deployed, as the engine finds it and as Cloud Run shows it, held to the policy. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { JsonReport } from "../../../src/reports/schema.ts";
import { doubted, judge } from "../judge.ts";
import { writeOutcome } from "../outcome.ts";
import type { Subject } from "../render.ts";
import { type Command, Failure, type Ran, readOptions, run as runProgram, type World } from "../world.ts";
import { defaultFolder, type Engine, EnvironmentName, read, subjectOf } from "./report.ts";

const help = `Usage: npm run ci:drift -- --environment NAME [--output FOLDER]

Runs pulumi refresh --preview-only --json and gcloud run services list --format=json, which change nothing, checks what
both print, and writes report.md, report.sarif and outcome.json into FOLDER.

  --environment NAME  the environment, which is the stack; its gcp:project is that of Pulumi.NAME.yaml
  --output FOLDER     default: reports/ci/NAME

exit 0 pass · 1 violation · 2 undetermined
`;

const Options = z.object({ environment: EnvironmentName, output: z.string().min(1).optional() });

const StackFile = z.object({ config: z.looseObject({ "gcp:project": z.string().min(1) }) });

function projectOf(environment: string, world: World): string {
  const file = `Pulumi.${environment}.yaml`;
  const result = StackFile.safeParse(parse(read(file, world)));
  if (result.success) return result.data.config["gcp:project"];
  throw new Failure(`${file} names no gcp:project: set it with pulumi config set gcp:project PROJECT_ID`);
}

/** Keeps a document; a program that printed none is a failure. */
function keep(ran: Ran, what: string, folder: string, name: string, world: World): string {
  if (ran.stdout.trim() === "") {
    throw new Failure(`${what} printed no document (its message is above): mend that, then run this again`);
  }
  const path = join(folder, name);
  writeFileSync(path, ran.stdout);
  return relative(world.directory, path);
}

const list = (report: JsonReport) => report.environments.flatMap((environment) => environment.services);

/** The live services by the names that the stack gives them: others in the project are no candidates. */
function rolesOf(report: JsonReport): string[] {
  return list(report).flatMap(({ role, name }) => (role === null ? [] : ["--service", `${role}=${name}`]));
}

const ranking: readonly JsonReport["verdict"][] = ["violation", "undetermined", "pass"];

/** Both reports as one: the worse verdict, each environment as its document showed it. */
export function joined(stack: JsonReport, live: JsonReport): JsonReport {
  const verdict = ranking.find((each) => each === stack.verdict || each === live.verdict) ?? "undetermined";
  return {
    ...stack,
    verdict,
    environments: [...stack.environments, ...live.environments],
    notes: [...stack.notes, ...live.notes],
  };
}

/** What gcloud listed, and how it ended. */
export interface Listed {
  file: string;
  environment: string;
  project: string;
  code: number;
}

/** The verdict on the live services, which go by the roles that the stack gives them. */
export async function checkLive(stack: JsonReport, listed: Listed, world: World): Promise<JsonReport> {
  const { file, environment, project, code } = listed;
  const options = ["--environment", environment, "--project", project, ...rolesOf(stack)];
  const report = await judge([file, ...options], world);
  return doubted(
    report,
    code === 0 ? [] : [`gcloud ended with exit code ${code}, so what it listed is not certain.`],
  );
}

async function run(args: readonly string[], world: World): Promise<number> {
  const string = { type: "string" } as const;
  const { environment, output } = readOptions(Options, args, { environment: string, output: string });
  const project = projectOf(environment, world);
  const folder = resolve(world.directory, output ?? defaultFolder(environment));
  mkdirSync(folder, { recursive: true });

  world.stderr.write(`pulumi refresh --preview-only --stack ${environment} ...\n`);
  const refresh = ["refresh", "--preview-only", "--json", "--show-sames", "--stack", environment];
  const refreshed = await runProgram("pulumi", [...refresh, "--non-interactive"], world);
  const { code, stderr } = refreshed;
  const file = keep(refreshed, `pulumi refresh of ${environment}`, folder, "refresh.json", world);
  const source = "pulumi refresh --preview-only, and gcloud run services list";
  const engine: Engine = { file, from: "drift", source, code, stderr, changesTitle: "What has drifted" };
  const stack = await subjectOf(environment, engine, world);

  world.stderr.write(`gcloud run services list --project ${project} ...\n`);
  const listed = await runProgram(
    "gcloud",
    ["run", "services", "list", "--project", project, "--format=json", "--quiet"],
    world,
  );
  const services = keep(listed, "gcloud run services list", folder, "services.json", world);
  const live = await checkLive(
    stack.report,
    { file: services, environment, project, code: listed.code },
    world,
  );
  const subject: Subject = { ...stack, report: joined(stack.report, live) };
  return writeOutcome(subject, folder, world);
}

export const command: Command = { help, run };
