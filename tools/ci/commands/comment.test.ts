import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestGitHub } from "../testing/github.ts";
import { TestProject } from "../testing/world.ts";
import { commentOf, marker } from "./comment.ts";

let github: TestGitHub;
let project: TestProject;
beforeEach(async () => {
  github = new TestGitHub();
  project = new TestProject(await github.start());
  mkdirSync(join(project.directory, "reports"));
  report("staging", "pass");
});
afterEach(async () => {
  project.remove();
  await github.stop();
});

function report(
  environment: string,
  verdict: string,
  more: { folder?: string; from?: string; refused?: boolean } = {},
) {
  const { folder = `report-${environment}`, from = "preview", refused = false } = more;
  mkdirSync(join(project.directory, "reports", folder), { recursive: true });
  const outcome = { environment, from, source: `a ${from}`, refused, verdict };
  project.write(join("reports", folder, "outcome.json"), JSON.stringify(outcome));
  project.write(join("reports", folder, "report.md"), `The ${from} of ${environment}.\n`);
}

const comment = (...more: string[]) =>
  project.ci("comment", "--environment", "staging", "--reports", "reports", "--pull-request", "3", ...more);

test("the first report is a new comment", async () => {
  expect(await comment()).toBe(0);
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.body).toContain("# jwt-secret: ✅ pass");
  expect(github.comments[0]?.body).toContain("The preview of staging.");
  expect(github.comments[0]?.body).toContain("/example/jwt-secret/actions/runs/7");
});

test("the next one updates it in place, wherever it stands among many", async () => {
  for (let index = 0; index < 150; index += 1) github.comment(`comment ${index}`, "ann");
  const own = github.comment(`${marker}\nold`);
  for (let index = 0; index < 150; index += 1) github.comment(`comment ${index}`, "ann");
  expect(await comment()).toBe(0);
  expect(github.comments).toHaveLength(301);
  expect(own.body).toContain("The preview of staging.");
});

test("somebody else's comment with the same mark is not taken for it", async () => {
  const forged = github.comment(`${marker}\n# ✅ jwt-secret: pass`, "mallory");
  expect(await comment()).toBe(0);
  expect(forged.body).not.toContain("The preview");
  expect(github.comments).toHaveLength(2);
});

test("a comment that only quotes the mark is not taken for it", async () => {
  const quoting = github.comment(`> ${marker}`);
  await comment();
  expect(quoting.body).toBe(`> ${marker}`);
});

test("an environment without a report is undetermined", async () => {
  expect(await comment("--environment", "production")).toBe(0);
  expect(github.comments[0]?.body).toContain("# jwt-secret: ❔ undetermined");
  expect(github.comments[0]?.body).toContain("ended without a report");
});

test("the worst verdict stands on top", async () => {
  report("production", "violation");
  await comment("--environment", "production");
  expect(github.comments[0]?.body).toContain("# jwt-secret: ❌ violation");
});

test("an engine that refused is shown as that", async () => {
  report("production", "undetermined", { refused: true });
  await comment("--environment", "production");
  expect(github.comments[0]?.body).toContain("# jwt-secret: ⛔ refused");
  expect(github.comments[0]?.body).toContain("| <code>production</code> | ⛔ refused |");
});

describe("an environment that was not previewed", () => {
  const folder = join("configuration", "production");
  test("and is not to be, is reported as it is configured", async () => {
    report("production", "pass", { from: "configuration", folder });
    await comment("--configured", "production");
    expect(github.comments[0]?.body).toContain("# jwt-secret: ✅ pass");
    expect(github.comments[0]?.body).toContain("The configuration of production.");
  });

  test("though it was to be, is no pass because its configuration is one", async () => {
    report("production", "pass", { from: "configuration", folder });
    await comment("--environment", "production");
    expect(github.comments[0]?.body).toContain("# jwt-secret: ❔ undetermined");
  });

  test("because its configuration fails, is reported as that", async () => {
    report("production", "violation", { from: "configuration", folder });
    await comment("--environment", "production");
    expect(github.comments[0]?.body).toContain("The configuration of production.");
  });

  test("is not what counts once there is a preview", async () => {
    report("staging", "violation", { from: "configuration", folder: join("configuration", "staging") });
    await comment();
    expect(github.comments[0]?.body).toContain("The preview of staging.");
  });
});

test("two reports of one environment are refused", async () => {
  report("staging", "violation", { folder: "again" });
  expect(await comment()).toBe(2);
  expect(project.complained).toContain("two reports of staging");
});

test("the pull request and the commit are those of the event", async () => {
  const event = { pull_request: { number: 3, head: { sha: "abcdef0123456789" } } };
  project.env.GITHUB_EVENT_PATH = join(project.directory, project.write("event.json", JSON.stringify(event)));
  expect(await project.ci("comment", "--environment", "staging", "--reports", "reports")).toBe(0);
  expect(github.comments[0]).toMatchObject({ issue: 3 });
  expect(github.comments[0]?.body).toContain("<code>abcdef012345</code>");
});

test("a report too long for a comment gives way to its verdict", () => {
  const markdown = "x".repeat(70_000);
  const about = { environment: "staging", from: "preview", source: "a preview", refused: false } as const;
  const long = { ...about, verdict: "violation", markdown } as const;
  const body = commentOf([long], { url: "https://example.com" });
  expect(body.length).toBeLessThan(65_536);
  expect(body).toContain("❌ violation");
  expect(body).toContain("summary of the run");
});

test("--dry-run prints it and calls nobody", async () => {
  expect(await comment("--dry-run")).toBe(0);
  expect(project.printed).toContain("The preview of staging.");
  expect(github.calls).toEqual([]);
});

describe("GitHub", () => {
  test("a failure that passes is tried again, a POST is not repeated", async () => {
    github.failures = [502];
    expect(await comment()).toBe(0);
    expect(github.calls).toEqual([
      "GET /issues/3/comments",
      "GET /issues/3/comments",
      "POST /issues/3/comments",
    ]);
  });

  test("a refusal is one line that names it", async () => {
    project.env.GITHUB_TOKEN = "wrong";
    expect(await comment()).toBe(2);
    expect(project.complained).toBe(
      "ci:comment: GitHub answered 401 to GET /issues/3/comments?per_page=100&page=1 (Bad credentials): look at the token's permissions, then run this again\n",
    );
  });

  test("without a token nobody is called", async () => {
    delete project.env.GITHUB_TOKEN;
    expect(await comment()).toBe(2);
    expect(project.complained).toContain("GITHUB_TOKEN is not set");
    expect(github.calls).toEqual([]);
  });

  test("without a pull request nothing is written", async () => {
    expect(await project.ci("comment", "--environment", "staging", "--reports", "reports")).toBe(2);
    expect(github.calls).toEqual([]);
  });
});
