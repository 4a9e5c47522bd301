/** Services that run already come under this program: what the report announces happens, and nothing else. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { serviceJson } from "../../sandbox/cloud/run-json.ts";
import type { Plan } from "../../src/adoption/plan.ts";
import { Adopted, changedPaths, type Step } from "./adoption/adopted.ts";
import {
  elaborate,
  healthy,
  mismatched,
  number,
  project,
  shared,
  versions,
} from "./adoption/environments.ts";
import { readCloud } from "./cloud-file.ts";

const serviceType = "gcp:cloudrunv2/service:Service";
const typeOf = ({ urn }: Step) => urn.split("::")[2]?.split("$").at(-1);
const nameOf = ({ urn }: Step) => urn.split("::").at(-1) ?? "";

interface Case {
  name: string;
  /** The services as they run, in v2. */
  runs: { auth: object; backend: object };
  /** The documents they are adopted by, where these are not the same. */
  examples?: readonly string[];
  more?: readonly [name: string, content: unknown][];
  options?: readonly string[];
  reads?: string[];
  /** The index of the container with the port, as they run. */
  serving?: number;
  /** The grants that are made. */
  grants: readonly string[];
  carries: string;
}

const cases: Case[] = [
  {
    name: "two secrets, unpinned, under the default compute account, among a dozen others",
    runs: mismatched,
    examples: ["auth.json", "backend.json", "versions.json"],
    options: ["--project", project],
    grants: ["backend-accessor"],
    carries: `${project}/jwt-secret-staging@2`,
  },
  {
    name: "a healthy pair",
    runs: healthy,
    grants: ["auth-accessor", "backend-accessor"],
    carries: `${project}/jwt-secret-staging@3`,
  },
  {
    name: "a sidecar, volumes and other rare things",
    runs: elaborate,
    more: [["versions.json", versions(number, "jwt-secret-staging", 2)]],
    serving: 1,
    grants: ["auth-accessor", "backend-accessor"],
    carries: `${project}/jwt-secret-staging@2`,
  },
  {
    name: "a secret in another project, read by a name of its own",
    runs: shared,
    more: [["versions.json", versions("sandbox-shared", "jwt-key", 4)]],
    options: ["--reads", "auth=SIGNING_KEY"],
    reads: ["SIGNING_KEY"],
    grants: ["backend-accessor"],
    carries: "sandbox-shared/jwt-key@4",
  },
];

describe.each(cases)("$name", (one) => {
  const adopted = new Adopted();
  let plan: Plan;
  let report: string;
  let before: Record<string, unknown>;
  let steps: Step[];
  afterAll(() => adopted.remove());

  beforeAll(async () => {
    const running = [
      adopted.put("auth.v2.json", one.runs.auth),
      adopted.put("backend.v2.json", one.runs.backend),
    ];
    const more = (one.more ?? []).map(([name, content]) => adopted.put(name, content));
    const examples = (one.examples ?? []).map((name) => adopted.example(name));
    await adopted.seed([...running, ...more, ...examples.filter((file) => file.includes("versions"))]);
    before = adopted.services();
    const documents = examples.length > 0 ? examples : [...running, ...more];
    ({ plan, report } = await adopted.adopt(documents, one.options, one.reads));
    await adopted.import();
    steps = await adopted.preview();
  });

  test("importing changes nothing", () => {
    expect(adopted.services()).toEqual(before);
  });

  test("the first preview makes the grants that were announced, and replaces and deletes nothing", () => {
    const changing = steps.filter(({ op }) => op !== "same");
    expect(changing.map((step) => `${step.op} ${nameOf(step)}`).sort()).toEqual(
      [...one.grants.map((grant) => `create ${grant}`), "update auth", "update backend"].sort(),
    );
    const announced = plan.grants.filter(({ exists }) => !exists).map(({ role }) => `${role}-accessor`);
    expect(announced.sort()).toEqual([...one.grants].sort());
  });

  test.each(["auth", "backend"] as const)("%s changes as the report says, and in nothing else", (role) => {
    const step = steps.find((each) => typeOf(each) === serviceType && nameOf(each) === role);
    if (step === undefined) throw new Error(`no step for ${role}`);
    const announced = plan.changes.filter((change) => change.role === role).map(({ path }) => path);
    const serving = role === "auth" ? (one.serving ?? 0) : 0;
    expect(changedPaths(step, serving)).toEqual([...new Set(announced)].sort());
    for (const path of announced.filter((each) => each.startsWith("envs."))) {
      expect(report).toContain(path.slice("envs.".length));
    }
  });

  test("after the update the check passes, and a second preview is empty", async () => {
    const up = await adopted.run(["up"]);
    expect(up.stdout).toMatch(/^staging: pass$/m);
    expect(up.stdout.split(one.carries).length - 1).toBeGreaterThanOrEqual(2);
    expect((await adopted.run(["preview"])).stdout).toContain("no changes (");
  });

  test("what was deployed, adopted again, gives the same files", async () => {
    const cloud = readCloud(adopted.sandbox.home);
    const documents = Object.values(cloud.services).map((service) =>
      adopted.put(`${service.serviceId}.again.json`, serviceJson(cloud, service)),
    );
    const stack = () => parse(readFileSync(join(adopted.sandbox.source, "Pulumi.staging.yaml"), "utf8"));
    const first = stack();
    const again = await adopted.adopt(documents, [...(one.options ?? []), "--force"], one.reads);
    expect(again.plan.overrides).toBe(plan.overrides);
    expect(stack()).toEqual(first);
  });
});
