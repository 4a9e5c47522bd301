import { describe, expect, test } from "vitest";
import { onlyEnvironment, referenceOf, variablesOf } from "../testing/facts.ts";
import { preview, reads, type TestResource, unknownValue } from "../testing/stack.ts";

const only = (resource: TestResource) => {
  const [service] = onlyEnvironment(preview([resource])).services;
  if (service === undefined) throw new Error("no service");
  return service;
};

const containers = [{ envs: [reads("JWT_SECRET_KEY", "s", "1")] }];

test("a job has its containers one level deeper, and no role", () => {
  const service = only({
    type: "gcp:cloudrunv2/job:Job",
    name: "auth",
    inputs: { name: "auth", template: { template: { containers } } },
  });
  expect(service.kind).toBe("job");
  expect(service).not.toHaveProperty("role");
  expect(variablesOf(service)).toHaveLength(1);
});

test("a worker pool", () => {
  const service = only({
    type: "gcp:cloudrunv2/workerPool:WorkerPool",
    name: "pool",
    inputs: { name: "pool", template: { containers } },
  });
  expect(service.kind).toBe("workerPool");
  expect(service.reads).toEqual([]);
  expect(variablesOf(service)).toHaveLength(1);
});

const v1 = (inputs: Record<string, unknown>): TestResource => ({
  type: "gcp:cloudrun/service:Service",
  name: "auth",
  inputs: {
    name: "auth-staging",
    location: "us-central1",
    template: {
      metadata: { annotations: { "run.googleapis.com/secrets": "jwt:projects/vault/secrets/jwt-secret" } },
      spec: {
        containers: [
          { envs: [{ name: "JWT_SECRET_KEY", valueFrom: { secretKeyRef: { name: "jwt", key: "3" } } }] },
        ],
        serviceAccountName: "auth@netra-staging.iam.gserviceaccount.com",
      },
    },
    ...inputs,
  },
});

test("a v1 service reads its aliases, its account and its version", () => {
  const service = only(v1({}));
  expect(service).toMatchObject({
    kind: "service",
    role: "auth",
    account: { value: "auth@netra-staging.iam.gserviceaccount.com" },
  });
  expect(referenceOf(service)).toEqual({
    project: { kind: "known", value: "vault" },
    secret: { kind: "known", value: "jwt-secret" },
    version: { kind: "known", value: "3" },
  });
});

test("a v1 service whose namespace can be no project has none that is known, and one of the default says none", () => {
  expect(only(v1({ metadata: { namespace: "PROJECT-ID" } })).project).toEqual({
    kind: "unknown",
    reason: "it is not the ID or the number of a project",
  });
  expect(only(v1({ metadata: { namespace: "default" } })).project).toEqual(only(v1({})).project);
});

test("a v1 service may say its project as a namespace", () => {
  expect(only(v1({ metadata: { namespace: "123456789012" } })).project).toEqual({
    kind: "known",
    value: "123456789012",
  });
  expect(only(v1({ metadata: "[secret]" })).project).toMatchObject({ kind: "unknown" });
});

test("a name that the provider chooses is unknown, and the logical name stands for it", () => {
  const service = only({
    type: "gcp:cloudrunv2/service:Service",
    name: "backend",
    inputs: { template: { containers } },
  });
  expect(service).toMatchObject({
    name: { kind: "unknown" },
    label: "backend",
    role: "backend",
    account: { kind: "absent" },
  });
});

describe("what a document hides of a service", () => {
  const masked = "it is masked as a Pulumi secret";
  const unknown = (reason: string) => ({ kind: "unknown", reason });
  const types = {
    service: "gcp:cloudrunv2/service:Service",
    job: "gcp:cloudrunv2/job:Job",
    workerPool: "gcp:cloudrunv2/workerPool:WorkerPool",
  };

  test.each([
    [types.service, "service"],
    [types.job, "job"],
    [types.workerPool, "workerPool"],
  ])("everything of %s but what it is", (type, kind) => {
    const service = only({ type, name: "auth", inputs: "[secret]" as never });
    expect(service).toMatchObject({
      kind,
      label: "auth",
      name: unknown(masked),
      account: unknown(masked),
      containers: unknown(masked),
      reads: [],
    });
  });
  test.each([
    [types.service, "[secret]", "service"],
    [types.job, "[secret]", "job"],
    [types.job, { template: "[secret]" }, "job"],
    ["gcp:cloudrun/service:Service", "[secret]", "service"],
    ["gcp:cloudrun/service:Service", { spec: "[secret]" }, "service"],
  ])("the template of %s: %j", (type, template, kind) => {
    const service = only({ type, name: "auth", inputs: { name: "auth", template } });
    expect(service.kind).toBe(kind);
    expect(service.account).toEqual(unknown(masked));
    expect(service.containers).toMatchObject({ kind: "unknown", reason: expect.stringContaining(masked) });
  });
  test.each([types.service, types.job, types.workerPool, "gcp:cloudrun/service:Service"])(
    "a template that %s does not have",
    (type) => {
      const service = only({ type, name: "auth", inputs: { name: "auth" } });
      expect(service.account).toEqual({ kind: "absent" });
      expect(service.containers).toMatchObject({ kind: "unknown" });
    },
  );
  test("the annotations that hold a v1 template's aliases", () => {
    const { template } = v1({}).inputs;
    const service = only(v1({ template: { ...Object(template), metadata: "[secret]" } }));
    expect(referenceOf(service).secret).toMatchObject({
      kind: "unknown",
      reason: expect.stringContaining("it may be an alias"),
    });
  });
  test.each<[string, Record<string, unknown>, string]>([
    ["its name", { name: "[secret]" }, masked],
    ["its name, which the provider will choose", {}, "it is chosen in the update"],
  ])("%s", (_, inputs, reason) => {
    expect(only({ type: types.service, name: "auth", inputs }).name).toEqual(unknown(reason));
  });
  test.each<[unknown, string]>([
    ["[secret]", masked],
    [unknownValue, expect.stringContaining("nothing it depends on tells")],
  ])("its account: %s", (serviceAccount, reason) => {
    const service = only({ type: types.service, name: "auth", inputs: { template: { serviceAccount } } });
    expect(service.account).toEqual(unknown(reason));
  });
  test("its region", () => {
    expect(only(v1({})).region).toBe("us-central1");
    expect(only(v1({ location: "[secret]" }))).not.toHaveProperty("region");
  });
});

test("a name of the old state stands for one that is not said again", () => {
  const resource: TestResource = {
    type: "gcp:cloudrunv2/service:Service",
    name: "auth",
    inputs: { template: { containers } },
    outputs: { name: "auth-1f2e" },
  };
  const [service] = onlyEnvironment(preview([resource], { op: "update" })).services;
  expect(service).toMatchObject({ name: { kind: "known", value: "auth-1f2e" }, label: "auth-1f2e" });
});

test("a variable stands where its service does", () => {
  const service = only({
    type: "gcp:cloudrunv2/service:Service",
    name: "auth",
    inputs: { template: { containers } },
  });
  expect(service.location.sourcePosition).toBeDefined();
  expect(variablesOf(service).map(({ location }) => location)).toEqual([service.location]);
});

test("a service whose resource does not say where it was written stands where its URN does", () => {
  const service = only({
    type: "gcp:cloudrunv2/service:Service",
    name: "auth",
    inputs: { template: { containers } },
    more: { sourcePosition: undefined },
  });
  expect(Object.keys(service.location)).toEqual(["file", "urn"]);
});

test.each([
  ["auth", "auth"],
  ["backend", "backend"],
  ["frontend", undefined],
])("this project's own component %s has the role %s", (name, role) => {
  const service = only({
    type: "gcp:cloudrunv2/service:Service",
    name,
    parent: "jwt-secret:infrastructure:CloudRunService",
    inputs: { name: "identity", template: { containers } },
  });
  expect(service.role).toBe(role);
});

test.each<[string, Record<string, unknown>, string | undefined]>([
  ["gcp:cloudrunv2/service:Service", { template: { containers }, traffics: [{ percent: 100 }] }, undefined],
  [
    "gcp:cloudrunv2/service:Service",
    { template: { containers, revision: "auth-2" }, traffics: [{ percent: 100, revision: "auth-2" }] },
    undefined,
  ],
  [
    "gcp:cloudrunv2/service:Service",
    { template: { containers, revision: "auth-2" }, traffics: [{ percent: 100, revision: "auth-1" }] },
    "100 % of its traffic goes to the revision auth-1, which no document shows",
  ],
  [
    "gcp:cloudrun/service:Service",
    {
      template: { metadata: { name: "auth-2" }, spec: { containers } },
      traffics: [
        { percent: 90, revisionName: "auth-2" },
        { percent: 10, revisionName: "auth-1" },
      ],
    },
    "10 % of its traffic goes to the revision auth-1, which no document shows",
  ],
])("traffic that %s sends to a revision of before is not that of its template: %j", (type, inputs, stale) => {
  expect(only({ type, name: "auth", inputs }).serving?.stale).toBe(stale);
});
