import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { recorded, recordedText, TestProject } from "../testing/world.ts";

let project: TestProject;
beforeEach(() => {
  project = new TestProject();
  project.program("pulumi", { stdout: undrifted() });
  project.program("gcloud", { stdout: live("jwt-secret-staging") });
});
afterEach(() => project.remove());

/** The recorded refresh, with what backend has in the state for what it has in the cloud. */
function undrifted(): string {
  const document = recorded("drift");
  const steps = document.steps.map((step) =>
    step.op === "update" ? { ...step, op: "refresh", newState: step.oldState, detailedDiff: {} } : step,
  );
  return JSON.stringify({ ...document, steps, changeSummary: { same: steps.length } });
}

const live = (secret: string) => recordedText("services.json").replaceAll("jwt-secret-key-staging", secret);
const drift = () => project.ci("drift", "--environment", "staging", "--output", "out");
const report = () => project.read("out", "report.md");

test("what is deployed as it was meant is a pass", async () => {
  expect(await drift()).toBe(0);
  expect(report()).toContain("**What has drifted**: nothing.");
  expect(project.argumentsOf("pulumi").join(" ")).toBe(
    "refresh --preview-only --json --show-sames --stack staging --non-interactive",
  );
  expect(project.argumentsOf("gcloud").join(" ")).toBe(
    "run services list --project example-staging --format=json --quiet",
  );
});

test("a service of another name in the project takes no role from ours", async () => {
  expect(live("x")).toContain('"auth-admin"');
  expect(await drift()).toBe(0);
});

test("another secret in the cloud is a violation, seen from either side", async () => {
  project.program("pulumi", { stdout: recordedText("drift.generated.json") });
  expect(await drift()).toBe(1);
  expect(report()).toContain("**What has drifted**: 1 resource.");
  project.program("pulumi", { stdout: undrifted() });
  project.program("gcloud", { stdout: live("jwt-secret-key-staging") });
  expect(await drift()).toBe(1);
  expect(report()).toContain("**What has drifted**: nothing.");
});

describe("what is not known is no pass", () => {
  test("no service is live", async () => {
    project.program("gcloud", { stdout: "[]" });
    expect(await drift()).toBe(2);
  });

  test("one of two services is live", async () => {
    const [auth] = JSON.parse(live("jwt-secret-staging"));
    project.program("gcloud", { stdout: JSON.stringify([auth]) });
    expect(await drift()).toBe(2);
  });

  test("a program that failed", async () => {
    project.program("gcloud", { stdout: live("jwt-secret-staging"), code: 1 });
    expect(await drift()).toBe(2);
    project.program("gcloud", { stdout: live("jwt-secret-staging") });
    project.program("pulumi", { stdout: undrifted(), code: 255 });
    expect(await drift()).toBe(2);
  });

  test("a program that printed nothing, said in one line", async () => {
    project.program("gcloud", { stdout: "", code: 1, stderr: "ERROR: no permission\n" });
    expect(await drift()).toBe(2);
    expect(project.complained).toContain("gcloud run services list printed no document");
  });

  test("an environment without a project", async () => {
    project.write("Pulumi.staging.yaml", "config: {}\n");
    expect(await drift()).toBe(2);
    expect(project.complained).toContain("Pulumi.staging.yaml names no gcp:project");
  });
});
