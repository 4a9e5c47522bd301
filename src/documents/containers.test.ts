import { describe, expect, test } from "vitest";
import type { Service, Variable } from "../policy/facts.ts";
import { readContainers } from "./containers.ts";
import { PodShape } from "./pod.ts";
import { absent, known } from "./reference.ts";

const reference = (secret: string, version: string): Variable["value"] => ({
  kind: "reference",
  reference: { project: known("p"), secret: known(secret), version: known(version) },
});

function read(pod: unknown): Service["containers"] {
  return readContainers(PodShape.parse(pod), { project: known("p") }, (path) => ({ file: path }));
}

function variables(container: unknown, volumes?: unknown): Variable[] {
  const containers = read({ containers: [container], volumes });
  if (!Array.isArray(containers)) throw new Error(containers.reason);
  return containers.flatMap((one) => one.variables);
}

const variableValue = (env: unknown): Variable["value"] | undefined => variables({ env: [env] })[0]?.value;

describe("references", () => {
  test.each([
    ["v1", { valueFrom: { secretKeyRef: { name: "s", key: "2" } } }],
    ["v2", { valueSource: { secretKeyRef: { secret: "s", version: "2" } } }],
    ["v2 in v1's place", { valueFrom: { secretKeyRef: { secret: "s", version: "2" } } }],
    ["v1 in v2's place", { valueSource: { secretKeyRef: { name: "s", key: "2" } } }],
    ["both alike", { valueFrom: { secretKeyRef: { name: "s", key: "2", secret: "s", version: "2" } } }],
    [
      "beside an empty value, as state has it",
      { value: "", valueSource: { secretKeyRef: { secret: "s", version: "2" } } },
    ],
    [
      "beside a null source",
      { valueFrom: null, valueSource: { secretKeyRef: { secret: "s", version: "2" } } },
    ],
  ])("%s", (_, source) => expect(variableValue({ name: "A", ...source })).toEqual(reference("s", "2")));

  test.each([
    [
      "two sources",
      { valueFrom: { secretKeyRef: { name: "s" } }, valueSource: { secretKeyRef: { secret: "s" } } },
    ],
    ["two secrets", { valueFrom: { secretKeyRef: { name: "s", secret: "t", key: "1" } } }],
    ["two versions", { valueFrom: { secretKeyRef: { name: "s", key: "1", version: "2" } } }],
    ["a value too", { value: "x", valueFrom: { secretKeyRef: { name: "s", key: "1" } } }],
    ["no secret in its source", { valueFrom: { configMapKeyRef: { name: "s", key: "1" } } }],
    ["a masked source", { valueSource: "[secret]" }],
    ["a masked reference", { valueSource: { secretKeyRef: "[secret]" } }],
  ])("%s is unknown", (_, source) => expect(variableValue({ name: "A", ...source })?.kind).toBe("unknown"));
});

describe("literals", () => {
  test("the text of a literal is not kept", () => {
    expect(variableValue({ name: "JWT_SECRET", value: "abc" })).toEqual({ kind: "literal", empty: false });
  });
  test("but for ENVIRONMENT and a fingerprint", () => {
    expect(variableValue({ name: "ENVIRONMENT", value: "staging" })).toEqual({
      kind: "literal",
      empty: false,
      text: "staging",
    });
    const digest = "0123456789abcdef";
    expect(variableValue({ name: "JWT_SECRET_FINGERPRINT", value: digest })).toMatchObject({ text: digest });
    expect(variableValue({ name: "JWT_SECRET_FINGERPRINT", value: "not a digest" })).not.toHaveProperty(
      "text",
    );
  });
  test.each([{}, { value: "" }, { value: null }])("%j is empty", (value) => {
    expect(variableValue({ name: "A", ...value })).toEqual({ kind: "literal", empty: true });
  });
  test.each([true, 1.5])("%j is a literal all the same", (value) => {
    expect(variableValue({ name: "A", value })).toEqual({ kind: "literal", empty: false });
  });
  test.each(["$(OTHER)", "[secret]", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"])(
    "%s stands for a value",
    (value) => {
      expect(variableValue({ name: "A", value })?.kind).toBe("unknown");
    },
  );
});

describe("files", () => {
  const v1 = [{ name: "v", secret: { secretName: "s", items: [{ key: "2", path: "JWT_SECRET" }] } }];
  const v2 = [{ name: "v", secret: { secret: "s", items: [{ version: "2", path: "JWT_SECRET" }] } }];
  const container = { volumeMounts: [{ name: "v", mountPath: "/etc/jwt/" }] };

  test.each([
    ["v1", v1],
    ["v2", v2],
  ])("%s", (_, volumes) => {
    expect(variables(container, volumes)).toMatchObject([
      { name: "/etc/jwt/JWT_SECRET", via: "file", value: reference("s", "2") },
    ]);
  });
  test("without items the file is called after the secret, of a version nobody names", () => {
    const [file] = variables(container, [{ name: "v", secret: { secret: "projects/p/secrets/s" } }]);
    expect(file).toMatchObject({ name: "/etc/jwt/s", value: { reference: { version: absent } } });
  });
  test("a subPath is the file itself, or a folder", () => {
    const at = (subPath: string, path: string) =>
      variables({ volumeMounts: [{ name: "v", mountPath: "/k", subPath }] }, [
        { name: "v", secret: { secret: "s", items: [{ version: "1", path }] } },
      ])[0]?.name;
    expect(at("key", "key")).toBe("/k");
    expect(at("a", "a/key")).toBe("/k/key");
  });
  test("a volume of another kind, or one that is not mounted, holds nothing", () => {
    expect(variables(container, [{ name: "v", emptyDir: {} }])).toEqual([]);
    expect(variables({}, v1)).toEqual([]);
  });
});

describe("what hides a variable hides them all", () => {
  const mounted = { volumeMounts: [{ name: "v", mountPath: "/k" }] };
  test.each<[string, unknown]>([
    ["masked containers", { containers: "[secret]" }],
    ["a masked container", { containers: [{ env: [] }, "[secret]"] }],
    ["masked variables", { containers: [{ envs: "[secret]" }] }],
    ["a masked variable", { containers: [{ envs: ["[secret]"] }] }],
    ["a masked name", { containers: [{ envs: [{ name: "[secret]", value: "x" }] }] }],
    ["no name", { containers: [{ envs: [{ value: "x" }] }] }],
    ["envFrom", { containers: [{ envFrom: [{ secretRef: { name: "s" } }] }] }],
    ["masked volumes", { containers: [mounted], volumes: "[secret]" }],
    ["a masked volume", { containers: [mounted], volumes: [{ name: "v", secret: "[secret]" }] }],
    [
      "a masked path",
      {
        containers: [mounted],
        volumes: [{ name: "v", secret: { secret: "s", items: [{ path: "[secret]" }] } }],
      },
    ],
    ["no containers", { containers: [] }],
    ["nothing", {}],
  ])("%s", (_, pod) => expect(read(pod)).toMatchObject({ kind: "unknown" }));
});

test("every container counts, sidecars too, with its place", () => {
  const sidecar = { name: "proxy", env: [{ name: "B" }, { name: "C" }] };
  const containers = read({ containers: [{ envs: [{ name: "A" }] }, sidecar] });
  expect(containers).toMatchObject([
    { variables: [{ name: "A", location: { file: "containers[0].envs[0]" } }] },
    { name: "proxy", variables: [{ name: "B" }, { name: "C", location: { file: "containers[1].env[1]" } }] },
  ]);
});

test("init containers count, after the others", () => {
  const container = (secret: string) => ({
    env: [{ name: "A", valueFrom: { secretKeyRef: { name: secret, key: "1" } } }],
  });
  const containers = read({ initContainers: [container("t"), null], containers: [container("s")] });
  if (!Array.isArray(containers)) throw new Error(containers.reason);
  expect(containers.flatMap((one) => one.variables)).toEqual([
    { name: "A", via: "variable", value: reference("s", "1"), location: { file: "containers[0].env[0]" } },
    {
      name: "A",
      via: "variable",
      value: reference("t", "1"),
      location: { file: "initContainers[0].env[0]" },
    },
  ]);
  expect(containers.map(({ init }) => init)).toEqual([undefined, true]);
  expect(read({ initContainers: "[secret]", containers: [container("s")] })).toEqual({
    kind: "unknown",
    reason: "the list of init containers is not shown: it is masked as a Pulumi secret",
  });
  expect(read({ initContainers: [container("s")] })).toMatchObject({ kind: "unknown" });
  expect(read({ containers: [null] })).toEqual({
    kind: "unknown",
    reason: "the document names no container",
  });
});

test("a name that stands twice is kept twice", () => {
  expect(
    variables({
      env: [
        { name: "A", value: "x" },
        { name: "A", value: "y" },
      ],
    }),
  ).toHaveLength(2);
});

test("a container may have a name", () => {
  expect(read({ containers: [{ name: "app" }] })).toEqual([{ name: "app", variables: [] }]);
  expect(read({ containers: [{}] })).toStrictEqual([{ variables: [] }]);
  expect(read({ containers: [{ name: "[secret]" }] })).toStrictEqual([{ variables: [] }]);
});

test("an error that is none of the document's is passed on", () => {
  const pod = PodShape.parse({ containers: [{ env: [{ name: "A", value: "x" }] }] });
  const broken = new Error("broken");
  const locate = () => {
    throw broken;
  };
  expect(() => readContainers(pod, { project: known("p") }, locate)).toThrow(broken);
});
