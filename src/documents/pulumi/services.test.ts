import { expect, test } from "vitest";
import { onlyEnvironment, referenceOf, variablesOf } from "../testing/facts.ts";
import { preview, reads, type TestResource } from "../testing/stack.ts";

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
