/** Which project a resource lies in, and which number belongs to which ID. */
import { describe, expect, test } from "vitest";
import { onlyEnvironment } from "../testing/facts.ts";

const gcp = "gcp:organizations/project:Project";
const secret = "gcp:secretmanager/secret:Secret";
const version = "gcp:secretmanager/secretVersion:SecretVersion";
const provider = "pulumi:providers:gcp";
const urnOf = (type: string, name: string) => `urn:pulumi:staging::jwt-secret::${type}::${name}`;

type Entry = { type: string; name?: string } & Record<string, unknown>;
const state = (...resources: Entry[]) =>
  onlyEnvironment({
    version: 3,
    deployment: {
      resources: resources.map(({ type, name = "one", ...rest }) => ({
        urn: urnOf(type, name),
        type,
        ...rest,
      })),
    },
  });
const pairs = (...resources: Entry[]) => state(...resources).projects;
const matched = [{ id: "netra-staging", number: "42" }];

describe("an ID and a number are matched", () => {
  test.each<[string, Entry]>([
    [
      "by a secret's ID and name",
      { type: secret, outputs: { id: "projects/netra-staging/secrets/s", name: "projects/42/secrets/s" } },
    ],
    [
      "the other way round",
      { type: secret, outputs: { id: "projects/42/secrets/s", name: "projects/netra-staging/secrets/s" } },
    ],
    [
      "by a secret's project and name",
      { type: secret, inputs: { project: "netra-staging" }, outputs: { name: "projects/42/secrets/s" } },
    ],
    [
      "by a version's secret and name",
      {
        type: version,
        inputs: { secret: "projects/netra-staging/secrets/s" },
        outputs: { name: "projects/42/secrets/s/versions/1" },
      },
    ],
    [
      "by a project's ID and number",
      { type: gcp, inputs: { projectId: "netra-staging" }, outputs: { number: "42" } },
    ],
    [
      "by what a project has",
      { type: gcp, inputs: {}, outputs: { projectId: "netra-staging", number: "42" } },
    ],
    [
      "once, however often it is said",
      {
        type: secret,
        inputs: { project: "netra-staging" },
        outputs: { id: "projects/netra-staging/secrets/s", name: "projects/42/secrets/s" },
      },
    ],
  ])("%s", (_, entry) => expect(pairs(entry)).toEqual(matched));

  test.each<[string, Entry]>([
    [
      "two IDs",
      { type: secret, outputs: { id: "projects/netra-staging/secrets/s", name: "projects/other/secrets/s" } },
    ],
    [
      "two numbers",
      { type: secret, outputs: { id: "projects/42/secrets/s", name: "projects/43/secrets/s" } },
    ],
    [
      "a name that is short",
      { type: secret, outputs: { id: "projects/netra-staging/secrets/s", name: "s" } },
    ],
    ["a name that is missing", { type: secret, outputs: { id: "projects/netra-staging/secrets/s" } }],
    ["a number without a name", { type: secret, outputs: { id: "projects/42/secrets/s" } }],
    ["an ID that is masked", { type: secret, outputs: { id: "[secret]", name: "projects/42/secrets/s" } }],
    ["a project without a number", { type: gcp, inputs: { projectId: "netra-staging" } }],
    ["a project without an ID", { type: gcp, inputs: {}, outputs: { number: "42" } }],
    [
      "a project whose number is masked",
      { type: gcp, inputs: { projectId: "netra-staging" }, outputs: { number: "[secret]" } },
    ],
    [
      "inputs that are hidden",
      {
        type: secret,
        inputs: "[secret]",
        outputs: { id: "projects/netra-staging/secrets/s", name: "projects/42/secrets/s" },
      },
    ],
    [
      "an ID that only looks like a number",
      { type: secret, outputs: { id: "projects/4x/secrets/s", name: "projects/x4/secrets/s" } },
    ],
    [
      "another resource",
      {
        type: "gcp:serviceaccount/account:Account",
        outputs: { id: "projects/netra-staging/secrets/s", name: "projects/42/secrets/s" },
      },
    ],
    [
      "what another resource calls a project's ID and number",
      {
        type: "gcp:serviceaccount/account:Account",
        inputs: { projectId: "netra-staging" },
        outputs: { number: "42" },
      },
    ],
  ])("not by %s", (_, entry) => expect(pairs(entry)).toEqual([]));

  test("each with its own", () => {
    const project = (name: string, projectId: string, number: string) => ({
      type: gcp,
      name,
      inputs: { projectId },
      outputs: { number },
    });
    expect(pairs(project("a", "one", "1"), project("b", "two", "2"))).toEqual([
      { id: "one", number: "1" },
      { id: "two", number: "2" },
    ]);
    expect(pairs(project("a", "one", "1"), project("b", "one", "2"))).toEqual([]);
    expect(pairs(project("a", "one", "1"), project("b", "two", "1"), project("c", "three", "3"))).toEqual([
      { id: "three", number: "3" },
    ]);
  });
});

describe("the project of a resource", () => {
  const projectOf = (entry: Record<string, unknown>, ...others: Entry[]) =>
    state(...others, { type: secret, ...entry }).declared?.secrets[0]?.project;
  const own = urnOf(provider, "mine");
  const reference = { provider: `${own}::0123` };
  const known = (value: string) => ({ kind: "known", value });

  test("is its input, else what it has, else its provider's", () => {
    const made = { type: provider, name: "mine", inputs: { project: "provided" } };
    const has = { outputs: { project: "has" } };
    expect(projectOf({ ...reference, ...has, inputs: { project: "wanted" } }, made)).toEqual(known("wanted"));
    expect(projectOf({ ...reference, ...has, inputs: {} }, made)).toEqual(known("has"));
    expect(projectOf({ ...reference, inputs: {} }, made)).toEqual(known("provided"));
    expect(projectOf({ ...reference }, { ...made, inputs: {}, outputs: { project: "found" } })).toEqual(
      known("found"),
    );
  });
  test("is not known where any of them is hidden, and then belongs to no scope", () => {
    const hidden = { kind: "unknown", reason: "it is masked as a Pulumi secret" };
    expect(projectOf({ inputs: "[secret]" })).toEqual(hidden);
    expect(projectOf({ inputs: { project: "[secret]" }, outputs: { project: "has" } })).toEqual(hidden);
    expect(projectOf(reference, { type: provider, name: "mine", inputs: { project: "[secret]" } })).toEqual(
      hidden,
    );
  });
  test("is one unknown of each provider where nobody says it", () => {
    const nobody = "the document does not say which project";
    const ofStack = { kind: "unknown", reason: nobody, scope: "file-0.json#staging" };
    expect(projectOf({})).toEqual(ofStack);
    expect(projectOf({ provider: "nonsense" })).toEqual(ofStack);
    expect(projectOf({ provider: `${urnOf(provider, "default_9_35_0")}::0123` })).toEqual(ofStack);
    expect(projectOf(reference)).toEqual({ ...ofStack, scope: `file-0.json#${own}` });
    expect(projectOf({ provider: "odd::0123" })).toEqual({ ...ofStack, scope: "file-0.json#odd" });
    expect(projectOf(reference, { type: provider, name: "mine", inputs: {} })).toEqual({
      ...ofStack,
      scope: `file-0.json#${own}`,
    });
  });
});

describe("in a preview", () => {
  const project = (config: unknown, name: string) => {
    const newState = {
      urn: urnOf(secret, "one"),
      type: secret,
      inputs: { secretId: "s" },
      provider: `${urnOf(provider, name)}::0`,
    };
    return onlyEnvironment({ config, steps: [{ op: "create", urn: newState.urn, newState }] }).declared
      ?.secrets[0]?.project;
  };
  test("a default provider takes the stack's configuration, one made by the program does not", () => {
    const config = { "gcp:project": "configured" };
    expect(project(config, "default")).toEqual({ kind: "known", value: "configured" });
    expect(project(config, "mine")).toMatchObject({ kind: "unknown" });
    expect(project({ "gcp:project": "[secret]" }, "default")).toEqual({
      kind: "unknown",
      reason: "it is masked as a Pulumi secret",
    });
    expect(project(undefined, "default")).toMatchObject({ scope: "file-0.json#staging" });
  });
});
