import { describe, expect, test } from "vitest";
import { onlyEnvironment } from "../testing/facts.ts";
import { preview, reads, resources, state, type TestResource, unknownValue } from "../testing/stack.ts";

const fullName = "projects/netra-staging/locations/us-central1/services/auth-staging";
const revision = (name: string) => `${fullName}/revisions/${name}`;
const toRevision = (name: string, percent = 100) => ({
  type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION",
  revision: name,
  percent,
});
const toLatest = { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", revision: "", percent: 100 };
const ready = [{ type: "Ready", state: "CONDITION_SUCCEEDED" }];

/** What the provider has of a service that serves what it was told to. */
const wellV2 = {
  latestCreatedRevision: revision("auth-2"),
  latestReadyRevision: revision("auth-2"),
  trafficStatuses: [toLatest],
  traffics: [toLatest],
  terminalConditions: ready,
};
const wellV1 = {
  statuses: [
    {
      latestCreatedRevisionName: "auth-2",
      latestReadyRevisionName: "auth-2",
      conditions: [{ type: "Ready", status: "True" }],
      traffics: [{ percent: 100, latestRevision: true, revisionName: "auth-2" }],
    },
  ],
  traffics: [{ percent: 100, latestRevision: true, revisionName: "" }],
};
const [statusV1] = wellV1.statuses;

function auth(outputs: Record<string, unknown>, inputs: Record<string, unknown> = {}): TestResource {
  const found = resources("jwt-secret-staging", "1").find(({ name }) => name === "auth");
  if (found === undefined) throw new Error("no auth");
  return { ...found, inputs: { ...found.inputs, ...inputs }, outputs };
}

function authV1(outputs: Record<string, unknown>): TestResource {
  const envs = [
    { name: "JWT_SECRET_KEY", valueFrom: { secretKeyRef: { name: "jwt-secret-staging", key: "1" } } },
  ];
  const template = { spec: { containers: [{ envs }] } };
  return { type: "gcp:cloudrun/service:Service", name: "auth", inputs: { name: "auth", template }, outputs };
}

const stale = (document: unknown) => onlyEnvironment(document).services[0]?.serving?.stale;
const inState = (resource: TestResource) => stale(state([resource]));

const away = "100 % of its traffic goes to the revision auth-1, which no document shows";
const notReady = "its latest revision auth-2 is not ready, auth-1 is";
const failed = "the service is not ready";

test.each<[string, Record<string, unknown>, string | undefined]>([
  ["that all is well", {}, undefined],
  ["a revision by name, which is the latest", { trafficStatuses: [toRevision("auth-2")] }, undefined],
  [
    "an earlier revision that gets nothing",
    { trafficStatuses: [toLatest, toRevision("auth-1", 0)] },
    undefined,
  ],
  ["a rollback", { trafficStatuses: [toRevision("auth-1")] }, away],
  ["a rollback that was asked for", { traffics: [toRevision(revision("auth-1"))] }, away],
  ["a latest revision that is not ready", { latestReadyRevision: revision("auth-1") }, notReady],
  [
    "that no revision was made",
    { terminalConditions: [{ type: "Ready", state: "CONDITION_FAILED" }] },
    failed,
  ],
  ["another condition", { terminalConditions: [{ type: "Routes", state: "CONDITION_FAILED" }] }, undefined],
  [
    "nothing that can be read",
    { trafficStatuses: unknownValue, traffics: [5], terminalConditions: {} },
    undefined,
  ],
])("the outputs of a v2 service in a state show %s", (_, change, expected) => {
  expect(inState(auth({ ...wellV2, ...change }))).toBe(expected);
});

test.each<[string, Record<string, unknown>, string | undefined]>([
  ["that all is well", {}, undefined],
  ["a rollback", { traffics: [{ percent: 100, revisionName: "auth-1" }] }, away],
  ["a latest revision that is not ready", { latestReadyRevisionName: "auth-1" }, notReady],
  ["that no revision was made", { conditions: [{ type: "Ready", status: "False" }] }, failed],
])("the status of a v1 service in a state shows %s", (_, change, expected) => {
  expect(inState(authV1({ ...wellV1, statuses: [{ ...statusV1, ...change }] }))).toBe(expected);
});

test("traffic that is asked to go to the very latest revision, by its name, goes to what the template says", () => {
  const pinned = auth(wellV2, { traffics: [toRevision("auth-2")] });
  expect(inState(pinned)).toBeUndefined();
  expect(stale(preview([pinned], { op: "update" }))).toMatch(/goes to the revision auth-2/u);
  expect(inState(auth({ ...wellV2, latestReadyRevision: revision("auth-1") }, pinned.inputs))).toMatch(
    /goes to the revision auth-2/u,
  );
});

test("a v1 service in a state may have been asked for a rollback", () => {
  expect(inState(authV1({ ...wellV1, traffics: [{ percent: 100, revisionName: "auth-1" }] }))).toBe(away);
});

test.each([
  {},
  { statuses: [] },
  { statuses: [5] },
  { statuses: "[secret]" },
  { latestCreatedRevision: "auth-2" },
  { latestReadyRevision: "auth-2" },
  { latestCreatedRevision: "auth-2", traffics: [toRevision("auth-2")] },
])("outputs that show nothing prove nothing: %j", (outputs) => {
  expect(inState(auth(outputs))).toBeUndefined();
  expect(inState(authV1(outputs))).toBeUndefined();
});

test("the revision of a template counts where no latest one is named", () => {
  const pinned = (name: string) =>
    inState(
      auth(
        { traffics: [toRevision("auth-1")] },
        { template: { revision: name, containers: [{ envs: [reads("JWT_SECRET_KEY", "s", "1")] }] } },
      ),
    );
  expect(pinned("auth-1")).toBeUndefined();
  expect(pinned("auth-2")).toBe(away);
});

test.each(["same", "read"])("what stands counts in a preview that only looks at it: %s", (op) => {
  const rolledBack = auth({ ...wellV2, trafficStatuses: [toRevision("auth-1")] });
  expect(stale(preview([rolledBack], { op }))).toBe(away);
});

describe("an update", () => {
  const updated = (outputs: Record<string, unknown>, inputs: Record<string, unknown> = {}) =>
    stale(preview([auth(outputs, inputs)], { op: "update" }));
  const rolledBack = { ...wellV2, traffics: [toRevision("auth-1")] };

  test("makes a revision that gets the traffic", () => {
    expect(updated({ ...wellV2, latestReadyRevision: revision("auth-1") })).toBeUndefined();
  });
  test.each([{}, { traffics: [] }, { traffics: null }])(
    "leaves traffic where it is when nothing asks for it: %j",
    (inputs) => {
      expect(updated(rolledBack, inputs)).toBe(
        "100 % of its traffic stays with the revision auth-1, which no document shows",
      );
    },
  );
  test("takes traffic back when that is asked for", () => {
    expect(updated(rolledBack, { traffics: [toLatest] })).toBeUndefined();
  });
  test("may make the very revision that has the traffic", () => {
    expect(updated(rolledBack, { template: { revision: "auth-1" } })).toBeUndefined();
  });
  test("that a refresh would make in the state is what is there", () => {
    const { steps, ...rest } = preview([auth({ ...wellV2, latestReadyRevision: revision("auth-1") })], {
      op: "update",
    });
    const urn = "urn:pulumi:staging::jwt-secret::pulumi:pulumi:Stack::jwt-secret-staging";
    const root = { op: "refresh", urn, newState: { urn, custom: false, type: "pulumi:pulumi:Stack" } };
    expect(stale({ ...rest, steps: [root, ...steps] })).toBe(notReady);
  });
});

test("a creation has no outputs to look at", () => {
  const document = preview([auth({})]);
  const [step] = document.steps;
  if (step?.newState === undefined) throw new Error("no step");
  step.newState.outputs = { ...wellV2, trafficStatuses: [toRevision("auth-1")] };
  expect(stale(document)).toBeUndefined();
});

describe("a template in the outputs", () => {
  const key = (secret: unknown, version: unknown = "1", name = "JWT_SECRET_KEY") =>
    reads(name, secret, version);
  const template = (...envs: unknown[]) => ({ template: { containers: [{ envs }] } });
  const both = (outputs: unknown[], inputs: unknown[] = [key("jwt-secret-staging")]) =>
    inState(auth(template(...outputs), template(...inputs)));
  const otherwise = "what the state shows of it carries JWT_SECRET_KEY otherwise than its inputs do";

  test.each<[string, unknown[]]>([
    ["says the same", [key("jwt-secret-staging")]],
    ["names the same secret in full", [key("projects/123456789012/secrets/jwt-secret-staging")]],
    ["hides the reference", [key("[secret]", "[secret]")]],
    ["hides the variables", ["[secret]"]],
    ["hides the value", [{ name: "JWT_SECRET_KEY", value: "[secret]" }]],
    [
      "has another variable from elsewhere",
      [key("jwt-secret-staging"), key("database", "4", "DATABASE_URL")],
    ],
    ["is of another shape", [{ valueSource: [] }]],
    ["has no variables", []],
  ])("that %s agrees", (_, envs) => expect(both(envs)).toBeUndefined());

  test.each<[string, unknown[]]>([
    ["another secret", [key("other")]],
    ["another version", [key("jwt-secret-staging", "2")]],
    ["a text", [{ name: "JWT_SECRET_KEY", value: "a text" }]],
  ])("with %s does not", (_, envs) => expect(both(envs)).toBe(otherwise));

  test("says nothing beside a variable that is hidden in the inputs", () =>
    expect(both([key("other")], [{ name: "JWT_SECRET_KEY", value: "[secret]" }])).toBeUndefined());
  test("with a text agrees with a text, and with no reference", () => {
    const text = (value: string) => ({ name: "JWT_SECRET_KEY", value });
    expect(both([text("a")], [text("b")])).toBeUndefined();
    expect(both([key("other")], [text("b")])).toBe(otherwise);
  });
  test("with several variables agrees variable by variable", () => {
    const two = [key("jwt-secret-staging"), key("jwt-secret-staging", "1", "JWT_SECRET")];
    expect(both(two, two)).toBeUndefined();
    expect(both(two)).toBe("what the state shows of it carries JWT_SECRET otherwise than its inputs do");
  });
  test("that agrees leaves nothing to say of what serves", () => {
    const envs = [key("jwt-secret-staging")];
    const [service] = onlyEnvironment(state([auth(template(...envs), template(...envs))])).services;
    expect(service).not.toHaveProperty("serving");
  });
  test("of a v1 service is read with its aliases", () => {
    const v1 = (alias: string) => ({
      template: {
        metadata: { annotations: { "run.googleapis.com/secrets": `${alias}:projects/p/secrets/s` } },
        spec: {
          containers: [
            { envs: [{ name: "JWT_SECRET_KEY", valueFrom: { secretKeyRef: { name: alias, key: "1" } } }] },
          ],
        },
      },
    });
    const one = { ...authV1(v1("b")), inputs: { name: "auth", ...v1("a") } };
    expect(inState(one)).toBeUndefined();
  });
  test("that is hidden leaves the traffic that is asked for", () => {
    const traffics = [{ percent: 100, revisionName: "auth-1" }];
    expect(inState({ ...authV1({}), inputs: { name: "auth", template: "[secret]", traffics } })).toBe(away);
  });

  test("with a JWT variable more does not", () => {
    expect(both([key("jwt-secret-staging"), key("other", "1", "JWT_SECRET")])).toBe(
      "what the state shows of it carries JWT_SECRET otherwise than its inputs do",
    );
  });
  test("says nothing beside inputs that are hidden", () => {
    expect(inState(auth(template(key("other")), { template: "[secret]" }))).toBeUndefined();
    expect(both([key("other")], [key(unknownValue, unknownValue)])).toBeUndefined();
  });
  test("says nothing of what an update makes", () => {
    const document = preview([auth(template(key("other")))], { op: "update" });
    expect(stale(document)).toBeUndefined();
  });
  test("of a job is held to its inputs too", () => {
    const inner = (secret: string) => ({ template: template(key(secret)) });
    const job = (secret: string): TestResource => ({
      type: "gcp:cloudrunv2/job:Job",
      name: "job",
      inputs: inner("jwt-secret-staging"),
      outputs: inner(secret),
    });
    expect(inState(job("jwt-secret-staging"))).toBeUndefined();
    expect(inState(job("other"))).toBe(otherwise);
  });
});
