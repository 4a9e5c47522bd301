import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf } from "../digest.ts";
import { recorded, recordedText, TestProject } from "../testing/world.ts";

let project: TestProject;
beforeEach(() => {
  project = new TestProject();
});
afterEach(() => project.remove());

const change = recordedText("change.generated.json");
const digest = digestOf(recorded("change"));
const preview = (...more: string[]) =>
  project.ci("preview", "--environment", "staging", "--output", "out", "--save-plan", "plan.json", ...more);
const planned = () => existsSync(join(project.directory, "plan.json"));

test("asks the engine for the whole document, with the policy pack on", async () => {
  project.program("pulumi", { stdout: change });
  expect(await preview()).toBe(0);
  const asked = project.argumentsOf("pulumi").join(" ");
  expect(asked).toMatch(
    /^preview --stack staging --json --show-sames --non-interactive --policy-pack policy-pack/,
  );
  expect(asked).not.toContain("--show-secrets");
});

test("a pass keeps the plan, and tells the digest of what was reviewed", async () => {
  project.program("pulumi", { stdout: change });
  project.env.GITHUB_OUTPUT = join(project.directory, "outputs");
  expect(await preview()).toBe(0);
  expect(planned()).toBe(true);
  expect(project.read("outputs")).toBe(`digest=${digest}\n`);
});

describe("nothing but a pass keeps a plan or tells a digest", () => {
  const cases: [string, { stdout: string; code?: number; stderr?: string }, number][] = [
    ["a violation", { stdout: recordedText("drift.generated.json") }, 1],
    ["a refusal by the policy pack, which the document does not show", { stdout: change, code: 255 }, 2],
    ["a preview that printed nothing", { stdout: "", code: 255, stderr: "error: no stack\n" }, 2],
    ["a preview that printed something else", { stdout: "Logging in ...", code: 0 }, 2],
  ];
  test.each(cases)("%s", async (_, says, code) => {
    project.env.GITHUB_OUTPUT = join(project.directory, project.write("outputs", ""));
    project.program("pulumi", says);
    expect(await preview()).toBe(code);
    expect(planned()).toBe(false);
    expect(project.read("outputs")).toBe("");
  });

  test("an engine that is not there", async () => {
    project.write("plan.json", "of another day");
    project.env.PATH = join(project.directory, "bin");
    expect(await preview()).toBe(2);
    expect(project.complained).toContain("pulumi cannot be started");
    expect(planned()).toBe(false);
  });
});

test("what the engine said beside the document stands in the report", async () => {
  project.program("pulumi", { stdout: change, code: 255, stderr: "error: [mandatory] same-jwt-secret\n" });
  await preview();
  expect(project.read("out", "report.md")).toContain("&#91;mandatory&#93; same-jwt-secret");
});

describe("the preview that was reviewed", () => {
  test("is the one whose plan is kept", async () => {
    project.program("pulumi", { stdout: change });
    expect(await preview("--expect", digest)).toBe(0);
    expect(planned()).toBe(true);
  });

  test("another one is refused, though it passes, and its plan is not kept", async () => {
    project.program("pulumi", { stdout: recordedText("rotation.generated.json") });
    expect(await preview("--expect", digest)).toBe(2);
    expect(project.complained).toContain("is not the one that was reviewed");
    expect(planned()).toBe(false);
  });

  test("no digest is not any digest", async () => {
    project.program("pulumi", { stdout: change });
    expect(await preview("--expect", "")).toBe(2);
    expect(project.complained).toContain("--expect");
    expect(planned()).toBe(false);
  });
});
