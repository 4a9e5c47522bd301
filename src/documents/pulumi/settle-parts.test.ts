/** The parts that settling is made of, each with what it says when it cannot tell. */
import { describe, expect, test } from "vitest";
import { Hidden } from "../shape.ts";
import { types as testTypes, unknownValue, urnOf } from "../testing/stack.ts";
import { unknownUntilUpdate } from "../text.ts";
import type { Resource, Stack } from "./resource.ts";
import { emailOf, namedBy, secretOf, settler, versionNumber } from "./settle.ts";
import { parseUrn } from "./urn.ts";

const known = (value: string, settledBy?: string) => ({
  kind: "known",
  value,
  ...(settledBy === undefined ? {} : { settledBy }),
});
const unknown = (reason: string) => ({ kind: "unknown", reason });

function resource(type: string, name: string, change: Partial<Resource> = {}): Resource {
  const urn = parseUrn(urnOf(type, name));
  if (urn === undefined) throw new Error("no URN");
  return {
    ...urn,
    inputs: { project: "netra" },
    outputs: {},
    fresh: true,
    changing: true,
    settled: false,
    external: false,
    failed: false,
    dependencies: [],
    protect: false,
    retainOnDelete: false,
    ...change,
  };
}

const stackOf = (...resources: Resource[]): Stack => ({
  file: "f",
  config: {},
  resources: new Map(resources.map((one) => [one.urn, one])),
});
const nothingElse = stackOf();

describe("a version's number", () => {
  const number = (outputs: Record<string, unknown>) =>
    versionNumber(resource(testTypes.version, "g1", { outputs }));
  test.each<[Record<string, unknown>, unknown]>([
    [{ version: "7" }, known("7")],
    [{ version: 7, name: "projects/1/secrets/s/versions/8" }, known("7")],
    [{ name: "projects/1/secrets/s/versions/8" }, known("8")],
    [{ version: unknownValue, name: "projects/1/secrets/s/versions/8" }, known("8")],
    [{ name: "projects/1/secrets/s" }, undefined],
    [{ name: unknownValue }, undefined],
    [{}, undefined],
  ])("of %j", (outputs, expected) => expect(number(outputs)).toEqual(expected));
});

describe("a Secret's name", () => {
  const named = (change: Partial<Resource>) =>
    namedBy(resource(testTypes.secret, "s", change), nothingElse).secret;
  test.each<[string, Partial<Resource>, unknown]>([
    ["what it is given", { inputs: { secretId: "new" }, outputs: { secretId: "old" } }, known("new")],
    ["what it has", { inputs: { secretId: unknownValue }, outputs: { secretId: "old" } }, known("old")],
    [
      "what it has, when its inputs are hidden",
      { inputs: new Hidden("masked"), outputs: { secretId: "old" } },
      known("old"),
    ],
    ["its resource's, when nothing else is", {}, { kind: "settled", urn: urnOf(testTypes.secret, "s") }],
  ])("is %s", (_, change, expected) => expect(named(change)).toEqual(expected));
  test("comes with its project", () => {
    expect(
      namedBy(resource(testTypes.secret, "s", { inputs: { secretId: "s", project: "p" } }), nothingElse),
    ).toEqual({
      project: known("p"),
      secret: known("s"),
    });
    const had = resource(testTypes.secret, "s", { outputs: { secretId: "projects/p/secrets/s" } });
    expect(namedBy(had, nothingElse)).toEqual({ project: known("netra"), secret: known("s") });
  });
});

describe("a SecretVersion's secret", () => {
  const of = (change: Partial<Resource>, ...others: Resource[]) =>
    secretOf(resource(testTypes.version, "g1", change), stackOf(...others));
  const s = { project: known("p"), secret: known("s") };
  test.each<[string, Partial<Resource>, unknown]>([
    [
      "what it is given",
      { inputs: { secret: "projects/p/secrets/s" }, outputs: { secret: "projects/p/secrets/old" } },
      s,
    ],
    ["what it has", { inputs: { secret: unknownValue }, outputs: { secret: "projects/p/secrets/s" } }, s],
    [
      "what it has, when its inputs are hidden",
      { inputs: new Hidden("masked"), outputs: { secret: "projects/p/secrets/s" } },
      s,
    ],
    [
      "unknown, when it is masked",
      { inputs: { secret: "[secret]" } },
      {
        project: unknown("it is masked as a Pulumi secret"),
        secret: unknown("it is masked as a Pulumi secret"),
      },
    ],
    [
      "unknown, when it is left out",
      { inputs: {} },
      { project: unknown("its secret is not named"), secret: unknown("its secret is not named") },
    ],
    [
      "unknown, when all its inputs are hidden",
      { inputs: new Hidden("masked") },
      { project: unknown("its secret is not named"), secret: unknown("its secret is not named") },
    ],
  ])("is %s", (_, change, expected) => expect(of(change)).toEqual(expected));
  test("is settled by what it depends on", () => {
    const secret = resource(testTypes.secret, "s", { inputs: { secretId: "s", project: "p" } });
    const inputs = { secret: unknownValue };
    expect(of({ inputs, propertyDependencies: { secret: [secret.urn] } }, secret)).toEqual({
      project: known("p", secret.urn),
      secret: known("s", secret.urn),
    });
  });
});

describe("an account's address", () => {
  const email = (change: Partial<Resource>) => emailOf(resource(testTypes.account, "a", change), nothingElse);
  const itself = { kind: "settled", urn: urnOf(testTypes.account, "a") };
  test.each<[string, Partial<Resource>, unknown]>([
    [
      "what it has",
      { inputs: { accountId: "a", project: "p" }, outputs: { email: "b@p.example" } },
      known("b@p.example"),
    ],
    [
      "made of its ID and its project's",
      { inputs: { accountId: "a", project: "my-project-1" } },
      known("a@my-project-1.iam.gserviceaccount.com"),
    ],
    ["its resource's, when the project is a number", { inputs: { accountId: "a", project: "123" } }, itself],
    [
      "its resource's, when the project is of a domain",
      { inputs: { accountId: "a", project: "example.com:project" } },
      itself,
    ],
    [
      "its resource's, when the ID is computed",
      { inputs: { accountId: unknownValue, project: "p1" } },
      itself,
    ],
    [
      "its resource's, when the project is computed",
      { inputs: { accountId: "a", project: unknownValue } },
      itself,
    ],
    ["its resource's, when its inputs are hidden", { inputs: new Hidden("masked") }, itself],
  ])("is %s", (_, change, expected) => expect(email(change)).toEqual(expected));
});

describe("what may have given a value", () => {
  const fresh = (type: string, name: string, secretId = name) =>
    resource(type, name, { inputs: { secretId, secret: `projects/p/secrets/${secretId}`, project: "p" } });
  const settle = (template: string[], ...all: Resource[]) =>
    settler(
      resource(testTypes.service, "auth", { propertyDependencies: { template } }),
      "template",
      stackOf(...all),
    );
  const [one, two] = [fresh(testTypes.secret, "one"), fresh(testTypes.secret, "two")];
  const [first, second] = [fresh(testTypes.version, "g1", "one"), fresh(testTypes.version, "g2", "one")];
  const nobody = `${unknownUntilUpdate}, and nothing it depends on tells`;

  test("nothing: the reason says so", () => {
    const none = settle([]);
    expect(none.secret()).toEqual({ project: unknown(nobody), secret: unknown(nobody) });
    expect(none.version({ kind: "absent" })).toEqual(unknown(nobody));
    expect(none.account()).toEqual(unknown(nobody));
  });
  test("several: all are named", () => {
    expect(settle([one.urn, two.urn], one, two).secret().secret).toEqual(
      unknown("it may be that of any of one, two"),
    );
    const secret = namedBy(one, nothingElse).secret;
    expect(settle([first.urn, second.urn], first, second).version(secret)).toEqual(
      unknown("it may be that of any of g1, g2"),
    );
    const [a, b] = [resource(testTypes.account, "a"), resource(testTypes.account, "b")];
    expect(settle([a.urn, b.urn], a, b).account()).toEqual(unknown("it may be that of any of a, b"));
  });
  test("two secrets that are known by their resources alone are two", () => {
    const [a, b] = [resource(testTypes.secret, "a"), resource(testTypes.secret, "b")];
    expect(settle([a.urn, b.urn], a, b).secret().secret).toEqual(unknown("it may be that of any of a, b"));
  });
  test("nothing, where another property draws on something", () => {
    const from = resource(testTypes.service, "auth", { propertyDependencies: { template: [first.urn] } });
    expect(settler(from, "labels", stackOf(first)).version({ kind: "absent" })).toEqual(unknown(nobody));
  });
  test("one named twice is one", () => {
    const { secret } = settle([one.urn, one.urn], one).secret();
    expect(secret).toEqual(known("one", one.urn));
  });
  test("two secrets of one name in two projects are two", () => {
    const elsewhere = resource(testTypes.secret, "elsewhere", { inputs: { secretId: "one", project: "q" } });
    expect(settle([one.urn, elsewhere.urn], one, elsewhere).secret().secret.kind).toBe("unknown");
  });
  test("one whose own secret is unknown keeps the reason, whatever others say", () => {
    const masked = resource(testTypes.version, "masked", { inputs: { secret: "[secret]" } });
    const reason = unknown("it is masked as a Pulumi secret");
    expect(settle([masked.urn], masked).secret()).toEqual({ project: reason, secret: reason });
    expect(settle([masked.urn, one.urn], masked, one).secret()).toEqual({ project: reason, secret: reason });
  });
  test("a name that is no resource's makes everything possible", () => {
    const reason = "the document names a dependency that is no resource";
    const odd = settle(["not a URN", one.urn], one);
    expect(odd.secret().secret).toEqual(unknown(reason));
    expect(odd.version({ kind: "absent" })).toEqual(unknown(reason));
    expect(odd.account()).toEqual(unknown(reason));
  });
  test("a project that has no number yet may be part of a secret's name", () => {
    const project = resource("gcp:organizations/project:Project", "p");
    const reason = "it may come from p (gcp:organizations/project:Project)";
    const from = settle([project.urn, one.urn, first.urn], project, one, first);
    expect(from.secret()).toEqual({ project: unknown(reason), secret: unknown(reason) });
    expect(from.version(namedBy(one, nothingElse).secret)).toEqual({ kind: "settled", urn: first.urn });
    const old = resource("gcp:organizations/project:Project", "p", {
      fresh: false,
      outputs: { number: "42" },
    });
    expect(settle([old.urn, one.urn], old, one).secret().secret).toEqual(known("one", one.urn));
  });
  test("a program's own resource does, by name and type", () => {
    const pet = resource("random:index/randomPet:RandomPet", "pet");
    const reason = "it may come from pet (random:index/randomPet:RandomPet)";
    expect(settle([pet.urn, one.urn], pet, one).secret().secret).toEqual(unknown(reason));
  });
  test.each([
    ["a Secret", testTypes.secret, "name"],
    ["an account", testTypes.account, "email"],
    ["a version", testTypes.version, "version"],
  ])("%s that is called something already gave nothing unknown", (_, type, property) => {
    const text = property === "name" ? "projects/1/secrets/old" : "7";
    const old = resource(type, "old", { fresh: false, outputs: { [property]: text } });
    const unnamed = resource(type, "old", { fresh: false, outputs: {} });
    const asked = (from: Resource) => {
      const settled = settle([from.urn], from);
      if (type === testTypes.account) return settled.account();
      return type === testTypes.secret ? settled.secret().secret : settled.version({ kind: "absent" });
    };
    expect(asked(old)).toEqual(unknown(nobody));
    expect(asked(unnamed).kind).not.toBe("known");
    expect(asked(unnamed)).not.toEqual(unknown(nobody));
  });
  test("an account that has a name but no address yet may", () => {
    const account = resource(testTypes.account, "a", {
      inputs: { accountId: "runner", project: "netra" },
      outputs: { name: "projects/netra/serviceAccounts/x" },
    });
    expect(settle([account.urn], account).account("serviceAccount:")).toEqual(
      known("serviceAccount:runner@netra.iam.gserviceaccount.com", account.urn),
    );
  });
});

describe("a version of another secret", () => {
  const version = resource(testTypes.version, "g1", { inputs: { secret: "projects/p/secrets/one" } });
  const unnamed = resource(testTypes.secret, "unnamed");
  const ofUnnamed = resource(testTypes.version, "g2", {
    inputs: { secret: unknownValue },
    propertyDependencies: { secret: [unnamed.urn] },
  });
  const asked = (secret: Parameters<ReturnType<typeof settler>["version"]>[0], of = version) =>
    settler(
      resource(testTypes.service, "auth", { propertyDependencies: { template: [of.urn] } }),
      "template",
      stackOf(of, unnamed),
    ).version(secret);
  const settled = (of: Resource) => ({ kind: "settled", urn: of.urn });
  const refused = (of: Resource) =>
    unknown(`it can only be that of ${of.logicalName}, which is a version of another secret`);

  test.each<[string, Parameters<typeof asked>[0], Resource, unknown]>([
    ["the same name", { kind: "known", value: "one" }, version, settled(version)],
    ["another name", { kind: "known", value: "two" }, version, refused(version)],
    [
      "a secret known by its resource alone, against a name",
      { kind: "settled", urn: "u" },
      version,
      settled(version),
    ],
    ["an unknown secret", { kind: "unknown", reason: "masked" }, version, settled(version)],
    ["the same resource", { kind: "settled", urn: unnamed.urn }, ofUnnamed, settled(ofUnnamed)],
    ["another resource", { kind: "settled", urn: "u" }, ofUnnamed, refused(ofUnnamed)],
    ["a name, against a resource", { kind: "known", value: "one" }, ofUnnamed, settled(ofUnnamed)],
  ])("asked for %s", (_, secret, of, expected) => expect(asked(secret, of)).toEqual(expected));
});
