import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../sandbox/home.ts";
import { counts, readCloud, resourcesIn } from "./cloud-file.ts";
import { type Ran, TestSandbox } from "./sandbox.ts";

/** What git would show as changed, had a command written to a committed file. */
function committedFiles(): string[] {
  return readdirSync(root)
    .filter((file) => /^Pulumi.*\.yaml$/.test(file))
    .map((file) => readFileSync(join(root, file), "utf8"));
}

describe("staging goes up in the sandbox", () => {
  const sandbox = new TestSandbox();
  const before = committedFiles();
  let first: Ran;
  beforeAll(async () => {
    first = await sandbox.run(["up"]);
  });
  afterAll(() => sandbox.remove());

  test("the first update makes the secret, its version, accounts, grants and both services", () => {
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(counts(sandbox.home)).toEqual({ secrets: 1, versions: 1, grants: 2, accounts: 2, services: 2 });
  });

  test("both services carry version 1 of the one secret under every JWT variable", () => {
    const reference =
      /(JWT_SECRET\w*) +projects\/sandbox-staging\/secrets\/jwt-secret-staging\/versions\/1$/gm;
    const variables = [...first.stdout.matchAll(reference)].map((match) => match[1]);
    expect(variables.sort()).toEqual(
      [
        "JWT_SECRET",
        "JWT_SECRET",
        "JWT_SECRET_KEY",
        "JWT_SECRET_KEY",
        "JWT_SECRET_STAGING",
        "JWT_SECRET_STAGING",
      ].sort(),
    );
  });

  test("the policy's verdict, the outputs and what to try next are shown", () => {
    expect(first.stdout).toMatch(/^Policy$[\s\S]*\bpass\b/m);
    expect(first.stdout).toMatch(/^Outputs$[\s\S]*https:\/\/auth-staging-\d+\.us-central1\.run\.app/m);
    expect(first.stdout).toMatch(/^Next$[\s\S]*npm run destroy/m);
  });

  test("no committed file is written to", () => {
    expect(committedFiles()).toEqual(before);
  });

  test("a second update changes nothing", async () => {
    const cloud = resourcesIn(sandbox.home);
    const again = await sandbox.run(["up"]);
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(again.stdout).toContain("no changes (");
    expect(resourcesIn(sandbox.home)).toBe(cloud);
  });

  test("a preview shows a change before it is made, and makes none", async () => {
    const cloud = resourcesIn(sandbox.home);
    sandbox.configure("staging", (config) => {
      config["jwt-secret:accessors"] = ["serviceAccount:tests@sandbox-staging.iam.gserviceaccount.com"];
    });
    const preview = await sandbox.run(["preview"]);
    expect(preview).toMatchObject({ code: 0, stderr: "" });
    expect(preview.stdout).toMatch(/^ {2}\+ SecretIamMember/m);
    expect(resourcesIn(sandbox.home)).toBe(cloud);
    sandbox.configure("staging", (config) => {
      delete config["jwt-secret:accessors"];
    });
  });

  test("the state lists what is deployed", async () => {
    const state = await sandbox.run(["state"]);
    expect(state).toMatchObject({ code: 0, stderr: "" });
    expect(state.stdout).toMatch(
      /SecretVersion +\S+ +projects\/\d+\/secrets\/jwt-secret-staging\/versions\/1/,
    );
  });

  test("production goes up beside it", async () => {
    const production = await sandbox.run(["up", "production"]);
    expect(production).toMatchObject({ code: 0, stderr: "" });
    expect(counts(sandbox.home)).toMatchObject({ secrets: 2, services: 4 });
  });

  test("staging is taken down, and production stays", async () => {
    const destroyed = await sandbox.run(["destroy", "--yes"]);
    expect(destroyed).toMatchObject({ code: 0 });
    expect(counts(sandbox.home)).toMatchObject({ secrets: 1, services: 2 });
    expect(Object.keys(readCloud(sandbox.home).secrets)).toEqual([
      "projects/sandbox-production/secrets/jwt-secret-production",
    ]);
  });

  test("a protected production is not taken down by the engine's own destroy without a word", async () => {
    const asked = await sandbox.run(["destroy", "production"]);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toMatch(/takes production down.*--yes/);
    expect(counts(sandbox.home)).toMatchObject({ secrets: 1, services: 2 });
  });

  test("reset throws the sandbox away", async () => {
    expect(await sandbox.run(["reset", "--yes"])).toMatchObject({ code: 0, stderr: "" });
    expect(sandbox.files()).toEqual([]);
  });
});
