import { describe, expect, test } from "vitest";
import type { Service } from "../../policy/facts.ts";
import { v2 } from "../testing/cloud-run.ts";
import { onlyEnvironment, referenceOf, variablesOf } from "../testing/facts.ts";

function read(value: unknown): Service {
  const [service, ...others] = onlyEnvironment(value).services;
  if (service === undefined || others.length > 0) throw new Error("expected one service");
  return service;
}

test("a service says everything in its name", () => {
  const service = read(v2("auth"));
  expect(service).toMatchObject({
    kind: "service",
    role: "auth",
    label: "auth",
    project: { kind: "known", value: "netra-staging" },
    region: "us-central1",
    account: { kind: "known", value: "auth@netra-staging.iam.gserviceaccount.com" },
    serving: { latestCreated: "auth-00002-abc", latestReady: "auth-00002-abc", traffic: [{ percent: 100 }] },
  });
  expect(referenceOf(service)).toMatchObject({
    secret: { value: "jwt-secret-staging" },
    version: { value: "1" },
  });
});

describe("what serves", () => {
  test("traffic to a revision of its own", () => {
    const type = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";
    const trafficStatuses = [
      { type, revision: "auth-00001-abc", percent: 90 },
      { type, revision: "auth-00002-abc" },
    ];
    expect(read({ ...v2("auth"), trafficStatuses }).serving?.traffic).toEqual([
      { percent: 90, revision: "auth-00001-abc" },
      { percent: 0, revision: "auth-00002-abc" },
    ]);
  });
  test.each([{ reconciling: true }, { generation: "5" }])("%j is stale", (change) => {
    expect(read({ ...v2("auth"), ...change }).serving?.stale).toEqual(expect.any(String));
  });
  test("a description without a status is a wish", () => {
    const { name, template } = v2("auth");
    expect(read({ name, template })).not.toHaveProperty("serving");
  });
});

describe("kinds", () => {
  const { template } = v2("auth");
  const at = "projects/p/locations/l";
  test("a revision goes by its service", () => {
    const revision = {
      name: `${at}/services/auth/revisions/auth-00001`,
      service: "auth",
      containers: template.containers,
    };
    expect(read(revision)).toMatchObject({ kind: "revision", role: "auth", label: "auth" });
    expect(variablesOf(read(revision))).toHaveLength(2);
  });
  test("a job", () => {
    const job = { name: `${at}/jobs/auth`, template: { template } };
    expect(read(job)).toMatchObject({ kind: "job", label: "auth" });
    expect(variablesOf(read(job))).toHaveLength(2);
    expect(read({ name: "auth", template: { template } })).toMatchObject({ kind: "job" });
  });
  test("a worker pool", () => {
    expect(read({ name: `${at}/workerPools/pool`, template })).toMatchObject({ kind: "workerPool" });
  });
});

test("a short name says no project", () => {
  expect(read({ name: "auth", template: v2("auth").template }).project).toMatchObject({
    kind: "unknown",
    scope: "file-0.json",
  });
});

test("a name of no project says so", () => {
  const { template } = v2("auth");
  expect(read({ name: "projects/PROJECT_ID/locations/l/services/auth", template }).project).toEqual({
    kind: "unknown",
    reason: "it is not the ID or the number of a project",
  });
});
