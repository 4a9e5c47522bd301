/** Unknowns all print alike, so every wrong guess here is a false pass. */
import { describe, expect, test } from "vitest";
import { onlyEnvironment, referenceOf, serviceNamed } from "../testing/facts.ts";
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

const otherSecret = urnOf(types.secret, "database");
const otherVersion = urnOf(types.version, "database-g1");

const database = (): TestResource[] => [
  {
    type: types.secret,
    name: "database",
    inputs: { secretId: "database-url" },
    outputs: { name: "projects/1/secrets/database-url" },
  },
  {
    type: types.version,
    name: "database-g1",
    inputs: { secret: unknownValue },
    outputs: { version: "4" },
    dependsOn: { secret: [otherSecret] },
  },
];

/** A first preview in which auth reads a secret and a version through the dependencies given. */
function referenceBy(
  secret: unknown,
  version: unknown,
  template: string[],
  more: TestResource[] = [],
  steps: object[] = [],
) {
  const auth = service("auth", [reads("JWT_SECRET_KEY", secret, version)]);
  auth.dependsOn = { template };
  const document = preview([...resources("jwt-secret-staging", unknownValue).slice(0, 2), ...more, auth]);
  return referenceOf(
    serviceNamed(onlyEnvironment({ ...document, steps: [...document.steps, ...steps] }), "auth-staging"),
  );
}

const unchanged = (resource: TestResource) => preview([resource], { op: "same" }).steps[0] ?? {};

test("what is read in the preview already is known, and gives no unknown; with an ID that is not known it may", () => {
  const stackReference = urnOf("pulumi:pulumi:StackReference", "network");
  const version = (id: unknown) => {
    const document = preview(resources("jwt-secret-staging", unknownValue));
    for (const { newState } of document.steps) {
      const dependencies = newState?.propertyDependencies as Record<string, string[]> | undefined;
      dependencies?.template?.push(stackReference);
    }
    const read = { op: "read", urn: stackReference, newState: { custom: true, id } };
    const { services } = onlyEnvironment({ ...document, steps: [...document.steps, read as never] });
    const [service] = services;
    if (service === undefined) throw new Error("no service");
    return referenceOf(service).version;
  };
  expect(version("acme/network/staging")).toMatchObject({ kind: "settled" });
  expect(version(unknownValue)).toEqual({
    kind: "unknown",
    reason: "it may come from network (pulumi:pulumi:StackReference)",
  });
});

describe("a version", () => {
  const version = (template: string[], more: TestResource[] = [], steps: object[] = []) =>
    referenceBy("jwt-secret-staging", unknownValue, template, more, steps).version;

  test("is that of the only SecretVersion", () => {
    expect(version([secretUrn, versionUrn])).toEqual({ kind: "settled", urn: versionUrn });
  });
  test("is anybody's when two are new, whatever secret the name says", () => {
    expect(version([versionUrn, otherVersion], database())).toMatchObject({ kind: "unknown" });
  });
  test("is the new one's when the other is known from its state", () => {
    const [, old] = database();
    if (old === undefined) throw new Error("no version");
    expect(version([versionUrn, otherVersion], [], [unchanged(old)])).toEqual({
      kind: "settled",
      urn: versionUrn,
    });
  });
  test("is the new one's when the other is unchanged and left out", () => {
    expect(version([versionUrn, otherVersion])).toEqual({ kind: "settled", urn: versionUrn });
  });
  test("is nobody's when only another secret's version can have given it", () => {
    expect(version([otherVersion], database())).toMatchObject({
      kind: "unknown",
      reason: expect.stringContaining("another secret"),
    });
  });
  test("is nobody's without a SecretVersion", () => {
    expect(version([secretUrn])).toMatchObject({ kind: "unknown" });
    expect(version([])).toMatchObject({ kind: "unknown" });
  });
  test("may come from any resource outside of Google Cloud", () => {
    const command = { type: "command:local:Command", name: "lookup", inputs: {} };
    const urn = urnOf(command.type, command.name);
    expect(version([versionUrn, urn], [command])).toMatchObject({
      kind: "unknown",
      reason: expect.stringContaining("lookup"),
    });
    expect(version([versionUrn, urn], [], [unchanged(command)])).toEqual({
      kind: "settled",
      urn: versionUrn,
    });
  });
  test("may come from a remote component, though its own step is unchanged", () => {
    const component = { type: "acme:index:Key", name: "keys", inputs: {}, more: { custom: false } };
    const urn = urnOf(component.type, component.name);
    expect(version([versionUrn, urn], [], [unchanged(component)])).toEqual({
      kind: "unknown",
      reason: "it may come from keys (acme:index:Key)",
    });
  });
  test.each([
    types.account,
    types.secret,
    types.service,
    "gcp:organizations/project:Project",
    "gcp:sql/databaseInstance:DatabaseInstance",
    "gcp:storage/bucket:Bucket",
    "gcp:vpcaccess/connector:Connector",
  ])("does not come from %s, which names itself", (type) => {
    const other = { type, name: "other", inputs: {} };
    expect(version([versionUrn, urnOf(type, "other")], [other])).toEqual({
      kind: "settled",
      urn: versionUrn,
    });
  });
  test.each([
    "gcp:secretmanager/regionalSecret:RegionalSecret",
    "gcp:secretmanager/regionalSecretVersion:RegionalSecretVersion",
    "gcp:storage/bucketObject:BucketObject",
    // An invoke that waits for one may answer anything.
    "gcp:projects/service:Service",
    types.member,
    "gcp:computer/made:Up",
  ])("may come from %s", (type) => {
    const other = { type, name: "other", inputs: {} };
    expect(version([versionUrn, urnOf(type, "other")], [other])).toEqual({
      kind: "unknown",
      reason: `it may come from other (${type})`,
    });
  });
  test("may be what another service was given, whose template gives it back", () => {
    const worker = { ...service("worker", []), dependsOn: { template: [otherVersion], name: [versionUrn] } };
    const urn = urnOf(types.service, "worker");
    expect(version([versionUrn, urn], [...database(), worker])).toMatchObject({
      reason: "it may be that of any of jwt-secret-g1, database-g1",
    });
    expect(version([urn], [{ ...worker, dependsOn: { template: [versionUrn, urn] } }])).toEqual({
      kind: "settled",
      urn: versionUrn,
    });
    expect(version([versionUrn, urn], database(), [unchanged(worker)])).toMatchObject({ kind: "settled" });
  });
  test("of a version that is replaced is the new one, not the number in its old state", () => {
    const [, replaced] = resources("jwt-secret-staging", unknownValue);
    if (replaced === undefined) throw new Error("no version");
    const [step] = preview([replaced], { op: "update" }).steps;
    const newState = { ...step?.newState, outputs: { version: "1" } };
    expect(version([versionUrn], [], [{ ...step, newState, op: "create-replacement" }])).toEqual({
      kind: "settled",
      urn: versionUrn,
    });
  });
  test("draws on every dependency when the engine does not part them by property", () => {
    const auth = service("auth", [reads("JWT_SECRET_KEY", "jwt-secret-staging", unknownValue)]);
    const { dependsOn: _, ...rest } = auth;
    const document = preview([
      ...resources("jwt-secret-staging", unknownValue).slice(0, 2),
      ...database(),
      { ...rest, more: { dependencies: [versionUrn] } },
    ]);
    expect(referenceOf(serviceNamed(onlyEnvironment(document), "auth-staging")).version).toEqual({
      kind: "settled",
      urn: versionUrn,
    });
  });
});

describe("a secret", () => {
  const secret = (template: string[], more: TestResource[] = []) =>
    referenceBy(unknownValue, "1", template, more);

  test("is the only Secret, by the name it is given", () => {
    expect(secret([secretUrn])).toMatchObject({
      secret: { kind: "known", value: "jwt-secret-staging", settledBy: secretUrn },
      project: { kind: "known", value: "netra-staging" },
    });
  });
  test("is the Secret of the only SecretVersion", () => {
    expect(secret([otherVersion], database()).secret).toMatchObject({ value: "database-url" });
  });
  test("is one Secret when a Secret and its version are both there", () => {
    expect(secret([otherSecret, otherVersion], database()).secret).toMatchObject({ value: "database-url" });
  });
  test("is anybody's when two are", () => {
    expect(secret([secretUrn, otherSecret], database()).secret.kind).toBe("unknown");
    expect(secret([secretUrn, otherVersion], database()).secret.kind).toBe("unknown");
  });
  test("is anybody's when another service was given another, whose template gives it back", () => {
    const worker = { ...service("worker", []), dependsOn: { template: [otherSecret] } };
    const urn = urnOf(types.service, "worker");
    expect(secret([secretUrn, urn], [...database(), worker]).secret.kind).toBe("unknown");
    expect(secret([urn], [...database(), worker]).secret).toMatchObject({ value: "database-url" });
  });
  test("without a known name is known by its resource", () => {
    const [unnamed] = database();
    if (unnamed === undefined) throw new Error("no secret");
    unnamed.inputs.secretId = unknownValue;
    expect(secret([otherSecret], [unnamed]).secret).toEqual({ kind: "settled", urn: otherSecret });
  });
  test("two services that print alike are told apart by what they depend on", () => {
    const services = ["auth", "backend"].map((name, index) => {
      const one = service(name, [reads("JWT_SECRET_KEY", unknownValue, unknownValue)]);
      one.dependsOn = { template: index === 0 ? [secretUrn, versionUrn] : [otherSecret, otherVersion] };
      return one;
    });
    const all = [...resources("jwt-secret-staging", unknownValue).slice(0, 2), ...database(), ...services];
    const environment = onlyEnvironment(preview(all));
    expect(referenceOf(serviceNamed(environment, "auth-staging")).secret).toMatchObject({
      value: "jwt-secret-staging",
    });
    expect(referenceOf(serviceNamed(environment, "backend-staging")).secret).toMatchObject({
      value: "database-url",
    });
  });
});

describe("an account", () => {
  const account = { type: types.account, name: "auth", inputs: { accountId: "auth-runner" } };
  const urn = urnOf(types.account, "auth");
  const accountOf = (dependsOn: string[], more: TestResource[]) => {
    const auth = service("auth", [], { serviceAccount: unknownValue });
    auth.dependsOn = { template: dependsOn };
    return serviceNamed(onlyEnvironment(preview([...more, auth])), "auth-staging").account;
  };
  test("is the only Account, by the address its ID and project make", () => {
    expect(accountOf([urn], [account])).toEqual({
      kind: "known",
      value: "auth-runner@netra-staging.iam.gserviceaccount.com",
      settledBy: urn,
    });
  });
  test("is known by its resource when no address can be made", () => {
    expect(accountOf([urn], [{ ...account, inputs: { accountId: unknownValue } }])).toEqual({
      kind: "settled",
      urn,
    });
  });
  test.each(["gcp:projects/serviceIdentity:ServiceIdentity", "gcp:organizations/project:Project"])(
    "may be one that %s makes",
    (type) => {
      const other = { type, name: "made", inputs: {} };
      expect(accountOf([urn, urnOf(type, "made")], [account, other])).toEqual({
        kind: "unknown",
        reason: `it may come from made (${type})`,
      });
    },
  );
  test("is not that of a service whose address is given, too", () => {
    const peer = { ...account, name: "peer" };
    const backend = service("backend", []);
    backend.dependsOn = { template: [urnOf(types.account, "peer")] };
    expect(accountOf([urn, urnOf(types.service, "backend")], [account, peer, backend])).toMatchObject({
      settledBy: urn,
    });
  });
  test("is unknown between two", () => {
    const other = { ...account, name: "other" };
    expect(accountOf([urn, urnOf(types.account, "other")], [account, other])).toMatchObject({
      kind: "unknown",
    });
  });
});

describe("a fingerprint that the update computes", () => {
  const computed = { name: "JWT_SECRET_FINGERPRINT", value: unknownValue };
  const fingerprint = (template: string[], more: TestResource[] = [], variable = computed) => {
    const auth = service("auth", [variable]);
    auth.dependsOn = { template };
    const document = preview([...resources("jwt-secret-staging", unknownValue).slice(0, 2), ...more, auth]);
    const { containers } = serviceNamed(onlyEnvironment(document), "auth-staging");
    return Array.isArray(containers) ? containers[0]?.variables[0]?.value : undefined;
  };

  test("is that of the only new SecretVersion", () => {
    expect(fingerprint([secretUrn, versionUrn])).toMatchObject({ kind: "unknown", settled: versionUrn });
  });
  test("is anybody's when two are new, or when something may give any text", () => {
    const password = { type: "random:index/randomPassword:RandomPassword", name: "key", inputs: {} };
    for (const value of [
      fingerprint([versionUrn, otherVersion], database()),
      fingerprint([versionUrn, urnOf(password.type, "key")], [password]),
      fingerprint([secretUrn]),
    ]) {
      expect(value).toMatchObject({ kind: "unknown" });
      expect(value).not.toHaveProperty("settled");
    }
  });
  test("does not lend its settlement to another variable", () => {
    const other = { name: "LOG_LEVEL", value: unknownValue };
    expect(fingerprint([secretUrn, versionUrn], [], other)).not.toHaveProperty("settled");
  });
});
