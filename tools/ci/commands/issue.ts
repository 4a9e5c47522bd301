/** `npm run ci:issue`: the one issue about drift, opened when an environment fails and closed when all are green again. */
import { resolve } from "node:path";
import { z } from "zod";
import { markdownCode } from "../../../src/reports/escape.ts";
import { Author, GitHub, workflowAuthor } from "../github.ts";
import { labelOf, type Outcome, readOutcomes, worst } from "../outcome.ts";
import { type Command, readOptions, type World } from "../world.ts";
import { EnvironmentName } from "./report.ts";

const help = `Usage: npm run ci:issue -- --environment NAME [--environment NAME ...] [options]

Opens the issue about drift when an environment is not a pass, updates it while that lasts, and closes it when all pass.

  --environment NAME  an environment; one without a report is undetermined; repeatable
  --reports FOLDER    the folder that holds a folder per environment (default: reports/ci)
  --author LOGIN      whose issue may be changed (default: ${workflowAuthor})
  --dry-run           print the issue, call nobody

GITHUB_REPOSITORY and GITHUB_TOKEN say where and as whom; GITHUB_API_URL is GitHub's own unless set.
exit 0 done, whatever the verdict · 2 not
`;

const Options = z.object({
  environment: z.array(EnvironmentName).min(1, "name an environment"),
  reports: z.string().min(1).default("reports/ci"),
  author: z.string().min(1).default(workflowAuthor),
  "dry-run": z.boolean().default(false),
});

/** Marks the issue; people do not see it. */
export const marker = "<!-- jwt-secret: drift -->";
/** What the issue is found by, besides its mark and its author. */
export const label = "jwt-secret-drift";
const title = "What is deployed fails the jwt-secret check";

/** GitHub refuses a body of more than 65,536 characters. */
const longest = 65_000;

/** The issue's text. Too long, it is the verdicts alone, and says where the rest is. */
export function bodyOf(outcomes: readonly Outcome[], url: string): string {
  const list = outcomes.map((outcome) => `- ${markdownCode(outcome.environment)}: ${labelOf(outcome)}`);
  const head = [
    marker,
    "What is deployed was looked at, and is not known to be right. [The run](" +
      url +
      ") has the whole output.",
    "This issue is updated every night and closed when everything passes again.",
    "",
    ...list,
    "",
  ];
  const failing = outcomes.filter(({ verdict }) => verdict !== "pass").map(({ markdown }) => markdown);
  const full = [...head, ...failing].join("\n");
  return full.length <= longest
    ? full
    : [...head, "The reports are in the summary of the run.", ""].join("\n");
}

const Issue = z.object({
  number: z.number().int(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: Author,
  // Pull requests are issues to this API.
  pull_request: z.unknown().optional(),
});
const Anything = z.unknown();

/** What was done, in a line. */
export async function settle(github: GitHub, outcomes: readonly Outcome[], author: string): Promise<string> {
  const open = await github.list(`/issues?state=open&labels=${label}`, Issue);
  const own = open.filter(
    (issue) =>
      issue.pull_request === undefined && issue.user?.login === author && issue.body?.startsWith(marker),
  );
  if (worst(outcomes) === "pass") {
    for (const { number } of own) {
      const body = `Everything passes again: [the run](${github.runUrl}).`;
      await github.send("POST", `/issues/${number}/comments`, { body }, Anything);
      await github.send(
        "PATCH",
        `/issues/${number}`,
        { state: "closed", state_reason: "completed" },
        Anything,
      );
    }
    return own.length === 0
      ? "all pass, and no issue is open"
      : `closed ${own.map(({ html_url }) => html_url).join(", ")}`;
  }
  const body = bodyOf(outcomes, github.runUrl);
  const [known] = own;
  if (known !== undefined) {
    await github.send("PATCH", `/issues/${known.number}`, { body }, Anything);
    return `updated ${known.html_url}`;
  }
  const made = await github.send("POST", "/issues", { title, body, labels: [label] }, Issue);
  return `opened ${made.html_url}`;
}

async function run(args: readonly string[], world: World): Promise<number> {
  const options = readOptions(Options, args, {
    environment: { type: "string", multiple: true },
    reports: { type: "string" },
    author: { type: "string" },
    "dry-run": { type: "boolean" },
  });
  const wanted = options.environment.map((environment) => ({ environment }));
  const outcomes = readOutcomes(resolve(world.directory, options.reports), wanted);
  if (options["dry-run"]) {
    world.stdout.write(bodyOf(outcomes, "https://github.com"));
    return 0;
  }
  world.stdout.write(`${await settle(new GitHub(world), outcomes, options.author)}\n`);
  return 0;
}

export const command: Command = { help, run };
