import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestGitHub } from "../testing/github.ts";
import { TestProject } from "../testing/world.ts";
import { label, marker } from "./issue.ts";

let github: TestGitHub;
let project: TestProject;
beforeEach(async () => {
  github = new TestGitHub();
  project = new TestProject(await github.start());
});
afterEach(async () => {
  project.remove();
  await github.stop();
});

function night(verdicts: Readonly<Record<string, string>>): Promise<number> {
  for (const [environment, verdict] of Object.entries(verdicts)) {
    const folder = join("reports", environment);
    mkdirSync(join(project.directory, folder), { recursive: true });
    const outcome = { environment, from: "drift", source: "a look", refused: false, verdict };
    project.write(join(folder, "outcome.json"), JSON.stringify(outcome));
    project.write(join(folder, "report.md"), `The report of ${environment}.\n`);
  }
  return project.ci(
    "issue",
    "--environment",
    "staging",
    "--environment",
    "production",
    "--reports",
    "reports",
  );
}
const green = { staging: "pass", production: "pass" };
const red = { staging: "violation", production: "pass" };
const states = () => github.issues.map(({ state }) => state);

test("a green night opens nothing", async () => {
  expect(await night(green)).toBe(0);
  expect(github.issues).toEqual([]);
});

test("the first red night opens an issue, with the reports of what fails alone", async () => {
  expect(await night(red)).toBe(0);
  expect(github.issues).toMatchObject([{ state: "open", labels: [label] }]);
  expect(github.issues[0]?.body).toContain("<code>staging</code>: ❌ violation");
  expect(github.issues[0]?.body).toContain("The report of staging.");
  expect(github.issues[0]?.body).not.toContain("The report of production.");
});

test("the next red night updates it, and a green one closes it and says why", async () => {
  await night(red);
  expect(await night({ staging: "pass", production: "undetermined" })).toBe(0);
  expect(states()).toEqual(["open"]);
  expect(github.issues[0]?.body).toContain("<code>production</code>: ❔ undetermined");
  expect(await night(green)).toBe(0);
  expect(states()).toEqual(["closed"]);
  expect(github.comments).toMatchObject([{ body: expect.stringContaining("passes again") }]);
});

test("red again after that is a new issue", async () => {
  await night(red);
  await night(green);
  await night(red);
  expect(states()).toEqual(["closed", "open"]);
});

test("an environment without a report keeps the issue open", async () => {
  await night({ staging: "violation", production: "pass" });
  const before = github.issues[0];
  expect(
    await project.ci("issue", "--environment", "staging", "--environment", "gone", "--reports", "reports"),
  ).toBe(0);
  expect(before?.state).toBe("open");
  expect(await project.ci("issue", "--environment", "gone", "--reports", "nowhere")).toBe(0);
  expect(before?.state).toBe("open");
});

test("issues and pull requests of others are left alone", async () => {
  github.issue(`${marker}\nmine`, { user: { login: "mallory" } });
  github.issue("about something else");
  github.issue(`${marker}\na change`, { pull_request: {} });
  expect(await night(green)).toBe(0);
  expect(states()).toEqual(["open", "open", "open"]);
  expect(await night(red)).toBe(0);
  expect(github.issues).toHaveLength(4);
});

test("nothing is said to be done that GitHub refused", async () => {
  project.env.GITHUB_TOKEN = "wrong";
  expect(await night(red)).toBe(2);
  expect(project.printed).toBe("");
});
