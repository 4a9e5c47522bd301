import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { recorded, recordedText, TestProject } from "../testing/world.ts";

let project: TestProject;
beforeEach(() => {
  project = new TestProject();
});
afterEach(() => project.remove());

const ask = (name: string, ...more: string[]) => {
  project.write("preview.json", recordedText(`${name}.generated.json`));
  return project.ci(
    "report",
    "--environment",
    "staging",
    "--preview",
    "preview.json",
    "--output",
    "out",
    ...more,
  );
};
const report = () => project.read("out", "report.md");
const outcome = () => JSON.parse(project.read("out", "outcome.json"));
const row = (name: string) =>
  report()
    .split("\n")
    .find((line) => line.includes(`<code>${name}</code>`) && line.startsWith("| "));

describe("a right change", () => {
  test("is a pass, and says what changes and that the key stays", async () => {
    expect(await ask("change")).toBe(0);
    expect(outcome()).toEqual({
      environment: "staging",
      from: "preview",
      source: "pulumi preview",
      refused: false,
      verdict: "pass",
    });
    expect(report()).toContain("## ✅ <code>staging</code>: pass");
    expect(report()).toContain(
      "| update | Service <code>backend</code> | <code>template.scaling.maxInstanceCount</code> |",
    );
    expect(report()).toContain("```mermaid");
    expect(report().match(/\| the same \|/g)).toHaveLength(2);
  });

  test("is told to GitHub Actions as the job's summary", async () => {
    project.env.GITHUB_STEP_SUMMARY = `${project.directory}/summary.md`;
    await ask("change");
    expect(project.read("summary.md")).toBe(`${report()}\n`);
  });

  test("its SARIF has a category per environment", async () => {
    await ask("change");
    const sarif = JSON.parse(project.read("out", "report.sarif"));
    expect(sarif.runs).toMatchObject([
      { automationDetails: { id: "jwt-secret/staging/preview/" }, results: [] },
    ]);
  });
});

test("a mismatch is a violation, with the references before and after", async () => {
  expect(await ask("drift")).toBe(1);
  expect(outcome().verdict).toBe("violation");
  expect(row("backend-staging")).toMatch(/jwt-secret-staging&#64;1.*jwt-secret-key-staging&#64;1/);
  expect(row("auth-staging")).toContain("the same");
  expect(report()).toContain("same-jwt-secret");
  expect(JSON.parse(project.read("out", "report.sarif")).runs[0].results[0].ruleId).toBe("same-jwt-secret");
});

test("a rotation gives both the same new version, and both still accept the old one", async () => {
  expect(await ask("rotation")).toBe(0);
  const after = (name: string) => row(name)?.split(" | ").at(-1);
  expect(after("auth-staging")).toBe(after("backend-staging"));
  expect(after("auth-staging")).toMatch(/jwt-secret-g2.*still accepts .*jwt-secret-staging&#64;1/);
});

test("a first deployment has no before", async () => {
  expect(await ask("first")).toBe(0);
  expect(row("auth-staging")).toContain("| is not there |");
});

describe("what is not known is no pass", () => {
  test("a preview that ended badly", async () => {
    expect(await ask("change", "--exit-code", "255")).toBe(2);
    expect(outcome().verdict).toBe("undetermined");
    expect(report()).toContain("## ⛔ <code>staging</code>: refused, and so undetermined");
    expect(report()).toContain("### ❔ <code>staging</code>: undetermined");
    expect(report()).toContain("exit code 255");
  });

  test("a preview whose document says that it failed, with what it says", async () => {
    const message = "backend would read jwt-secret-key-staging, not jwt-secret-staging: refused.\n";
    const wrapped = `error: failed to register new resource: ${message}`;
    const diagnostics = [`error: ${message}`, wrapped, `error: ${message}`].map((each) => ({
      severity: "error",
      message: each,
    }));
    const refused = { ...recorded("change"), diagnostics };
    project.write("preview.json", JSON.stringify(refused));
    const args = ["--environment", "staging", "--preview", "preview.json", "--output", "out"];
    expect(await project.ci("report", ...args)).toBe(2);
    expect(report()).toContain("**The engine refused**\n\n- backend would read jwt-secret-key-staging");
    expect(report()).not.toContain("failed to register");
    expect(report().match(/backend would read/g)).toHaveLength(1);
    expect(report()).toContain("**What changes**: 1 resource, as far as the engine came.");
    expect(outcome()).toMatchObject({ refused: true, verdict: "undetermined" });
  });

  test("a violation stays one when the preview failed as well", async () => {
    expect(await ask("drift", "--exit-code", "1")).toBe(1);
  });

  test("a preview of another environment", async () => {
    project.write("preview.json", recordedText("change.generated.json"));
    const args = ["--environment", "production", "--preview", "preview.json", "--output", "out"];
    expect(await project.ci("report", ...args)).toBe(2);
    expect(report()).toContain("speaks of staging, not of production");
  });

  test("a preview that leaves out what is unchanged", async () => {
    const document = recorded("drift");
    const [step] = document.steps.filter(({ op }) => op === "update");
    project.write("preview.json", JSON.stringify({ ...document, steps: [step] }));
    const args = ["--environment", "staging", "--preview", "preview.json", "--output", "out"];
    expect(await project.ci("report", ...args)).toBe(2);
  });
});

test("the guard's refusal of a mismatch is shown in the rule's words, and is no pass", async () => {
  expect(await ask("mismatch")).toBe(2);
  expect(report()).toContain("- same-jwt-secret");
  expect(report()).toContain("backend-staging will refuse every token auth-staging signs.");
  expect(report()).toContain("**What changes**: not known, the engine stopped.");
});

test("a waiver of the project counts, and is shown", async () => {
  const waiver =
    "- rule: jwt-secret-declared\n  target: backend-staging\n  reason: moving\n  expires: 2999-01-01\n";
  project.write("jwt-secret.waivers.yaml", waiver);
  expect(await ask("drift")).toBe(1);
  expect(report()).toContain("**Waived** until 2999-01-01");
});

test("names from a document are text", async () => {
  const hostile = JSON.stringify(recorded("drift")).replaceAll(
    "backend-staging",
    "x](javascript:0)<img src=x>|\\n# y",
  );
  project.write("preview.json", hostile);
  await project.ci("report", "--environment", "staging", "--preview", "preview.json", "--output", "out");
  expect(report()).not.toMatch(/<img|\]\(javascript|^# y/m);
});

describe("wrong usage is one line and exit code 2", () => {
  const cases: [string[], RegExp][] = [
    [[], /--environment: name an environment/],
    [["--environment", "../x"], /--environment: is the name of an environment/],
    [["--environment", "staging", "--preview", "nowhere.json"], /nowhere\.json cannot be read/],
    [["--environment", "staging", "--preview", "Pulumi.staging.yaml"], /is not JSON/],
    [["--environmen", "staging"], /Unknown option/],
  ];
  test.each(cases)("%j", async (args, message) => {
    expect(await project.ci("report", ...args)).toBe(2);
    expect(project.complained).toMatch(message);
    expect(project.complained.trim().split("\n")).toHaveLength(1);
  });

  test("--help says how", async () => {
    for (const command of ["preview", "report", "comment", "drift", "issue", "gates"]) {
      expect(await project.ci(command, "--help")).toBe(0);
      expect(project.printed).toContain(`npm run ci:${command}`);
    }
    expect(await project.ci("nothing")).toBe(2);
  });
});
