/** `npm run ci:preview`: previews an environment with the policy pack on, and reports it. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { z } from "zod";
import { digestOf } from "../digest.ts";
import { readPreviewDocument } from "../document.ts";
import { exitOf, writeOutcome } from "../outcome.ts";
import { type Command, Failure, readOptions, run as runProgram, tellActions, type World } from "../world.ts";
import { defaultFolder, type Engine, EnvironmentName, subjectOf } from "./report.ts";

const help = `Usage: npm run ci:preview -- --environment NAME [options]

Runs pulumi preview --json --show-sames with the policy pack, checks the document, and writes report.md, report.sarif
and outcome.json. Under GitHub Actions also the job's summary and the output digest.

  --environment NAME  the environment, which is the stack
  --output FOLDER     default: reports/ci/NAME
  --save-plan FILE    the engine's update plan, for pulumi up --plan; kept only when the verdict is a pass.
                      It holds the ciphertext of the stack's secrets: never upload it
  --expect DIGEST     the digest of the preview that was reviewed; another one is refused, and no plan is kept

exit 0 pass · 1 violation · 2 undetermined, or not what was reviewed
`;

const Options = z.object({
  environment: EnvironmentName,
  output: z.string().min(1).optional(),
  "save-plan": z.string().min(1).optional(),
  expect: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "is the digest that the reviewed preview printed")
    .optional(),
});

/** The folder of the policy pack, relative to the project. */
export const policyPack = "policy-pack";

async function run(args: readonly string[], world: World): Promise<number> {
  const string = { type: "string" } as const;
  const names = { environment: string, output: string, "save-plan": string, expect: string };
  const { environment, output, expect, "save-plan": plan } = readOptions(Options, args, names);
  const folder = resolve(world.directory, output ?? defaultFolder(environment));
  // A plan of an earlier run must not outlive a preview that fails.
  const dropPlan = () => {
    if (plan !== undefined) rmSync(resolve(world.directory, plan), { force: true });
  };
  dropPlan();
  try {
    const code = await previewed({ environment, folder, plan, expect }, world);
    if (code !== exitOf.pass) dropPlan();
    return code;
  } catch (error) {
    dropPlan();
    throw error;
  }
}

interface Request {
  environment: string;
  folder: string;
  plan: string | undefined;
  expect: string | undefined;
}

async function previewed({ environment, folder, plan, expect }: Request, world: World): Promise<number> {
  const args = ["preview", "--stack", environment, "--json", "--show-sames", "--non-interactive"];
  const more = ["--policy-pack", policyPack, ...(plan === undefined ? [] : ["--save-plan", plan])];
  world.stderr.write(`pulumi preview --stack ${environment} ...\n`);
  const { code, stdout, stderr } = await runProgram("pulumi", [...args, ...more], world);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "preview.json");
  writeFileSync(path, stdout);
  if (stdout.trim() === "") {
    throw new Failure(
      `pulumi preview of ${environment} printed no document (its message is above): mend that, then run this again`,
    );
  }
  const file = relative(world.directory, path);
  const engine: Engine = { file, from: "preview", source: "pulumi preview", code, stderr };
  const subject = await subjectOf(environment, engine, world);
  const verdict = writeOutcome(subject, folder, world);
  const digest = digestOf(readPreviewDocument(stdout, file));
  if (expect !== undefined && expect !== digest) {
    throw new Failure(
      `the preview of ${environment} is not the one that was reviewed: something changed since; run the workflow again and review the new one`,
    );
  }
  if (verdict === exitOf.pass) {
    world.stdout.write(`digest ${digest}\n`);
    tellActions(world, "GITHUB_OUTPUT", `digest=${digest}\n`);
  }
  return verdict;
}

export const command: Command = { help, run };
