import { describe, expect, test } from "vitest";
import { environmentsOf, onlyEnvironment, referenceOf, serviceNamed } from "../testing/facts.ts";
import {
  preview,
  reads,
  resources,
  secretUrn,
  service,
  type TestResource,
  types,
  unknownValue,
  urnOf,
  versionUrn,
} from "../testing/stack.ts";

const first = () => preview(resources("jwt-secret-staging", unknownValue));
const settled = { kind: "settled", urn: versionUrn };

test("a first preview: the environment is the stack, the unknown version is that of the one SecretVersion", () => {
  const environment = onlyEnvironment(first());
  expect(environment.name).toBe("staging");
  for (const name of ["auth-staging", "backend-staging"]) {
    expect(referenceOf(serviceNamed(environment, name))).toEqual({
      project: { kind: "known", value: "netra-staging" },
      secret: { kind: "known", value: "jwt-secret-staging" },
      version: settled,
    });
  }
});

test("services have roles, places and accounts", () => {
  expect(serviceNamed(onlyEnvironment(first()), "auth-staging")).toMatchObject({
    kind: "service",
    role: "auth",
    region: "us-central1",
    project: { kind: "known", value: "netra-staging" },
    account: { kind: "known", value: "auth-staging@netra-staging.iam.gserviceaccount.com" },
    location: { file: "file-0.json", sourcePosition: "project:///index.ts#23,10" },
  });
});

describe("steps", () => {
  const two = () => {
    const document = preview(resources("jwt-secret-staging", "1"), { op: "same" });
    const step = document.steps.find(({ urn }) => urn.endsWith("::auth"));
    if (step === undefined) throw new Error("no step");
    return { document, step };
  };
  const refers = (document: unknown) =>
    referenceOf(serviceNamed(onlyEnvironment(document), "auth-staging")).secret;
  const withSecret = (secret: string) => ({
    ...two().step.newState,
    inputs: service("auth", [reads("JWT_SECRET_KEY", secret, "1")]).inputs,
  });

  test("the last step of a resource is what results", () => {
    const { document, step } = two();
    document.steps.push({ ...step, op: "refresh" }, { ...step, op: "update", newState: withSecret("other") });
    expect(refers(document)).toEqual({ kind: "known", value: "other" });
  });
  test("inputs count, outputs do not", () => {
    const { document, step } = two();
    step.newState = { ...withSecret("wanted"), outputs: withSecret("stale").inputs };
    expect(refers(document)).toEqual({ kind: "known", value: "wanted" });
  });
  test.each(["delete", "discard"])("%s removes a resource", (op) => {
    const { document, step } = two();
    document.steps.push({ op, urn: step.urn });
    expect(onlyEnvironment(document).services.map(({ label }) => label)).toEqual(["backend-staging"]);
  });
  test.each(["delete-replaced", "discard-replaced", "remove-pending-replace"])(
    "%s speaks of the old copy and removes nothing",
    (op) => {
      const { document, step } = two();
      document.steps.push({ op, urn: step.urn });
      expect(onlyEnvironment(document).services).toHaveLength(2);
    },
  );
  test.each(["delete", "discard"])("nor does %s of what was left of a replacement", (op) => {
    const { document, step } = two();
    document.steps.push({ op, urn: step.urn, oldState: { delete: true } });
    expect(onlyEnvironment(document).services).toHaveLength(2);
  });
  test.each(["forget", "read-discard", "diff", "toString", ""])("%j is none of the engine's", (op) => {
    const { document, step } = two();
    step.op = op;
    expect(() => onlyEnvironment(document)).toThrow(
      expect.objectContaining({
        message: "is no operation that this check knows: use a newer jwt-secret",
        position: { path: "steps[2].op" },
      }),
    );
  });
  test.each([
    ["same", { kind: "known", value: "1" }],
    ["update", { kind: "known", value: "1" }],
    ["refresh", { kind: "known", value: "1" }],
    ["read", { kind: "known", value: "1" }],
    ["import", { kind: "known", value: "1" }],
    ["create", settled],
    ["create-replacement", settled],
    ["replace", settled],
    ["read-replacement", settled],
    ["import-replacement", settled],
  ])("after %s, a version is called %j", (op, version) => {
    const document = preview(resources("jwt-secret-staging", "1"), { op });
    document.steps = document.steps.map((step) => ({ ...step, op }));
    expect(onlyEnvironment(document).declared?.versions[0]?.version).toEqual(version);
  });
});

describe("a resource whose creation --target leaves out", () => {
  /** As the engine prints it: unchanged, from a copy of what it would be. */
  const skipped = (name: string, change: Record<string, unknown> = {}) => {
    const document = preview(resources("jwt-secret-staging", "1"), { op: "same" });
    const step = document.steps.find(({ urn }) => urn.endsWith(`::${name}`));
    if (step === undefined) throw new Error("no step");
    step.oldState = { ...step.newState, ...change };
    return onlyEnvironment(document);
  };
  test.each(["auth", "jwt-secret-g1"])("is not there, and not all is shown: %s", (name) => {
    const { services, declared } = skipped(name);
    expect(services.length + (declared?.versions.length ?? 0)).toBe(2);
    expect(declared?.incomplete).toBe(
      `the preview leaves out the creation of ${name}: make it without --target`,
    );
  });
  test("is there when it has an ID", () => {
    expect(skipped("auth", { id: "x" }).declared).not.toHaveProperty("incomplete");
  });
  test("is nothing to anybody when no fact is made of it, nor is a component", () => {
    const document = preview(resources("jwt-secret-staging", "1"), { op: "same" });
    const urn = urnOf("random:index/randomId:RandomId", "suffix");
    const root = urnOf("pulumi:pulumi:Stack", "jwt-secret-staging");
    const steps = [
      ...document.steps,
      { op: "same", urn, oldState: { custom: true }, newState: { custom: true } },
      { op: "same", urn: root, oldState: { custom: false }, newState: { custom: false } },
      { op: "same", urn: root, oldState: {}, newState: { custom: false } },
    ];
    expect(onlyEnvironment({ ...document, steps }).declared).not.toHaveProperty("incomplete");
  });
});

describe("what leaves the stack", () => {
  const grant = (member: string): TestResource => ({
    type: types.member,
    name: "grant",
    inputs: { secretId: "jwt-secret-staging", role: "roles/secretmanager.secretAccessor", member },
  });
  /** A grant that is replaced, and what the engine says of the old one. */
  const leaving = (op: string, old: Record<string, unknown>, resource = grant("allUsers")) => {
    const [gone] = preview([resource], { op: "same" }).steps;
    const { steps } = preview([grant("user:a@example.com")], { op: "create-replacement" });
    const all = op === "delete-replaced" ? steps : [];
    const step = { op, urn: gone?.urn, oldState: { ...gone?.oldState, ...old } };
    return onlyEnvironment({ steps: [...all, step], changeSummary: {} });
  };
  const members = (...of: Parameters<typeof leaving>) =>
    leaving(...of).declared?.grants.flatMap((one) => one.members.map((member) => Object(member).value));

  test.each<[string, Record<string, unknown>, string[]]>([
    ["delete", {}, []],
    ["delete", { retainOnDelete: true }, ["allUsers"]],
    ["delete", { retainOnDelete: true, delete: true }, ["allUsers"]],
    ["discard", { retainOnDelete: true }, []],
    ["delete-replaced", {}, ["user:a@example.com"]],
    ["delete-replaced", { retainOnDelete: true }, ["user:a@example.com", "allUsers"]],
  ])("by %s with %j leaves the grants to %j", (op, old, left) => {
    expect(members(op, old)).toEqual(left);
  });
  test("a service stays as well, and keeps serving", () => {
    const worker = service("worker", [reads("JWT_SECRET_KEY", "other", "1")]);
    const [left] = leaving("delete", { retainOnDelete: true }, worker).services;
    expect(left && referenceOf(left).secret).toEqual({ kind: "known", value: "other" });
  });
  test("of a service that stays, what it shows of what serves counts", () => {
    const worker = service("worker", [reads("JWT_SECRET_KEY", "other", "1")]);
    const traffics = [{ percent: 100, revision: "worker-1" }];
    const [left] = leaving(
      "delete",
      { retainOnDelete: true, outputs: { latestReadyRevision: "worker-2", traffics } },
      worker,
    ).services;
    expect(left?.serving?.stale).toMatch(/goes to the revision worker-1/u);
  });
  test.each([
    [types.member, true, "steps[0].oldState.inputs"],
    [types.account, false, "steps[0].oldState.inputs"],
  ])("%s of a wrong shape is refused with its place", (type, retainOnDelete, path) => {
    const steps = [{ op: "delete", urn: urnOf(type, "x"), oldState: { retainOnDelete, inputs: 5 } }];
    expect(() => onlyEnvironment({ steps })).toThrow(expect.objectContaining({ position: { path } }));
  });
  test("what is no URN is nothing that stays", () => {
    const steps = [{ op: "delete", urn: "nope", oldState: { retainOnDelete: true } }];
    expect(() => environmentsOf([{ steps }])).not.toThrow();
  });
  test("a Secret is no longer the stack's, wherever it stays", () => {
    const [secret] = resources("jwt-secret-staging", "1");
    if (secret === undefined) throw new Error("no secret");
    expect(leaving("delete", { retainOnDelete: true }, secret).declared?.secrets).toEqual([]);
  });
});

describe("an account", () => {
  const account = (more: Record<string, unknown> = {}): TestResource => ({
    type: types.account,
    name: "auth",
    inputs: { accountId: "auth-runner", project: "netra-staging", ...more },
  });
  const [step] = preview([account()], { op: "same" }).steps;
  const accounts = (steps: unknown[]) => onlyEnvironment({ steps, changeSummary: {} }).declared?.accounts;
  const email = { kind: "known", value: "auth-runner@netra-staging.iam.gserviceaccount.com" };
  const urn = urnOf(types.account, "auth");
  const ending = (op: string, old: Record<string, unknown> = {}) =>
    accounts([{ op, urn, oldState: { ...step?.oldState, ...old } }]);

  test.each(["delete", "refresh"])("that %s ends is told of, for whoever still names it", (op) => {
    expect(ending(op)).toEqual([{ urn, email, unusable: "its account is deleted" }]);
  });
  test("that stays where it is, or was only read, is another's", () => {
    expect(ending("delete", { retainOnDelete: true })).toEqual([]);
    expect(ending("discard")).toEqual([]);
    expect(ending("delete-replaced")).toEqual([]);
    const looked = { op: "refresh", urn, oldState: step?.oldState, newState: step?.newState };
    const left = { ...step?.oldState, retainOnDelete: true };
    expect(accounts([looked, { op: "delete", urn, oldState: left }])).toEqual([]);
  });
  test("that comes again under its URN is there", () => {
    expect(accounts([{ op: "refresh", urn, oldState: step?.oldState }, step])).toEqual([{ urn, email }]);
  });
  test.each<[unknown, string | undefined]>([
    [undefined, undefined],
    [null, undefined],
    [false, undefined],
    [true, "its account is disabled"],
    ["[secret]", "whether its account is enabled is not shown: it is masked as a Pulumi secret"],
  ])("that is disabled: %j", (disabled, unusable) => {
    expect(onlyEnvironment(preview([account({ disabled })])).declared?.accounts).toEqual([
      { urn, email, ...(unusable === undefined ? {} : { unusable }) },
    ]);
  });
  test("that other hands disabled, until an update", () => {
    const disabled = { ...account(), outputs: { disabled: true } };
    const seen = (op: string) => onlyEnvironment(preview([disabled], { op })).declared?.accounts[0]?.unusable;
    expect(seen("same")).toBe("its account is disabled");
    expect(seen("update")).toBeUndefined();
  });
  test("of which everything is masked", () => {
    const masked = { ...account(), inputs: "[secret]" as never };
    expect(onlyEnvironment(preview([masked])).declared?.accounts[0]?.unusable).toBe(
      "whether its account is enabled is not shown: it is masked as a Pulumi secret",
    );
  });
});

describe("what a preview leaves out", () => {
  const partial = () => {
    const document = preview(resources("jwt-secret-staging", "1"), { op: "same" });
    document.steps = document.steps.filter(({ urn }) => urn.endsWith("::backend"));
    return document;
  };
  test("unchanged resources without --show-sames are named", () => {
    expect(onlyEnvironment(partial()).declared?.incomplete).toMatch(/leaves out 3 unchanged .*--show-sames/u);
  });
  test("resources that are read and not shown are named", () => {
    const read = (shown: boolean) => {
      const [secret, ...others] = resources("jwt-secret-staging", "1");
      if (secret === undefined) throw new Error("no secret");
      const document = preview(others);
      const steps = preview([{ ...secret, more: { external: true } }], { op: "read" }).steps;
      const changeSummary = { ...document.changeSummary, read: 1 };
      return { ...document, steps: [...document.steps, ...(shown ? steps : [])], changeSummary };
    };
    expect(onlyEnvironment(read(true)).declared).not.toHaveProperty("incomplete");
    expect(onlyEnvironment(read(false)).declared?.incomplete).toBe(
      "the preview leaves out resources that it reads: make it again with a current Pulumi",
    );
  });
  test("with --show-sames nothing is missing", () => {
    const document = preview(resources("jwt-secret-staging", "1"), { op: "same" });
    expect(onlyEnvironment(document).declared).not.toHaveProperty("incomplete");
  });
  describe("of a refresh", () => {
    const root = { type: "pulumi:pulumi:Stack", name: "jwt-secret-staging", inputs: {} };
    const refreshed = () => {
      const document = preview([...resources("jwt-secret-staging", "1"), root], { op: "refresh" });
      document.changeSummary = { same: document.steps.length };
      return document;
    };
    test("what has not drifted is a refresh step, and counted as same: nothing is missing", () => {
      expect(onlyEnvironment(refreshed()).declared).not.toHaveProperty("incomplete");
    });
    test("a step that is not there is missing all the same", () => {
      const document = refreshed();
      document.steps.shift();
      expect(onlyEnvironment(document).declared?.incomplete).toBe(
        "the preview leaves out 1 unchanged resource: make it with `pulumi preview --json --show-sames`",
      );
    });
    test("what has drifted does not stand for what is missing", () => {
      const document = refreshed();
      document.steps.shift();
      const [first] = document.steps;
      if (first !== undefined) first.op = "update";
      document.changeSummary = { same: document.steps.length, update: 1 };
      expect(onlyEnvironment(document).declared?.incomplete).toMatch(/leaves out 1 unchanged/u);
    });
    test("in front of a preview says nothing about what the program makes", () => {
      const document = refreshed();
      document.steps = document.steps.map((step) =>
        step.urn.includes("Stack::") ? { ...step, op: "same" } : step,
      );
      expect(onlyEnvironment(document).declared?.incomplete).toMatch(/leaves out 4 unchanged/u);
    });
  });
  test("without a summary, an update without unchanged resources may be partial", () => {
    const { changeSummary: _, ...document } = partial();
    document.steps = document.steps.map((step) => ({ ...step, op: "update" }));
    expect(onlyEnvironment(document).declared?.incomplete).toMatch(/may leave out/u);
  });
  const withoutSummary = (...ops: string[]) => {
    const { changeSummary: _, ...document } = preview(resources("jwt-secret-staging", "1"), { op: "same" });
    const root = { op: "same", urn: urnOf("pulumi:pulumi:Stack", "jwt-secret-staging"), newState: {} };
    const steps = document.steps.map((step, index) => ({ ...step, op: ops[index] ?? "update" }));
    return onlyEnvironment({ ...document, steps: [root, ...steps] }).declared;
  };
  test("without a summary, a resource that is shown unchanged shows that all are", () => {
    expect(withoutSummary("same")).not.toHaveProperty("incomplete");
  });
  test("without a summary, the root alone does not, nor does a new resource among changed ones", () => {
    const maybe =
      "the preview may leave out unchanged resources: make it with `pulumi preview --json --show-sames`";
    expect(withoutSummary()?.incomplete).toBe(maybe);
    expect(withoutSummary("create")?.incomplete).toBe(maybe);
  });
  test("a first preview without a summary leaves out nothing", () => {
    const { changeSummary: _, ...document } = first();
    expect(onlyEnvironment(document).declared).not.toHaveProperty("incomplete");
  });
  test("a preview that failed is no document to decide on", () => {
    const diagnostics = [{ severity: "warning" }, { severity: "error" }];
    expect(() => onlyEnvironment({ ...first(), diagnostics })).toThrow(
      expect.objectContaining({
        message: "the preview ended in an error: mend what it names, then preview again",
        position: { path: "diagnostics[1]" },
      }),
    );
    expect(() => onlyEnvironment({ ...first(), diagnostics: [{ severity: "warning" }] })).not.toThrow();
  });
  test.each([
    { config: {}, steps: [], changeSummary: {} },
    { steps: [] },
    { changeSummary: {} },
    { diagnostics: [] },
  ])("a preview of nothing (%j) has no environment's name", (document) => {
    const [environment, ...others] = environmentsOf([document]);
    expect(others).toEqual([]);
    expect(environment?.services).toEqual([]);
    expect(environment).not.toHaveProperty("name");
  });
});

test("a version that an update enables again is enabled", () => {
  const [, version] = resources("jwt-secret-staging", "1");
  if (version === undefined) throw new Error("no version");
  const disabled = {
    ...version,
    inputs: { ...version.inputs, enabled: true },
    outputs: { version: "1", enabled: false },
  };
  const enabled = (op: string) => onlyEnvironment(preview([disabled], { op })).declared?.versions[0]?.enabled;
  expect(enabled("update")).toBe(true);
  expect(enabled("same")).toBe(false);
});

test.each([
  ["update", true],
  ["same", false],
  ["refresh", false],
  ["read", false],
  ["import", false],
])("a version that was disabled by other hands, and the operation %s: enabled is %s", (op, expected) => {
  const [, version] = resources("jwt-secret-staging", "1");
  if (version === undefined) throw new Error("no version");
  const disabled = { ...version, outputs: { version: "1", enabled: false } };
  expect(onlyEnvironment(preview([disabled], { op })).declared?.versions[0]?.enabled).toBe(expected);
});

test("no update brings a destroyed version back", () => {
  const [, version] = resources("jwt-secret-staging", "1");
  if (version === undefined) throw new Error("no version");
  const inputs = { ...version.inputs, enabled: true };
  const destroyed = { ...version, inputs, outputs: { version: "1", destroyTime: "2026-01-01T00:00:00Z" } };
  const enabled = (op: string) =>
    onlyEnvironment(preview([destroyed], { op })).declared?.versions[0]?.enabled;
  expect(enabled("update")).toBe(false);
  // A new one has nothing of the old.
  expect(enabled("create-replacement")).toBe(true);
});

test.each<[Record<string, unknown>, boolean | string]>([
  [{ version: "1", enabled: true }, true],
  [{ version: "1", enabled: false }, false],
  [{ version: "1" }, "it is only read here, and what was read does not show it"],
])("a version that is only read is what it shows: %j", (outputs, enabled) => {
  const [, version] = resources("jwt-secret-staging", "1");
  if (version === undefined) throw new Error("no version");
  const read = { ...version, outputs, more: { external: true } };
  expect(onlyEnvironment(preview([read], { op: "read" })).declared?.versions[0]?.enabled).toBe(enabled);
});

test("a secret that is read is made elsewhere", () => {
  const [secret] = resources("jwt-secret-staging", "1");
  if (secret === undefined) throw new Error("no secret");
  const read = { ...secret, more: { external: true } };
  expect(onlyEnvironment(preview([read], { op: "read" })).declared?.secrets[0]?.external).toBe(true);
  expect(onlyEnvironment(preview([secret])).declared?.secrets[0]).not.toHaveProperty("external");
});

describe("the project", () => {
  const withProvider = (name: string) => {
    const list = resources("jwt-secret-staging", unknownValue);
    for (const one of list)
      one.more = { provider: `${urnOf("pulumi:providers:gcp", name)}::${unknownValue}` };
    return onlyEnvironment(preview(list)).services[0]?.project;
  };
  test("of a default provider is the configured one", () => {
    expect(withProvider("default_9_35_0")).toEqual({ kind: "known", value: "netra-staging" });
  });
  test.each(["other", "default-other", "defaults", "default_eu", "default_", "my-default", "my-default_1"])(
    "of a provider the program makes is not: %s",
    (name) => {
      expect(withProvider(name)).toMatchObject({
        kind: "unknown",
        scope: expect.stringContaining(`::${name}`),
      });
    },
  );
});

describe("masks", () => {
  test("masked containers are unknown", () => {
    const document = first();
    for (const { newState } of document.steps) {
      const inputs = newState?.inputs as { template?: { containers: unknown } };
      if (inputs.template) inputs.template.containers = "[secret]";
    }
    expect(serviceNamed(onlyEnvironment(document), "auth-staging").containers).toMatchObject({
      kind: "unknown",
    });
  });
  test("masked inputs leave a service without a name, which its logical name stands for", () => {
    const document = first();
    for (const { newState } of document.steps) if (newState) newState.inputs = "[secret]";
    expect(serviceNamed(onlyEnvironment(document), "auth")).toMatchObject({
      role: "auth",
      name: { kind: "unknown" },
    });
  });
});

describe("the source of the secret", () => {
  const stack = (outputs: unknown, op = "create") => ({
    op,
    urn: urnOf("pulumi:pulumi:Stack", "jwt-secret-staging"),
    newState: { custom: false, outputs },
  });
  test("an output of the stack", () => {
    const document = first();
    document.steps.push(stack({ source: "existing" }));
    expect(onlyEnvironment(document).declared?.source).toBe("existing");
  });
  test("this program's configuration, which is never stale, comes first", () => {
    const document = first();
    document.steps.push(stack({ source: "existing" }, "same"));
    document.config["jwt-secret:secret"] = '{"source":"generated","current":1}';
    expect(onlyEnvironment(document).declared?.source).toBe("generated");
  });
  test("anything else says nothing", () => {
    const document = first();
    document.steps.push(stack({ source: "elsewhere" }));
    document.config["jwt-secret:secret"] = "[secret]";
    expect(onlyEnvironment(document).declared).not.toHaveProperty("source");
  });
});

describe("what is not shaped like a preview", () => {
  test.each([
    [{ steps: "x" }, "steps: expected array, received string"],
    [{ steps: [{ op: "create" }] }, "steps[0].urn: expected string, received undefined"],
    [{ steps: [{ op: "create", urn: "nope", newState: {} }] }, "steps[0].newState.urn: is not a Pulumi URN"],
    [
      { steps: [{ op: "same", urn: "nope", newState: {}, oldState: {} }] },
      "steps[0].newState.urn: is not a Pulumi URN",
    ],
    [{ diagnostics: [{ severity: 5 }] }, "diagnostics[0].severity: expected string, received number"],
    [
      {
        ...first(),
        steps: [...first().steps, ...preview(resources("s", "1"), { stack: "production" }).steps],
      },
      "steps[4].newState.urn: speaks of more than one stack",
    ],
  ])("%#", (document, message) => {
    expect(() => onlyEnvironment(document)).toThrow();
    try {
      onlyEnvironment(document);
    } catch (error) {
      expect((error as { describe(): string }).describe()).toBe(`file-0.json: ${message}`);
    }
  });
  test("containers of a wrong shape are named by the resource", () => {
    const document = preview([service("auth", "x")]);
    expect(() => onlyEnvironment(document)).toThrow(/expected array/u);
  });
});

test("a service of this project's own component has its role whatever it is called", () => {
  const [, , auth] = resources("jwt-secret-staging", "1");
  if (auth === undefined) throw new Error("no service");
  auth.inputs.name = "identity";
  expect(onlyEnvironment(preview([auth])).services[0]).not.toHaveProperty("role");
  auth.parent = "jwt-secret:infrastructure:CloudRunService";
  expect(onlyEnvironment(preview([auth])).services[0]?.role).toBe("auth");
});

test("the secret and the version are declared", () => {
  const { declared } = onlyEnvironment(first());
  expect(declared?.secrets).toMatchObject([
    {
      urn: secretUrn,
      secret: { value: "jwt-secret-staging" },
      project: { value: "netra-staging" },
      environment: { value: "staging" },
      protected: true,
      expires: false,
    },
  ]);
  expect(declared?.versions).toMatchObject([
    {
      urn: versionUrn,
      secret: { value: "jwt-secret-staging" },
      version: settled,
      enabled: true,
      destroyedOnReplacement: false,
    },
  ]);
});
