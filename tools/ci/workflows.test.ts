/** The workflows keep to what docs/operating.md promises, whatever a linter thinks of them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { engineVersion } from "../../sandbox/engine/version.ts";
import { root } from "../generated.ts";

const Text = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({});
const Step = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: Text,
  env: Text,
});
const Job = z.looseObject({
  permissions: z.record(z.string(), z.string()),
  environment: z.string().optional(),
  needs: z
    .union([z.string(), z.array(z.string())])
    .transform((needs) => [needs].flat())
    .default([]),
  if: z.string().optional(),
  concurrency: z.object({ group: z.string(), "cancel-in-progress": z.boolean() }).optional(),
  "timeout-minutes": z.number(),
  steps: z.array(Step),
});
const Workflow = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: z.strictObject({}),
  jobs: z.record(z.string(), Job),
});

const folder = join(root, ".github", "workflows");
const texts = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
const workflows = new Map([...texts].map(([name, text]) => [name, Workflow.parse(parse(text))]));
const jobs = [...workflows].flatMap(([file, { jobs }]) =>
  Object.entries(jobs).map(([name, job]) => ({ at: `${file} ${name}`, file, name, job })),
);
const steps = jobs.flatMap(({ at, job }) => job.steps.map((step) => ({ at, step })));
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

const job = (file: string, name: string) => {
  const found = workflows.get(file)?.jobs[name];
  if (found === undefined) throw new Error(`${file} has no job ${name}`);
  return found;
};
const runs = (file: string, name: string) => job(file, name).steps.flatMap(({ run }) => run ?? []);

/** The actions that were looked at, by the commit that was. */
const reviewed = [
  "pulumi/actions@8e5e406f4007fca908480587cb9893c07090f58d # v7.0.0",
  "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
  "actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0",
  "google-github-actions/auth@7c6bc770dae815cd3e89ee6cdf493a5fab2cc093 # v3.0.0",
  "google-github-actions/setup-gcloud@aa5489c8933f4cc7a4f7d45035b3b1440c9c10db # v3.0.1",
  "github/codeql-action/upload-sarif@8aad20d150bbac5944a9f9d289da16a4b0d87c1e # v4.36.2",
  "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0",
];

describe("every workflow", () => {
  test("there are some", () => {
    expect([...workflows.keys()]).toEqual(["deploy.yml", "drift.yml", "pull-request.yml"]);
  });

  test("every action is one that was looked at, pinned to its commit and named by its version", () => {
    const used = [...texts.values()].flatMap((text) =>
      Array.from(text.matchAll(/uses: (.+)$/gm), ([, action = ""]) => action),
    );
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter((action) => !reviewed.includes(action))).toEqual([]);
    expect(reviewed.filter((action) => !used.includes(action))).toEqual([]);
  });

  test("every script is a line, without anything of GitHub's pasted into it", () => {
    for (const { at, step } of steps) {
      expect(step.run?.trim().split("\n").length ?? 0, at).toBeLessThanOrEqual(1);
      expect(step.run ?? "", at).not.toContain(`$\{{`);
    }
  });

  test("every npm script there is one", () => {
    const named = steps.flatMap(({ step }) => /^npm run ([\w:-]+)/.exec(step.run ?? "")?.[1] ?? []);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  test("no checkout leaves a token behind, and every job ends some day", () => {
    for (const { at, step } of steps.filter(({ step }) => step.uses?.startsWith("actions/checkout"))) {
      expect(step.with["persist-credentials"], at).toBe(false);
    }
    for (const { at, job } of jobs) expect(job["timeout-minutes"], at).toBeLessThanOrEqual(60);
  });

  test("the engine is the one of the sandbox, and what it does goes through the policy pack", () => {
    const engines = steps.filter(({ step }) => step.uses?.startsWith("pulumi/actions"));
    expect(engines.length).toBe(5);
    for (const { at, step } of engines) expect(step.with["pulumi-version"], at).toBe(engineVersion);
    const updates = steps.filter(({ step }) => step.run?.startsWith("npm run up"));
    expect(updates.length).toBe(2);
    for (const { at, step } of updates) {
      expect(step.run, at).toContain("--policy-pack policy-pack");
      expect(step.run, at).toContain("--plan ");
    }
  });

  test("no key of Google Cloud is stored: a token of the job is exchanged", () => {
    for (const [name, text] of texts) expect(text, name).not.toMatch(/secrets\.|credentials_json/);
    for (const { at, job } of jobs) {
      const exchanges = job.steps.some(({ uses }) => uses?.startsWith("google-github-actions/auth"));
      expect(job.permissions["id-token"] === "write", at).toBe(exchanges);
      expect(job.environment !== undefined, at).toBe(exchanges);
    }
  });

  test("whoever may write to GitHub has no credentials of the cloud", () => {
    for (const { at, job } of jobs) {
      const writes = Object.entries(job.permissions).filter(
        ([name, right]) => name !== "id-token" && right === "write",
      );
      if (job.permissions["id-token"] === "write") expect(writes, at).toEqual([]);
    }
  });

  test("an artifact holds the report alone: no preview, no plan", () => {
    const paths = steps.flatMap(({ step }) =>
      step.uses?.startsWith("actions/upload-artifact") ? String(step.with.path).trim().split("\n") : [],
    );
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(path).toMatch(/\/(outcome\.json|report\.md|report\.sarif)$/);
  });

  test("knows every environment of the project", () => {
    const environments = readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    for (const environment of environments) {
      for (const [name, text] of texts)
        expect(text, name).toMatch(new RegExp(`(environment|configured):? ${environment}`));
    }
  });
});

describe("a pull request", () => {
  test("runs with no more than the token of a pull request", () => {
    expect(Object.keys(workflows.get("pull-request.yml")?.on ?? {})).toEqual(["pull_request"]);
  });

  test("from a fork gets neither credentials nor a comment", () => {
    const own = "github.event.pull_request.head.repo.full_name == github.repository";
    for (const { at, job } of jobs.filter(({ file }) => file === "pull-request.yml")) {
      const writes = Object.values(job.permissions).includes("write");
      expect(job.if?.includes(own) ?? false, at).toBe(writes);
    }
  });

  test("gets staging's credentials at most", () => {
    const used = jobs
      .filter(({ file }) => file === "pull-request.yml")
      .flatMap(({ job }) => job.environment ?? []);
    expect(used).toEqual(["staging-preview"]);
  });

  test("previews only what the offline check let through", () => {
    expect(job("pull-request.yml", "preview").needs).toContain("check");
  });
});

describe("main", () => {
  test("goes to staging, is tried there, is previewed for production, then goes to production", () => {
    expect(job("deploy.yml", "staging").needs).toEqual(["tests", "gates"]);
    expect(job("deploy.yml", "production-preview").needs).toEqual(["staging"]);
    expect(job("deploy.yml", "production").needs).toEqual(["production-preview"]);
    expect(runs("deploy.yml", "staging").slice(-3)).toEqual([
      'npm run ci:preview -- --environment staging --save-plan "$PLAN"',
      'npm run up -- staging --yes --policy-pack policy-pack --plan "$PLAN"',
      "npx jwt-secret smoke --stack staging --format github",
    ]);
  });

  test("applies to production the plan of the very preview that was reviewed", () => {
    expect(runs("deploy.yml", "production").slice(-2)).toEqual([
      'npm run ci:preview -- --environment production --save-plan "$PLAN" --expect "$REVIEWED"',
      'npm run up -- production --yes --policy-pack policy-pack --plan "$PLAN"',
    ]);
    const env = job("deploy.yml", "production").steps.flatMap((step) => step.env.REVIEWED ?? []);
    expect(env).toEqual([`$\{{ needs.production-preview.outputs.digest }}`]);
  });

  test("asks for approvals that GitHub really holds", () => {
    const [gates = ""] = runs("deploy.yml", "gates").slice(-1);
    expect(gates).toContain("--approved production-preview --approved production ");
    for (const { job } of jobs.filter(({ file }) => file === "deploy.yml")) {
      if (job.environment !== undefined)
        expect(gates).toMatch(new RegExp(`-(approved|only) ${job.environment}(?= |$)`));
    }
  });

  test("runs one update of an environment at a time, and cuts none off", () => {
    for (const environment of ["staging", "production"]) {
      const expected = { group: environment, "cancel-in-progress": false };
      expect(job("deploy.yml", environment).concurrency).toEqual(expected);
    }
  });
});
