import { describe, expect, test } from "vitest";
import type { Service } from "../../policy/facts.ts";
import { readValue } from "../document.ts";
import { v1 } from "../testing/cloud-run.ts";
import { onlyEnvironment, referenceOf, variablesOf } from "../testing/facts.ts";

function read(value: unknown): Service {
  const [service, ...others] = onlyEnvironment(value).services;
  if (service === undefined || others.length > 0) throw new Error("expected one service");
  return service;
}

test("a service says its name, project, region, account and reference", () => {
  const service = read(v1("auth"));
  expect(service).toMatchObject({
    kind: "service",
    role: "auth",
    label: "auth",
    project: { kind: "known", value: "123456789012" },
    region: "us-central1",
    account: { kind: "known", value: "auth@netra-staging.iam.gserviceaccount.com" },
  });
  expect(referenceOf(service)).toEqual({
    project: { kind: "known", value: "123456789012" },
    secret: { kind: "known", value: "jwt-secret-staging" },
    version: { kind: "known", value: "1" },
  });
});

describe("what serves", () => {
  const serving = (change: (document: ReturnType<typeof v1>) => void) => {
    const document = v1("auth");
    change(document);
    return read(document).serving;
  };
  test("a healthy service", () => {
    expect(serving(() => {})).toEqual({
      latestCreated: "auth-00002-abc",
      latestReady: "auth-00002-abc",
      traffic: [{ percent: 100 }],
    });
  });
  test("traffic to a revision of its own", () => {
    expect(
      serving(({ status }) => {
        status.traffic = [{ latestRevision: false, percent: 100, revisionName: "auth-00001-abc" }];
      })?.traffic,
    ).toEqual([{ percent: 100, revision: "auth-00001-abc" }]);
  });
  test("a generation that is not observed yet, and a deployment under way, are stale", () => {
    expect(
      serving(({ metadata }) => {
        metadata.generation = 5;
      })?.stale,
    ).toMatch(/generation 4/u);
    expect(
      serving(({ status }) => {
        status.conditions = [{ type: "Ready", status: "Unknown" }];
      })?.stale,
    ).toMatch(/still being deployed/u);
  });
  test("a description without a status is a wish", () => {
    const { status: _, ...wish } = v1("auth");
    expect(read(wish)).not.toHaveProperty("serving");
  });
});

describe("kinds", () => {
  const { spec } = v1("auth").spec.template;
  test("a Revision goes by its service, and has its containers at once", () => {
    const labels = { "serving.knative.dev/service": "auth" };
    const service = read({
      ...v1("auth"),
      kind: "Revision",
      metadata: { name: "auth-00002-abc", labels },
      spec,
    });
    expect(service).toMatchObject({ kind: "revision", role: "auth", label: "auth" });
    expect(service).not.toHaveProperty("serving");
    expect(variablesOf(service)).toHaveLength(2);
  });
  test("a Revision that names no service goes by its own name, or by its line", () => {
    const revision = (metadata: unknown) => read({ ...v1("auth"), kind: "Revision", metadata, spec }).label;
    expect(revision({ name: "auth-00002-abc", labels: {} })).toBe("auth-00002-abc");
    expect(revision({ name: "auth-00002-abc" })).toBe("auth-00002-abc");
    expect(revision(undefined)).toBe("the revision at line 1");
  });
  test("a Service goes by its own name, whatever its labels say", () => {
    const labels = { "serving.knative.dev/service": "other" };
    expect(read({ ...v1("auth"), metadata: { name: "auth", labels } }).label).toBe("auth");
  });
  test("a Job has them three levels deeper", () => {
    const task = { spec };
    const job = {
      apiVersion: "run.googleapis.com/v1",
      kind: "Job",
      metadata: { name: "auth" },
      spec: { template: { spec: { template: task } } },
    };
    expect(read(job)).toMatchObject({ kind: "job" });
    expect(variablesOf(read(job))).toHaveLength(2);
    expect(read(job)).not.toHaveProperty("role");
  });
  test("a job's aliases stand on its execution template", () => {
    const metadata = {
      annotations: { "run.googleapis.com/secrets": "jwt-secret-staging:projects/vault/secrets/real" },
    };
    const job = {
      kind: "Job",
      metadata: { name: "auth" },
      spec: { template: { metadata, spec: { template: { spec } } } },
    };
    expect(referenceOf(read(job)).secret).toEqual({ kind: "known", value: "real" });
  });
  test("a worker pool", () => {
    expect(read({ ...v1("pool"), apiVersion: "run.googleapis.com/v1", kind: "WorkerPool" })).toMatchObject({
      kind: "workerPool",
    });
  });
  test("Kubernetes' own Service is none", () => {
    expect(() => readValue({ ...v1("auth"), apiVersion: "v1" }, { file: "f" })).toThrow(
      /not a document this check reads/u,
    );
  });
});

test("an alias leads to the secret of another project", () => {
  const document = v1("auth");
  document.spec.template.metadata.annotations["run.googleapis.com/secrets"] =
    "jwt-secret-staging:projects/vault/secrets/real";
  expect(referenceOf(read(document))).toMatchObject({
    project: { value: "vault" },
    secret: { value: "real" },
  });
});

test.each<[string, unknown, unknown]>([
  ["its execution template", { "run.googleapis.com/secrets": "a:projects/other/secrets/s" }, undefined],
  [
    "its execution template, beside other metadata of the task",
    { "run.googleapis.com/secrets": "a:projects/other/secrets/s" },
    { x: "y" },
  ],
  ["its task's template", undefined, { "run.googleapis.com/secrets": "a:projects/other/secrets/s" }],
])("an alias of a job stands on %s", (_, outer, inner) => {
  const job = {
    apiVersion: "run.googleapis.com/v1",
    kind: "Job",
    metadata: { name: "j", namespace: "p" },
    spec: {
      template: {
        metadata: { annotations: outer },
        spec: {
          template: {
            metadata: { annotations: inner },
            spec: {
              containers: [{ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "a", key: "1" } } }] }],
            },
          },
        },
      },
    },
  };
  expect(JSON.stringify(onlyEnvironment(job).services[0]?.containers)).toContain(
    '"project":{"kind":"known","value":"other"},"secret":{"kind":"known","value":"s"}',
  );
});

test("services of one file that name no project share one that is not known", () => {
  const documents = ["auth", "backend"].map((name) => ({ ...v1(name), metadata: { name } }));
  const [auth, backend] = onlyEnvironment(documents).services;
  expect(auth?.project).toEqual({
    kind: "unknown",
    reason: "the document does not say which project",
    scope: "file-0.json",
  });
  expect(backend?.project).toEqual(auth?.project);
});

describe("a namespace", () => {
  const project = (namespace: unknown) =>
    read({ ...v1("auth"), metadata: { name: "auth", namespace } }).project;
  test.each<[unknown, string]>([
    ["netra-staging", "netra-staging"],
    ["example.com:netra", "example.com:netra"],
    ["123456789012", "123456789012"],
    [123456789012, "123456789012"],
  ])("%j is the project", (namespace, value) => expect(project(namespace)).toEqual({ kind: "known", value }));
  test.each(["PROJECT-ID", "my_project", "-a", "a b"])("%j is no project", (namespace) =>
    expect(project(namespace)).toEqual({
      kind: "unknown",
      reason: "it is not the ID or the number of a project",
    }),
  );
  test("that a pipeline was to replace is a placeholder", () =>
    expect(project("__PROJECT__")).toEqual({ kind: "unknown", reason: "it is a placeholder" }));
  test.each(["default", "", null, undefined])("%j says nothing of the project", (namespace) =>
    expect(project(namespace)).toEqual({
      kind: "unknown",
      reason: "the document does not say which project",
      scope: "file-0.json",
    }),
  );
});

test("a service that is not shaped like one is refused with the place", () => {
  const document = { ...v1("auth"), spec: { template: { spec: { containers: [{ env: "x" }] } } } };
  expect(() => read(document)).toThrow(
    expect.objectContaining({ position: { path: "spec.template.spec.containers[0].env" } }),
  );
});
