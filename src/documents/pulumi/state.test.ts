import { describe, expect, test } from "vitest";
import { readValue } from "../document.ts";
import { DocumentError } from "../error.ts";
import { environmentsOf, onlyEnvironment, referenceOf, serviceNamed } from "../testing/facts.ts";
import { resources, state, types, urnOf, versionUrn } from "../testing/stack.ts";

const exported = () => state(resources("jwt-secret-staging", "1"));
const entry = (document: ReturnType<typeof state>, name: string): Record<string, unknown> => {
  const found = document.deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`));
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};

function refusal(document: unknown): string {
  try {
    onlyEnvironment(document);
  } catch (error) {
    if (error instanceof DocumentError) return error.describe();
    throw error;
  }
  throw new Error("expected a refusal");
}

test("a stack export", () => {
  const environment = onlyEnvironment(exported());
  expect(environment.name).toBe("staging");
  expect(referenceOf(serviceNamed(environment, "auth-staging"))).toEqual({
    project: { kind: "unknown", reason: expect.any(String), scope: "file-0.json#staging" },
    secret: { kind: "known", value: "jwt-secret-staging" },
    version: { kind: "known", value: "1" },
  });
});

test("a checkpoint of a local backend, of version 3 or 4, says the same", () => {
  const { deployment } = exported();
  for (const version of [3, 4]) {
    const checkpoint = {
      version,
      checkpoint: { stack: "organization/jwt-secret/staging", latest: deployment },
    };
    expect(environmentsOf([checkpoint])).toEqual(environmentsOf([exported()]));
  }
});

test("an empty stack is an environment without services", () => {
  for (const document of [
    { version: 3, deployment: {} },
    { version: 3, deployment: null },
    { version: 3, checkpoint: { stack: "staging" } },
  ]) {
    expect(onlyEnvironment(document).services).toEqual([]);
  }
});

test("an empty stack has a name where a checkpoint says it, and none elsewhere", () => {
  const checkpoint = { stack: "organization/jwt-secret/staging" };
  expect(onlyEnvironment({ version: 3, checkpoint }).name).toBe("staging");
  expect(onlyEnvironment({ version: 3, deployment: {} })).not.toHaveProperty("name");
  expect(readValue({ version: 3, deployment: {} }, { file: "f" })).not.toHaveProperty("stack");
});

const newer = "newer than this program (version 5; 3 and 4 are read): use a newer jwt-secret";
const older = (version: unknown) =>
  `too old (version ${version}; 3 and 4 are read): export it again with a current Pulumi, \`pulumi stack export\``;

test.each([
  [1, older(1)],
  [2, older(2)],
  [5, newer],
  [undefined, older("not given")],
  [null, older("not given")],
])("version %s of the format is refused", (version, reason) => {
  expect(refusal({ ...exported(), version })).toBe(`file-0.json: version: the state's format is ${reason}`);
});

describe("a state that is not shaped like one is refused with the path of what is wrong", () => {
  const { resources: list } = exported().deployment;
  test.each<[string, unknown]>([
    ["version: expected number, received string", { version: "3", deployment: {} }],
    [
      "deployment.resources[1].urn: expected string, received undefined",
      { deployment: { resources: [list[0], {}] } },
    ],
    [
      "deployment.resources[0].delete: expected boolean, received string",
      { deployment: { resources: [{ ...list[0], delete: "yes" }] } },
    ],
    [
      "checkpoint.latest.resources[0].pendingReplacement: expected boolean, received number",
      { checkpoint: { latest: { resources: [{ ...list[0], pendingReplacement: 1 }] } } },
    ],
    ["deployment.resources[0].urn: is not a Pulumi URN", { deployment: { resources: [{ urn: "x" }] } }],
    [
      "deployment.resources[1].urn: speaks of more than one stack",
      { deployment: { resources: [list[0], { urn: String(list[0]?.urn).replace("staging", "other") }] } },
    ],
  ])("%s", (said, document) => {
    expect(refusal({ version: 3, ...Object(document) })).toBe(`file-0.json: ${said}`);
  });
});

test("of two grants that stay under one name both count", () => {
  const document = exported();
  const [first] = document.deployment.resources;
  const left = (member: string) => ({
    ...first,
    urn: "urn:pulumi:staging::jwt-secret::gcp:secretmanager/secretIamMember:SecretIamMember::grant",
    inputs: { secretId: "jwt-secret-staging", role: "roles/owner", member },
    delete: true,
    retainOnDelete: true,
  });
  const resources = [...document.deployment.resources, left("user:a@b.c"), left("allUsers")];
  const { declared } = onlyEnvironment({ version: 3, deployment: { resources } });
  expect(declared?.grants.map(({ members: [member] }) => Object(member).value)).toEqual([
    "user:a@b.c",
    "allUsers",
  ]);
});

test("what is not a URN is refused where operations are pending that nobody can read, too", () => {
  const deployment = { resources: [{ urn: "x" }], pending_operations: [5] };
  expect(refusal({ version: 3, deployment })).toBe(
    "file-0.json: deployment.resources[0].urn: is not a Pulumi URN",
  );
});

test.each(["delete", "pendingReplacement"])("a resource marked %s is not there", (mark) => {
  const document = exported();
  entry(document, "auth")[mark] = true;
  expect(onlyEnvironment(document).services.map(({ label }) => label)).toEqual(["backend-staging"]);
});

test("what is left of a replaced service that the engine will not delete goes on serving", () => {
  const document = exported();
  const old = { ...structuredClone(entry(document, "auth")), delete: true };
  const withOld = (more: Record<string, unknown>) => ({
    ...document,
    deployment: { resources: [...document.deployment.resources, { ...old, ...more }] },
  });
  expect(onlyEnvironment(withOld({})).services).toHaveLength(2);
  expect(onlyEnvironment(withOld({ retainOnDelete: true })).services).toHaveLength(3);
});

describe("what only outputs know", () => {
  test("the number of a version", () => {
    expect(onlyEnvironment(exported()).declared?.versions).toMatchObject([
      { urn: versionUrn, version: { value: "1" } },
    ]);
  });
  test("that a version was disabled or destroyed by other hands", () => {
    for (const outputs of [{ enabled: false }, { enabled: true, destroyTime: "2026-01-01T00:00:00Z" }]) {
      const document = exported();
      entry(document, "jwt-secret-g1").outputs = outputs;
      expect(onlyEnvironment(document).declared?.versions[0]?.enabled).toBe(false);
    }
  });
});

describe("inputs count where they speak", () => {
  const versionWith = (inputs: Record<string, unknown>, more: Record<string, unknown> = {}) => {
    const document = exported();
    Object.assign(entry(document, "jwt-secret-g1"), {
      inputs: { secret: "jwt-secret-staging", ...inputs },
      ...more,
    });
    return onlyEnvironment(document).declared?.versions[0];
  };
  test.each([
    [{}, true],
    [{ deletionPolicy: "DELETE" }, true],
    [{ deletionPolicy: "DISABLE" }, false],
    [{ deletionPolicy: "ABANDON" }, false],
    [{ deletionPolicy: "[secret]" }, "it is masked as a Pulumi secret"],
    [{ deletionPolicy: "KEEP" }, "it is no deletion policy of the provider"],
  ])("%j destroys the old version: %s", (inputs, destroyed) => {
    expect(versionWith(inputs)?.destroyedOnReplacement).toBe(destroyed);
  });
  test("Pulumi's retainOnDelete keeps it", () => {
    expect(versionWith({}, { retainOnDelete: true })?.destroyedOnReplacement).toBe(false);
  });
  test.each([
    [{}, true],
    [{ enabled: null }, true],
    [{ enabled: false }, false],
    [{ enabled: "[secret]" }, "it is masked as a Pulumi secret"],
    [{ enabled: "yes" }, "it is neither true nor false"],
  ])("%j is enabled: %s", (inputs, enabled) => {
    expect(versionWith(inputs, { outputs: {} })?.enabled).toBe(enabled);
  });

  const secretWith = (inputs: Record<string, unknown>) => {
    const document = exported();
    entry(document, "jwt-secret").inputs = { secretId: "jwt-secret-staging", ...inputs };
    return onlyEnvironment(document).declared?.secrets[0];
  };
  test.each([
    [{}, false],
    [{ ttl: "3600s" }, true],
    [{ expireTime: "2027-01-01T00:00:00Z", ttl: "[secret]" }, true],
    [{ ttl: "" }, false],
    [{ ttl: "[secret]" }, "it is masked as a Pulumi secret"],
    [{ expireTime: "[secret]" }, "it is masked as a Pulumi secret"],
  ])("%j expires: %s", (inputs, expires) => expect(secretWith(inputs)?.expires).toBe(expires));
  test.each([
    [{}, { kind: "absent" }],
    [{ labels: { environment: "staging" } }, { kind: "known", value: "staging" }],
    [{ labels: "[secret]" }, { kind: "unknown", reason: "it is masked as a Pulumi secret" }],
    [{ labels: { environment: "[secret]" } }, { kind: "unknown", reason: "it is masked as a Pulumi secret" }],
  ])("the label of %j is %j", (inputs, label) => expect(secretWith(inputs)?.environment).toEqual(label));
});

test.each<[Record<string, unknown>, Record<string, unknown>, unknown]>([
  [{}, { effectiveLabels: { environment: "production" } }, "production"],
  [{}, { pulumiLabels: { environment: "production" } }, "production"],
  [{ labels: { environment: "staging" } }, { effectiveLabels: { environment: "production" } }, "staging"],
  [{ labels: { team: "a" } }, { effectiveLabels: { team: "a" } }, undefined],
])("the label of %j with %j is %s", (inputs, outputs, label) => {
  const document = exported();
  Object.assign(entry(document, "jwt-secret"), { inputs: { secretId: "s", ...inputs }, outputs });
  expect(Object(onlyEnvironment(document).declared?.secrets[0]?.environment).value).toBe(label);
});

test("of a Secret and a SecretVersion whose inputs are all masked, nothing is known", () => {
  const document = exported();
  entry(document, "jwt-secret").inputs = "[secret]";
  entry(document, "jwt-secret-g1").inputs = "[secret]";
  const reason = "it is masked as a Pulumi secret";
  const { declared } = onlyEnvironment(document);
  expect(declared?.secrets).toMatchObject([{ environment: { kind: "unknown", reason }, expires: reason }]);
  expect(declared?.versions).toMatchObject([{ enabled: reason, destroyedOnReplacement: reason }]);
});

test("a secret that nothing protects is not protected", () => {
  const document = exported();
  delete entry(document, "jwt-secret").protect;
  expect(onlyEnvironment(document).declared?.secrets[0]?.protected).toBe(false);
});

test("accounts are listed by their addresses", () => {
  const document = exported();
  const urn = "urn:pulumi:staging::jwt-secret::gcp:serviceaccount/account:Account::auth";
  const outputs = { email: "auth@netra-staging.iam.gserviceaccount.com" };
  const account = { ...document.deployment.resources[0], urn, type: "gcp:serviceaccount/account:Account" };
  const resources = [...document.deployment.resources, { ...account, outputs }];
  expect(onlyEnvironment({ version: 3, deployment: { resources } }).declared?.accounts).toEqual([
    { urn, email: { kind: "known", value: outputs.email } },
  ]);
});

describe("the project", () => {
  const withProvider = (inputs: unknown, name: string) => {
    const document = exported();
    const urn = `urn:pulumi:staging::jwt-secret::pulumi:providers:gcp::${name}`;
    for (const resource of document.deployment.resources)
      Object.assign(resource, { provider: `${urn}::id`, outputs: {} });
    const provider = { urn, type: "pulumi:providers:gcp", inputs };
    return onlyEnvironment({
      version: 3,
      deployment: { resources: [provider, ...document.deployment.resources] },
    });
  };
  test("is the provider's where the resource names none", () => {
    const environment = withProvider({ project: "netra-staging" }, "default_9_35_0");
    expect(environment.services[0]?.project).toEqual({ kind: "known", value: "netra-staging" });
  });
  test("is one unknown project per provider where that names none", () => {
    expect(withProvider({}, "default").services[0]?.project).toMatchObject({ scope: "file-0.json#staging" });
    expect(withProvider({}, "mine").services[0]?.project).toMatchObject({
      scope: expect.stringContaining("::mine"),
    });
    expect(withProvider({ project: "[secret]" }, "mine").services[0]?.project).not.toHaveProperty("scope");
  });
  test("is the resource's own where it has one", () => {
    const document = exported();
    Object.assign(entry(document, "auth"), { outputs: { project: "own" } });
    expect(serviceNamed(onlyEnvironment(document), "auth-staging").project).toEqual({
      kind: "known",
      value: "own",
    });
  });
  test("is matched with its number by the secret's ID and name", () => {
    expect(onlyEnvironment(exported()).projects).toEqual([{ id: "netra-staging", number: "123456789012" }]);
  });
  test("is not matched when two numbers are said", () => {
    const document = exported();
    entry(document, "jwt-secret-g1").outputs = { name: "projects/999/secrets/jwt-secret-staging/versions/1" };
    expect(onlyEnvironment(document).projects).toEqual([]);
  });
});

test("an encrypted list of containers is unknown, and is read where the export shows it", () => {
  const key = "4dabf18193072939515e22adb298388d";
  const withContainers = (rest: Record<string, unknown>) => {
    const document = exported();
    const containers = { [key]: "1b47061264138c4ac30d75fd1eb44270", ...rest };
    entry(document, "auth").inputs = { name: "auth-staging", template: { containers } };
    return serviceNamed(onlyEnvironment(document), "auth-staging").containers;
  };
  expect(withContainers({ ciphertext: "v1:abc" })).toMatchObject({ kind: "unknown" });
  expect(withContainers({ plaintext: '[{"envs":[{"name":"A"}]}]' })).toMatchObject([
    { variables: [{ name: "A" }] },
  ]);
});

test("a service whose last update failed may not serve what its inputs say", () => {
  const serving = (initErrors: unknown) => {
    const document = exported();
    entry(document, "auth").initErrors = initErrors;
    return onlyEnvironment(document).services.map((service) => service.serving?.stale);
  };
  expect(serving(["revision is not ready"])).toEqual([
    "an update of it failed, and its state does not tell whether a retry made that good: update once more",
    undefined,
  ]);
  expect(serving([])).toEqual([undefined, undefined]);
  expect(serving(null)).toEqual([undefined, undefined]);
});

test("a resource that is there twice has two meanings, but for one that waits for its deletion", () => {
  const twice = (mark: Record<string, unknown>) => {
    const { deployment, ...rest } = exported();
    const old = { ...structuredClone(entry(exported(), "auth")), ...mark };
    return { ...rest, deployment: { resources: [...deployment.resources, old] } };
  };
  expect(refusal(twice({}))).toBe(
    "file-0.json: deployment.resources[4].urn: holds a resource twice: `pulumi state repair` mends it",
  );
  expect(onlyEnvironment(twice({ delete: true })).services).toHaveLength(2);
});

describe("an operation that was cut off", () => {
  const cutOff = (name: string, type: string) => {
    const document = exported();
    const { urn } = entry(document, name);
    const pending = [{ resource: { urn }, type }];
    return onlyEnvironment({
      ...document,
      deployment: { ...document.deployment, pending_operations: pending },
    });
  };
  const reason = (name: string) => `an update of ${name} was cut off: \`pulumi refresh\` tells what is there`;

  test.each(["updating", "deleting", "reading", "importing"])("%s leaves a service unknown", (type) => {
    const { services } = cutOff("auth", type);
    expect(services.find(({ label }) => label === "auth")?.containers).toEqual({
      kind: "unknown",
      reason: reason("auth"),
    });
    expect(services).toHaveLength(2);
  });
  test("and a version", () => {
    expect(cutOff("jwt-secret-g1", "updating").declared?.versions[0]?.enabled).toBe(reason("jwt-secret-g1"));
  });
  test("that cannot be read may be any's", () => {
    const { deployment, ...rest } = exported();
    const { services } = onlyEnvironment({
      ...rest,
      deployment: { ...deployment, pending_operations: [{}] },
    });
    expect(services.map(({ containers }) => Array.isArray(containers))).toEqual([false, false]);
  });
  test("says nothing of the others, nor does a creation that was made good", () => {
    expect(referenceOf(serviceNamed(cutOff("auth", "updating"), "backend-staging")).version.kind).toBe(
      "known",
    );
    const made = cutOff("auth", "creating");
    expect(referenceOf(serviceNamed(made, "auth-staging")).version.kind).toBe("known");
    expect(made.declared).not.toHaveProperty("incomplete");
  });

  const creating = (type: string, more: object[] = []) => {
    const { deployment, ...rest } = exported();
    const pending = [{ resource: { urn: urnOf(type, "lost") }, type: "creating" }];
    const all = [...deployment.resources, ...more];
    return onlyEnvironment({ ...rest, deployment: { resources: all, pending_operations: pending } });
  };
  test.each([types.service, types.member])("may have made a %s that the state does not have", (type) => {
    expect(creating(type).declared?.incomplete).toBe(
      "the creation of lost was cut off: `pulumi refresh` tells whether it is there",
    );
  });
  test("may have made the new copy of what waits for its deletion", () => {
    const old = { urn: urnOf(types.service, "lost"), delete: true };
    expect(creating(types.service, [old]).declared?.incomplete).toContain("the creation of lost");
  });
  test.each(["random:index/randomId:RandomId", types.secret, types.version])(
    "may have made what does no harm: %s",
    (type) => expect(creating(type).declared).not.toHaveProperty("incomplete"),
  );
});
