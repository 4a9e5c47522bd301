/** `npm run ci:gates`: GitHub's own settings, without which an approval is only a word in a workflow. */
import { z } from "zod";
import { GitHub } from "../github.ts";
import { type Command, Failure, readOptions, type World } from "../world.ts";
import { EnvironmentName } from "./report.ts";

const help = `Usage: npm run ci:gates -- [--approved NAME ...] [--branch-only NAME ...]

Fails unless GitHub is set up to hold what the workflows promise: each environment exists, may be used from chosen
branches alone, and, when it is named by --approved, waits for a reviewer; CODEOWNERS has no errors. GitHub makes an
environment that is missing without any protection, and ignores a line of CODEOWNERS that it cannot read.

  --approved NAME     an environment that waits for a reviewer; repeatable
  --branch-only NAME  an environment that chosen branches alone may use; repeatable

GITHUB_REPOSITORY and GITHUB_TOKEN say where and as whom; GITHUB_API_URL is GitHub's own unless set.
exit 0 all hold · 1 one does not · 2 cannot be told
`;

const Options = z.object({
  approved: z.array(EnvironmentName).default([]),
  "branch-only": z.array(EnvironmentName).default([]),
});

const Environment = z.object({
  deployment_branch_policy: z
    .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
    .nullish(),
  protection_rules: z
    .array(z.looseObject({ type: z.string(), reviewers: z.array(z.unknown()).optional() }))
    .default([]),
});
const Owners = z.object({
  errors: z.array(z.object({ line: z.number(), path: z.string(), message: z.string() })),
});

async function problemsOf(github: GitHub, name: string, approved: boolean): Promise<string[]> {
  const found = await github.find(`/environments/${name}`, Environment);
  if (found === undefined) {
    return [
      `The environment ${name} does not exist, so GitHub would make it without protection: make it in Settings, Environments.`,
    ];
  }
  const branches = found.deployment_branch_policy;
  const reviewed = found.protection_rules.some(
    ({ type, reviewers = [] }) => type === "required_reviewers" && reviewers.length > 0,
  );
  return [
    ...(branches
      ? []
      : [`The environment ${name} may be used from any branch: choose its deployment branches.`]),
    ...(approved && !reviewed ? [`The environment ${name} waits for nobody: add required reviewers.`] : []),
  ];
}

async function run(args: readonly string[], world: World): Promise<number> {
  const several = { type: "string", multiple: true } as const;
  const options = readOptions(Options, args, { approved: several, "branch-only": several });
  if (options.approved.length + options["branch-only"].length === 0) {
    throw new Failure("no environment is named: give --approved NAME");
  }
  const github = new GitHub(world);
  const problems: string[] = [];
  for (const name of options.approved) problems.push(...(await problemsOf(github, name, true)));
  for (const name of options["branch-only"]) problems.push(...(await problemsOf(github, name, false)));
  const owners = await github.get("/codeowners/errors", Owners);
  // The message goes on over several lines with a picture of the line.
  const lines = owners.errors.map(({ path, line, message }) => `${path}:${line}: ${message.split("\n")[0]}`);
  problems.push(...lines);
  for (const problem of problems) world.stderr.write(`${problem}\n`);
  if (problems.length === 0) world.stdout.write("GitHub is set up as the workflows need it.\n");
  return problems.length === 0 ? 0 : 1;
}

export const command: Command = { help, run };
