/** `npm run ci:comment`: the one comment on a pull request, written once and then updated in place. */
import { resolve } from "node:path";
import { z } from "zod";
import { markdownCode, markdownText } from "../../../src/reports/escape.ts";
import { Author, GitHub, workflowAuthor } from "../github.ts";
import { labelOf, type Outcome, readOutcomes, worstLabel } from "../outcome.ts";
import { type Command, Failure, readOptions, type World } from "../world.ts";
import { EnvironmentName, read } from "./report.ts";

const help = `Usage: npm run ci:comment -- --environment NAME ... [options]

Writes the reports of these environments as one comment on a pull request, and updates it when it is there.

  --environment NAME     an environment that was previewed; without a preview it is no pass; repeatable
  --configured NAME      an environment of which the configuration alone was checked; repeatable
  --reports FOLDER       the folder that holds a folder per environment (default: reports/ci)
  --pull-request NUMBER  default: that of the event (GITHUB_EVENT_PATH)
  --author LOGIN         whose comment may be updated (default: ${workflowAuthor})
  --dry-run              print the comment, call nobody

GITHUB_REPOSITORY and GITHUB_TOKEN say where and as whom; GITHUB_API_URL is GitHub's own unless set.
exit 0 written · 2 not
`;

const Options = z.object({
  environment: z.array(EnvironmentName).min(1, "name an environment"),
  configured: z.array(EnvironmentName).default([]),
  reports: z.string().min(1).default("reports/ci"),
  "pull-request": z.coerce.number().int().positive().optional(),
  author: z.string().min(1).default(workflowAuthor),
  "dry-run": z.boolean().default(false),
});

const Event = z.object({
  pull_request: z.object({ number: z.number().int(), head: z.object({ sha: z.string() }).optional() }),
});

/** Marks the comment; people do not see it. */
export const marker = "<!-- jwt-secret: report -->";

/** GitHub refuses a comment of more than 65,536 characters. */
const longest = 65_000;

/** The comment. Too long, it is the verdicts alone, and says where the rest is. */
export function commentOf(
  outcomes: readonly Outcome[],
  { commit, url }: { commit?: string; url: string },
): string {
  const rows = outcomes.map(
    (outcome) =>
      `| ${markdownCode(outcome.environment)} | ${labelOf(outcome)} | ${markdownText(outcome.source)} |`,
  );
  const at = commit === undefined ? "" : ` of ${markdownCode(commit.slice(0, 12))}`;
  const head = [
    marker,
    `# jwt-secret: ${worstLabel(outcomes)}`,
    "",
    "| environment | verdict | from |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ];
  const foot = [`<sub>[The run](${url})${at}</sub>`, ""];
  const full = [...head, ...outcomes.map(({ markdown }) => markdown), ...foot].join("\n");
  if (full.length <= longest) return full;
  return [
    ...head,
    "The reports are too long for a comment: they are in the summary of the run.",
    "",
    ...foot,
  ].join("\n");
}

const Comment = z.object({ id: z.number().int(), body: z.string().nullish(), user: Author });
const Written = z.object({ html_url: z.string() });

/** Updates the comment that `author` wrote, or writes it. A comment of somebody else with the same mark is not ours. */
export async function upsert(
  github: GitHub,
  pullRequest: number,
  body: string,
  author: string,
): Promise<string> {
  const comments = await github.list(`/issues/${pullRequest}/comments`, Comment);
  const own = comments.find((comment) => comment.user?.login === author && comment.body?.startsWith(marker));
  const { html_url } =
    own === undefined
      ? await github.send("POST", `/issues/${pullRequest}/comments`, { body }, Written)
      : await github.send("PATCH", `/issues/comments/${own.id}`, { body }, Written);
  return html_url;
}

function eventOf(world: World): z.infer<typeof Event>["pull_request"] | undefined {
  const path = world.env.GITHUB_EVENT_PATH;
  if (path === undefined || path === "") return undefined;
  const result = Event.safeParse(JSON.parse(read(path, world)));
  return result.success ? result.data.pull_request : undefined;
}

async function run(args: readonly string[], world: World): Promise<number> {
  const string = { type: "string" } as const;
  const options = readOptions(Options, args, {
    environment: { type: "string", multiple: true },
    configured: { type: "string", multiple: true },
    reports: string,
    "pull-request": string,
    author: string,
    "dry-run": { type: "boolean" },
  });
  const event = eventOf(world);
  const outcomes = readOutcomes(resolve(world.directory, options.reports), [
    ...options.environment.map((environment) => ({ environment })),
    ...options.configured.map((environment) => ({ environment, configured: true })),
  ]);
  const commit = event?.head?.sha;
  const about = commit === undefined ? {} : { commit };
  if (options["dry-run"]) {
    world.stdout.write(commentOf(outcomes, { ...about, url: "https://github.com" }));
    return 0;
  }
  const number = options["pull-request"] ?? event?.number;
  if (number === undefined) throw new Failure("no pull request is named: give --pull-request NUMBER");
  const github = new GitHub(world);
  const url = await upsert(
    github,
    number,
    commentOf(outcomes, { ...about, url: github.runUrl }),
    options.author,
  );
  world.stdout.write(`${url}\n`);
  return 0;
}

export const command: Command = { help, run };
