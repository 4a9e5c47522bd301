import { afterEach, beforeEach, expect, test } from "vitest";
import { TestGitHub } from "../testing/github.ts";
import { TestProject } from "../testing/world.ts";

let github: TestGitHub;
let project: TestProject;
const branches = { protected_branches: false, custom_branch_policies: true };
const reviewers = { type: "required_reviewers", reviewers: [{ type: "Team" }] };
beforeEach(async () => {
  github = new TestGitHub();
  project = new TestProject(await github.start());
  github.environments = {
    production: {
      deployment_branch_policy: branches,
      protection_rules: [{ type: "branch_policy" }, reviewers],
    },
    drift: { deployment_branch_policy: branches, protection_rules: [{ type: "branch_policy" }] },
  };
});
afterEach(async () => {
  project.remove();
  await github.stop();
});

const gates = () => project.ci("gates", "--approved", "production", "--branch-only", "drift");

test("an environment with reviewers and branches of its own holds", async () => {
  expect(await gates()).toBe(0);
});

const open: [string, Record<string, object>, RegExp][] = [
  ["that is missing", { production: {} }, /drift does not exist/],
  [
    "without reviewers",
    { production: { deployment_branch_policy: branches, protection_rules: [] } },
    /production waits for nobody/,
  ],
  [
    "with a rule that names no reviewer",
    {
      production: { deployment_branch_policy: branches, protection_rules: [{ ...reviewers, reviewers: [] }] },
    },
    /production waits for nobody/,
  ],
  [
    "open to every branch",
    { production: { deployment_branch_policy: null, protection_rules: [reviewers] } },
    /from any branch/,
  ],
];
test.each(open)("an environment %s does not", async (_, environments, message) => {
  github.environments = environments;
  expect(await gates()).toBe(1);
  expect(project.complained).toMatch(message);
});

test("an environment that needs no reviewer must keep to its branches all the same", async () => {
  github.environments.drift = { deployment_branch_policy: null, protection_rules: [] };
  expect(await gates()).toBe(1);
});

test("a line of CODEOWNERS that GitHub ignores does not hold", async () => {
  github.ownerErrors = [
    { line: 3, path: ".github/CODEOWNERS", message: "Unknown owner on line 3: ...\n\n  * @x\n" },
  ];
  expect(await gates()).toBe(1);
  expect(project.complained).toContain(".github/CODEOWNERS:3: Unknown owner");
});

test("what GitHub does not tell is not taken for set up", async () => {
  project.env.GITHUB_TOKEN = "wrong";
  expect(await gates()).toBe(2);
  expect(await project.ci("gates")).toBe(2);
});
