/** What v1 and v2 say of the revision that serves, and of services that hide or leave out parts. */
import { describe, expect, test } from "vitest";
import type { Service } from "../../policy/facts.ts";
import { v1, v2 } from "../testing/cloud-run.ts";
import { onlyEnvironment } from "../testing/facts.ts";

function read(value: unknown): Service {
  const [service, ...others] = onlyEnvironment(value).services;
  if (service === undefined || others.length > 0) throw new Error("expected one service");
  return service;
}
const masked = "it is masked as a Pulumi secret";

describe("v1", () => {
  const { status: full, metadata, ...rest } = v1("auth");
  const serving = (status: unknown, generation: unknown = 4) =>
    read({ ...rest, metadata: { ...metadata, generation }, status }).serving;

  test.each<[string, unknown, unknown]>([
    ["what was created", { latestCreatedRevisionName: "auth-2" }, { latestCreated: "auth-2" }],
    ["what is ready", { latestReadyRevisionName: "auth-2" }, { latestReady: "auth-2" }],
    ["no traffic", { traffic: [] }, { traffic: [] }],
    ["traffic that is null", { traffic: null }, undefined],
    [
      "traffic to the latest",
      { traffic: [{ latestRevision: true, percent: 100 }] },
      { traffic: [{ percent: 100 }] },
    ],
    [
      "traffic to the latest, named",
      {
        latestReadyRevisionName: "auth-2",
        traffic: [{ latestRevision: true, percent: 100, revisionName: "auth-2" }],
      },
      { latestReady: "auth-2", traffic: [{ percent: 100 }] },
    ],
    [
      "traffic to what is ready, by its name",
      { latestReadyRevisionName: "auth-2", traffic: [{ percent: 100, revisionName: "auth-2" }] },
      { latestReady: "auth-2", traffic: [{ percent: 100, revision: "auth-2" }] },
    ],
    [
      "traffic to the latest, which is an older one yet",
      { traffic: [{ latestRevision: true, percent: 100, revisionName: "auth-1" }] },
      { traffic: [{ percent: 100, revision: "auth-1" }] },
    ],
    [
      "traffic that nobody names",
      { traffic: [{ percent: 100, revisionName: "" }] },
      { traffic: [{ percent: 100 }] },
    ],
    [
      "traffic split, a tag among it",
      {
        traffic: [
          { percent: 90, revisionName: "a" },
          { revisionName: "b", tag: "t" },
        ],
      },
      {
        traffic: [
          { percent: 90, revision: "a" },
          { percent: 0, revision: "b" },
        ],
      },
    ],
  ])("%s", (_, status, expected) => expect(serving(status)).toStrictEqual(expected));

  test.each<[unknown, unknown, string | undefined]>([
    [4, 4, undefined],
    [4, 5, undefined],
    [5, 4, "the status speaks of generation 4, the template is of generation 5"],
    ["10", "9", "the status speaks of generation 9, the template is of generation 10"],
    [undefined, 4, undefined],
    [5, undefined, undefined],
    ["[secret]", 4, undefined],
    ["5x", 4, undefined],
    ["x5", 4, undefined],
    ["5.5", 4, undefined],
  ])("a template of generation %j and a status of %j", (generation, observedGeneration, stale) => {
    expect(serving({ observedGeneration }, generation)?.stale).toBe(stale);
  });

  test.each<[string, unknown, string | undefined]>([
    ["Ready", "True", undefined],
    ["Ready", "False", undefined],
    ["Ready", "Unknown", "the service is still being deployed"],
    ["RoutesReady", "Unknown", undefined],
  ])("the condition %s is %s", (type, status, stale) => {
    const conditions = [
      { type: "ConfigurationsReady", status: "True" },
      { type, status },
    ];
    expect(serving({ conditions })?.stale).toBe(stale);
  });

  test("a status in which nothing is said is that of a wish", () => {
    const asked = [{ percent: 100, revisionName: "auth-1" }];
    const wish = (status: unknown) =>
      read({ ...rest, metadata, spec: { ...rest.spec, traffic: asked }, status }).serving;
    const elsewhere = "100 % of its traffic goes to the revision auth-1, which no document shows";
    for (const status of [{}, { conditions: null, traffic: null }, { url: "https://auth" }]) {
      expect(serving(status)).toBeUndefined();
      expect(wish(status)).toEqual({ stale: elsewhere });
    }
  });
  test("a hidden status says nothing, and that", () => {
    expect(serving("[secret]")).toEqual({ stale: `the status is not shown: ${masked}` });
    expect(read({ ...rest, metadata: "[secret]", status: full }).serving).not.toHaveProperty("stale");
  });
});

describe("v1 with parts that are hidden or missing", () => {
  const { metadata, spec } = v1("auth");
  const service = (change: Record<string, unknown>) => read({ ...v1("auth"), ...change });

  test("hidden metadata leave a service without a name, a project and a region", () => {
    expect(service({ metadata: "[secret]" })).toMatchObject({
      name: { kind: "unknown", reason: "the document does not name it" },
      label: "the service at line 1",
      project: { kind: "unknown", scope: "file-0.json" },
    });
    expect(service({ metadata: "[secret]" })).not.toHaveProperty("region");
    expect(service({ metadata: undefined })).toMatchObject({ label: "the service at line 1" });
  });
  test("a hidden name or namespace says why", () => {
    const named = service({ metadata: { ...metadata, name: "[secret]", namespace: "[secret]" } });
    expect(named.name).toEqual({ kind: "unknown", reason: masked });
    expect(named.project).toEqual({ kind: "unknown", reason: masked });
  });
  test("hidden labels leave a service without a region", () => {
    expect(service({ metadata: { ...metadata, labels: "[secret]" } })).toMatchObject({ label: "auth" });
    expect(service({ metadata: { ...metadata, labels: "[secret]" } })).not.toHaveProperty("region");
  });
  test.each<[string, unknown, string]>([
    ["the template is not shown", "[secret]", `the template is not shown: ${masked}`],
    ["the template is not shown", { template: "[secret]" }, `the template is not shown: ${masked}`],
    ["the template is not shown", { template: { spec: "[secret]" } }, `the template is not shown: ${masked}`],
    ["there is none", {}, "the document names no container"],
    ["there is none", { template: {} }, "the document names no container"],
    ["there is none", null, "the document names no container"],
  ])("%s: %j", (_, hidden, reason) => {
    expect(service({ spec: hidden }).containers).toEqual({ kind: "unknown", reason });
  });
  test("the account is the pod's, the default one, or not known", () => {
    const account = (pod: unknown) => service({ spec: { template: { spec: pod } } }).account;
    const { containers } = spec.template.spec;
    expect(account({ containers, serviceAccountName: "a@b.c" })).toEqual({ kind: "known", value: "a@b.c" });
    expect(account({ containers, serviceAccount: "a@b.c" })).toEqual({ kind: "known", value: "a@b.c" });
    expect(account({ containers })).toEqual({ kind: "absent" });
    expect(account({ containers, serviceAccountName: "" })).toEqual({ kind: "absent" });
    expect(account({ containers, serviceAccountName: "[secret]" })).toEqual({
      kind: "unknown",
      reason: masked,
    });
    expect(account("[secret]")).toEqual({ kind: "unknown", reason: masked });
  });
  test("hidden annotations make every short name doubtful", () => {
    for (const hidden of ["[secret]", { annotations: "[secret]" }]) {
      const template = { ...spec.template, metadata: hidden };
      expect(JSON.stringify(service({ spec: { template } }).containers)).toContain("it may be an alias");
    }
  });
});

test("a worker pool without a spec names no container", () =>
  expect(
    read({ ...v1("pool"), apiVersion: "run.googleapis.com/v1", kind: "WorkerPool", spec: null }).containers,
  ).toEqual({ kind: "unknown", reason: "the document names no container" }));

describe("which objects are v1 services", () => {
  const kindOf = (change: Record<string, unknown>) => {
    try {
      return read({ ...v1("auth"), ...change }).kind;
    } catch {
      return "none";
    }
  };
  test.each<[Record<string, unknown>, string]>([
    [{ apiVersion: "serving.knative.dev/v1" }, "service"],
    [{ apiVersion: "serving.knative.dev/v1beta1" }, "service"],
    [{ apiVersion: "run.googleapis.com/v1", kind: "WorkerPool" }, "workerPool"],
    [{ apiVersion: undefined }, "service"],
    [{ apiVersion: null }, "service"],
    [{ apiVersion: undefined, spec: undefined }, "none"],
    [{ apiVersion: "v1" }, "none"],
    [{ apiVersion: "x/serving.knative.dev/v1" }, "none"],
    [{ apiVersion: "serving.knative.dev" }, "none"],
    [{ apiVersion: 1 }, "none"],
    [{ apiVersion: ["serving.knative.dev/v1"] }, "none"],
    [{ kind: "Route" }, "none"],
    [{ kind: "toString" }, "none"],
    [{ kind: 5 }, "none"],
    [{ kind: ["Service"] }, "none"],
  ])("%j: %s", (change, kind) => expect(kindOf(change)).toBe(kind));
});

describe("a v1 service whose template made no revision", () => {
  const { status, spec, ...rest } = v1("auth");
  const stale = (change: Record<string, unknown>, traffic?: unknown) =>
    read({ ...rest, spec: { ...spec, traffic }, status: { ...status, ...change } }).serving?.stale;

  test.each<[unknown, string | undefined]>([
    ["True", undefined],
    [true, undefined],
    ["False", "the service is not ready"],
    [undefined, "the service is not ready"],
    ["Unknown", "the service is still being deployed"],
  ])("Ready is %s", (ready, expected) =>
    expect(stale({ conditions: [{ type: "Ready", status: ready }] })).toBe(expected),
  );

  test.each([
    null,
    [],
    [{ type: "RoutesReady", status: "True" }],
    [{ type: "RoutesReady", status: "Unknown" }],
    [
      { type: "Ready", status: "True" },
      { type: "Retired", status: "False" },
    ],
  ])("with the conditions %j nothing says that it is not ready", (conditions) =>
    expect(stale({ conditions })).toBeUndefined(),
  );

  test.each(["False", false])(
    "without Ready, any other condition that is %s says that it is not",
    (status) => {
      const conditions = [
        { type: "ConfigurationsReady", status: "True" },
        { type: "RoutesReady", status },
      ];
      expect(stale({ conditions })).toBe("the service is not ready");
    },
  );

  test("a revision that is not ready is told of by its name", () =>
    expect(
      stale({ conditions: [{ type: "Ready", status: "False" }], latestReadyRevisionName: "auth-1" }),
    ).toBeUndefined());

  test.each<[unknown, string | undefined]>([
    [[{ latestRevision: true, percent: 100 }], undefined],
    [
      [{ percent: 100, revisionName: "auth-1" }],
      "100 % of its traffic goes to the revision auth-1, which no document shows",
    ],
  ])("a wish with the traffic %j", (traffic, expected) =>
    expect(read({ ...rest, spec: { ...spec, traffic } }).serving?.stale).toBe(expected),
  );

  test.each<[string, unknown, string | undefined]>([
    ["the latest", [{ latestRevision: true, percent: 100 }], undefined],
    ["what is ready, by its name", [{ percent: 100, revisionName: "auth-00002-abc" }], undefined],
    [
      "what is ready, with a tag elsewhere",
      [{ percent: 100 }, { revisionName: "auth-1", tag: "old" }],
      undefined,
    ],
    [
      "an older revision",
      [{ percent: 100, revisionName: "auth-1" }],
      "100 % of its traffic goes to the revision auth-1, which no document shows",
    ],
  ])("with a status, traffic asked to go to %s", (_, traffic, expected) =>
    expect(stale({}, traffic)).toBe(expected),
  );
});

describe("a template that names its revision", () => {
  const other = "the status speaks of the revision auth-00002-abc, the template is of auth-00003-new";
  test.each<[string, string | undefined]>([
    ["auth-00002-abc", undefined],
    ["auth-00003-new", other],
    ["[secret]", undefined],
    ["", undefined],
  ])("%j", (name, expected) => {
    const [first, second] = [v1("auth"), v2("auth")];
    const { spec } = first;
    const named = { ...spec, template: { ...spec.template, metadata: { name } } };
    expect(read({ ...first, spec: named }).serving?.stale).toBe(expected);
    const template = { ...second.template, revision: name };
    expect(read({ ...second, template }).serving?.stale).toBe(expected);
  });
  test("may be the latest created one that is not ready: that is told of by its name", () => {
    const { spec, status, ...rest } = v1("auth");
    const named = { ...spec, template: { ...spec.template, metadata: { name: "auth-00003-new" } } };
    const created = { ...status, latestCreatedRevisionName: "auth-00003-new" };
    expect(read({ ...rest, spec: named, status: created }).serving).not.toHaveProperty("stale");
  });
  test("says nothing where the status names no revision", () => {
    const second = v2("auth");
    const template = { ...second.template, revision: "auth-00003-new" };
    expect(read({ ...second, template, latestCreatedRevision: undefined }).serving).not.toHaveProperty(
      "stale",
    );
  });
});

describe("worker pools", () => {
  const { spec, status, ...rest } = v1("pool");
  const { traffic: _traffic, ...revisions } = status;
  const first = (change: Record<string, unknown>, wish: unknown = undefined) =>
    read({
      ...rest,
      apiVersion: "run.googleapis.com/v1",
      kind: "WorkerPool",
      spec: { ...spec, instanceSplits: wish, traffic: [{ percent: 100, revisionName: "pool-1" }] },
      status: { ...revisions, ...change },
    }).serving;
  const { name: _name, template, trafficStatuses: _statuses, ...live } = v2("pool");
  const name = "projects/p/locations/l/workerPools/pool";
  const second = (change: Record<string, unknown>) => read({ name, template, ...change }).serving;
  const latest = "INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST";
  const ready = { latestCreated: "pool-00002-abc", latestReady: "pool-00002-abc" };
  const older = "100 % of its instance split goes to the revision pool-1, which no document shows";

  test("say which revision their instances are of, in v1", () => {
    const named = [{ latestRevision: true, percent: 100, revisionName: "pool-00002-abc" }];
    expect(first({ instanceSplits: named })).toEqual({ ...ready, traffic: [{ percent: 100 }] });
    expect(first({ instanceSplits: [{ percent: 100, revisionName: "pool-1" }] })).toEqual({
      ...ready,
      traffic: [{ percent: 100, revision: "pool-1" }],
    });
    expect(first({})).toEqual(ready);
  });
  test("say it in v2", () => {
    expect(second({ ...live, instanceSplitStatuses: [{ type: latest, percent: 100 }] })).toEqual({
      ...ready,
      traffic: [{ percent: 100 }],
    });
    const named = [{ type: latest, percent: 100, revision: "pool-00002-abc" }];
    expect(second({ ...live, instanceSplitStatuses: named })?.traffic).toEqual([{ percent: 100 }]);
    expect(
      second({ ...live, instanceSplitStatuses: [{ revision: "pool-1", percent: 100 }] })?.traffic,
    ).toEqual([{ percent: 100, revision: "pool-1" }]);
    expect(second(live)).toEqual(ready);
  });
  test("may ask for an older revision, with a status and without", () => {
    const { status: _, ...wish } = v1("pool");
    const asked = [{ percent: 100, revisionName: "pool-1" }];
    const pool = { ...wish, kind: "WorkerPool", apiVersion: "run.googleapis.com/v1" };
    expect(read({ ...pool, spec: { ...spec, instanceSplits: asked } }).serving).toEqual({ stale: older });
    expect(first({}, asked)?.stale).toBe(older);
    const instanceSplits = [{ revision: "pool-1", percent: 100 }];
    expect(second({ instanceSplits })).toEqual({ stale: older });
    expect(second({ ...live, instanceSplits })?.stale).toBe(older);
    expect(second({ instanceSplits: [{ type: latest, percent: 100 }] })).toBeUndefined();
  });
  test("say nothing where they name no revision and no split", () => {
    const bare = { latestCreatedRevisionName: null, latestReadyRevisionName: null };
    expect(first(bare)).toBeUndefined();
    expect(second({ generation: "4", terminalCondition: { state: "CONDITION_FAILED" } })).toBeUndefined();
    expect(second({ trafficStatuses: [{ revision: "pool-1", percent: 100 }] })).toBeUndefined();
  });
});

describe("v2", () => {
  const { name, template, ...status } = v2("auth");
  const serving = (change: Record<string, unknown>) => read({ name, template, ...change }).serving;
  const latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";

  test.each<[string, Record<string, unknown>, unknown]>([
    ["no status", {}, undefined],
    ["what was created", { latestCreatedRevision: `${name}/revisions/auth-2` }, { latestCreated: "auth-2" }],
    ["what is ready", { latestReadyRevision: "auth-2" }, { latestReady: "auth-2" }],
    ["no traffic", { trafficStatuses: [] }, { traffic: [] }],
    ["traffic that is null", { trafficStatuses: null }, undefined],
    [
      "traffic to the latest",
      { trafficStatuses: [{ type: latest, percent: 100 }] },
      { traffic: [{ percent: 100 }] },
    ],
    [
      "traffic to the latest, which another place names",
      { latestReadyRevision: "auth-2", trafficStatuses: [{ type: latest, percent: 100 }] },
      { latestReady: "auth-2", traffic: [{ percent: 100 }] },
    ],
    [
      "traffic asked to go to what the template describes",
      { template: { ...template, revision: "auth-2" }, traffic: [{ revision: "auth-2", percent: 100 }] },
      undefined,
    ],
    [
      "traffic to the latest, named",
      {
        latestReadyRevision: "auth-2",
        trafficStatuses: [{ type: latest, revision: `${name}/revisions/auth-2`, percent: 100 }],
      },
      { latestReady: "auth-2", traffic: [{ percent: 100 }] },
    ],
    [
      "traffic to the latest, which is an older one yet",
      { trafficStatuses: [{ type: latest, revision: "auth-1", percent: 100 }] },
      { traffic: [{ percent: 100, revision: "auth-1" }] },
    ],
    [
      "a first deployment that goes on",
      { reconciling: true },
      { stale: "the service is still being deployed" },
    ],
    ["a first deployment that failed", { terminalCondition: { state: "CONDITION_FAILED" } }, {}],
    ["traffic asked for", { traffic: [{ type: latest, percent: 100 }] }, undefined],
    [
      "traffic asked to go to an older revision",
      { traffic: [{ revision: "auth-1", percent: 100 }] },
      { stale: "100 % of its traffic goes to the revision auth-1, which no document shows" },
    ],
    [
      "traffic to a revision",
      { trafficStatuses: [{ revision: `${name}/revisions/auth-1`, percent: 10 }, { revision: "auth-2" }] },
      {
        traffic: [
          { percent: 10, revision: "auth-1" },
          { percent: 0, revision: "auth-2" },
        ],
      },
    ],
  ])("%s", (_, change, expected) => expect(serving(change)).toStrictEqual(expected));

  test.each<[Record<string, unknown>, string | undefined]>([
    [{}, undefined],
    [{ reconciling: true }, "the service is still being deployed"],
    [{ reconciling: false }, undefined],
    [{ generation: "5" }, "the status speaks of generation 4, the template is of generation 5"],
    [
      { generation: "10", observedGeneration: "9" },
      "the status speaks of generation 9, the template is of generation 10",
    ],
    [{ generation: "3" }, undefined],
    [{ generation: undefined }, undefined],
    [{ observedGeneration: undefined }, undefined],
    [{ terminalCondition: { type: "Ready", state: "CONDITION_SUCCEEDED" } }, undefined],
    [{ terminalCondition: { type: "Ready", state: "CONDITION_FAILED" } }, "the service is not ready"],
    [{ terminalCondition: {} }, "the service is not ready"],
    [{ terminalCondition: "[secret]" }, "the service is not ready"],
    [
      { terminalCondition: { state: "CONDITION_FAILED" }, latestReadyRevision: "auth-00001-abc" },
      // What is ready says so by its name.
      undefined,
    ],
  ])("%j", (change, stale) => expect(serving({ ...status, ...change })?.stale).toBe(stale));

  test.each<[string, unknown, string | undefined]>([
    ["the latest", [{ type: latest, percent: 100 }], undefined],
    [
      "what is ready, by its name",
      [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", revision: "auth-00002-abc", percent: 100 }],
      undefined,
    ],
    [
      "what is ready, by its whole name",
      [{ revision: `${name}/revisions/auth-00002-abc`, percent: 100 }],
      undefined,
    ],
    [
      "an older revision",
      [{ revision: `${name}/revisions/auth-1`, percent: 100 }],
      "100 % of its traffic goes to the revision auth-1, which no document shows",
    ],
  ])("with a status, traffic asked to go to %s", (_, traffic, stale) =>
    expect(serving({ ...status, traffic })?.stale).toBe(stale),
  );

  test("a job serves nobody", () => {
    const at = "projects/p/locations/l";
    expect(read({ ...status, name: `${at}/jobs/j`, template: { template } })).not.toHaveProperty("serving");
  });
});

describe("v2 names", () => {
  const { template } = v2("auth");
  const { containers } = template;
  const at = "projects/p/locations/l";
  test.each<[unknown, Record<string, unknown>]>([
    [
      `${at}/services/auth`,
      { kind: "service", label: "auth", region: "l", project: { kind: "known", value: "p" } },
    ],
    [`${at}/workerPools/pool`, { kind: "workerPool", label: "pool", region: "l" }],
    ["auth", { kind: "service", label: "auth", project: { kind: "unknown", scope: "file-0.json" } }],
    [`${at}/other/auth`, { kind: "service", label: `${at}/other/auth` }],
    [`x/${at}/services/auth`, { label: `x/${at}/services/auth` }],
    [`${at}/services/auth/x`, { label: `${at}/services/auth/x` }],
    ["[secret]", { label: "the service at line 1", name: { kind: "unknown", reason: masked } }],
    [
      undefined,
      { label: "the service at line 1", name: { kind: "unknown", reason: "the document does not name it" } },
    ],
  ])("%j", (name, expected) => expect(read({ name, template })).toMatchObject(expected));

  test("of a revision: the service it is of, else its own", () => {
    expect(read({ name: `${at}/services/auth/revisions/auth-1`, containers })).toMatchObject({
      kind: "revision",
      label: "auth",
    });
    expect(read({ name: "auth-1", service: `${at}/services/auth`, containers })).toMatchObject({
      kind: "revision",
      label: "auth",
    });
    expect(read({ name: "auth-1", containers })).toMatchObject({ kind: "revision", label: "auth-1" });
    expect(read({ name: `${at}/services/auth/revisions/auth-1`, template })).toMatchObject({
      kind: "revision",
    });
  });
  test("a hidden template hides the containers", () => {
    const hidden = { kind: "unknown", reason: `the template is not shown: ${masked}` };
    expect(read({ name: "auth", template: "[secret]" })).toMatchObject({
      containers: hidden,
      account: { reason: masked },
    });
    expect(read({ name: `${at}/jobs/j`, template: "[secret]" })).toMatchObject({
      kind: "job",
      containers: hidden,
    });
  });
  test("a service without a template has no containers", () => {
    expect(read({ name: `${at}/services/auth`, template: null }).containers).toEqual({
      kind: "unknown",
      reason: "the document names no container",
    });
  });
  test("a job has its variables a level deeper, and they know it", () => {
    const place = (value: unknown) => JSON.stringify(read(value).containers);
    expect(place({ name: "j", template: { template } })).toContain("JWT_SECRET_KEY");
    for (const nothing of [{}, null]) {
      expect(read({ name: `${at}/jobs/j`, template: nothing }).containers).toEqual({
        kind: "unknown",
        reason: "the document names no container",
      });
    }
  });
});

describe("which objects are v2 services", () => {
  const { name, template } = v2("auth");
  const { containers } = template;
  test.each<[string, unknown]>([
    ["of another kind", { name, kind: "Deployment", template }],
    ["with a spec", { name, spec: {}, template }],
    ["of containers without a name", { containers }],
    ["of a name without containers", { name }],
    ["that is a run of a job", { name: "projects/p/locations/l/jobs/auth/executions/auth-1", template }],
    ["that is a task of one", { name: "projects/p/locations/l/jobs/j/executions/e/tasks/auth", containers }],
  ])("none is one %s", (_, value) => {
    expect(() => read(value)).toThrow(/not a document this check reads/u);
  });
});

test.each(["tasks", "executions"])("a service may be called %s", (service) => {
  const { containers } = v2("auth").template;
  const name = `projects/p/locations/l/services/${service}/revisions/r`;
  expect(read({ name, containers })).toMatchObject({ kind: "revision", label: service });
});

test("a service that does not say everything is what it says, and nothing more", () => {
  const { status: _, ...wish } = v1("pool");
  const location = { file: "file-0.json", line: 1 };
  expect(read(wish)).toMatchObject({ location, reads: [] });
  const { name, template } = v2("pool");
  expect(read({ name, template })).toMatchObject({ location, reads: [] });
});
