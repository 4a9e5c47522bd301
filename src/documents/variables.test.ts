/** Why a variable's value, or whether there is one, cannot be told. */
import { describe, expect, test } from "vitest";
import type { Service } from "../policy/facts.ts";
import { readContainers } from "./containers.ts";
import { PodShape } from "./pod.ts";
import { known } from "./reference.ts";
import { Hidden } from "./shape.ts";

const read = (pod: unknown): Service["containers"] =>
  readContainers(PodShape.parse(pod), { project: known("p") }, (path) => ({ file: path }));
const value = (env: Record<string, unknown>) => {
  const containers = read({ containers: [{ env: [{ name: "A", ...env }] }] });
  return Array.isArray(containers) ? containers[0]?.variables[0]?.value : containers;
};
const masked = "it is masked as a Pulumi secret";
const ref = { secretKeyRef: { name: "s", key: "1" } };

describe("a value is unknown because", () => {
  test.each<[string, Record<string, unknown>]>([
    ["it has both a valueFrom and a valueSource", { valueFrom: ref, valueSource: ref }],
    [masked, { valueFrom: "[secret]" }],
    ["it has both a value and a reference", { value: "x", valueFrom: ref }],
    ["it has both a value and a reference", { value: "[secret]", valueFrom: ref }],
    ["its source is not a secret", { valueFrom: { configMapKeyRef: {} } }],
    [masked, { valueSource: { secretKeyRef: "[secret]" } }],
    [
      "its reference is written in two ways that differ",
      { valueFrom: { secretKeyRef: { name: "s", secret: "t" } } },
    ],
    [
      "its reference is written in two ways that differ",
      { valueFrom: { secretKeyRef: { name: "s", key: "1", version: "2" } } },
    ],
    ["it has another source beside the secret", { valueFrom: { ...ref, configMapKeyRef: { name: "s" } } }],
    ["it has another source beside the secret", { valueSource: { ...ref, secret_key_ref: {} } }],
    [masked, { value: "[secret]" }],
    [
      "its source is written in a way that is not known",
      { value_source: { secret_key_ref: { secret: "s", version: "1" } } },
    ],
    ["its source is written in a way that is not known", { value: "", value_source: {} }],
    ["it is a placeholder", { value: "$(A)" }],
    ["it is not text", { value: ["a"] }],
    ["it is not text", { value: { a: 1 } }],
  ])("%s: %j", (reason, env) => expect(value(env)).toEqual({ kind: "unknown", reason }));
});

test.each([
  { value: null },
  { value: "", value_source: null },
  { value: "", a: undefined },
  { __defaults: [] },
  {},
])("%j is an empty text", (env) => expect(value(env)).toEqual({ kind: "literal", empty: true }));

test("a source that says nothing is none beside the secret", () => {
  const valueFrom = { ...ref, configMapKeyRef: null, fieldRef: undefined, __defaults: [] };
  expect(value({ valueFrom })?.kind).toBe("reference");
});

test("a fingerprint that only the update knows is of no version in a document without resources", () => {
  const env = { name: "JWT_SECRET_FINGERPRINT", value: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
  expect(value(env)).toEqual({ kind: "unknown", reason: "it is known only once the update has run" });
});

test("a text is a literal whatever stands beside it", () =>
  expect(value({ value: "x", description: "the key" })).toEqual({ kind: "literal", empty: false }));

test("a value written into the name is plain text, and no part of the name", () => {
  const containers = read({ containers: [{ env: [{ name: "JWT_SECRET_KEY=abc=", value: "" }] }] });
  expect(Array.isArray(containers) ? containers[0]?.variables : containers).toMatchObject([
    { name: "JWT_SECRET_KEY", value: { kind: "literal", empty: false } },
  ]);
  expect(JSON.stringify(containers)).not.toContain("abc");
});

test("an ENVIRONMENT that Pulumi holds as a secret is not shown, though the state does", () => {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: '"staging"',
  };
  const env = [
    { name: "ENVIRONMENT", value: secret },
    { name: "OTHER", value: secret },
  ];
  const containers = read({ containers: [{ env }] });
  expect(Array.isArray(containers) ? containers[0]?.variables : containers).toMatchObject([
    { value: { kind: "unknown", reason: "it is held as a Pulumi secret" } },
    { value: { kind: "literal", empty: false } },
  ]);
});

describe("the text of a literal", () => {
  const text = (name: string, raw: unknown) => {
    const containers = read({ containers: [{ env: [{ name, value: raw }] }] });
    const found = Array.isArray(containers) ? containers[0]?.variables[0]?.value : undefined;
    return found?.kind === "literal" ? found.text : "no literal";
  };
  const environment = (raw: unknown) => {
    const found = read({ containers: [{ env: [{ name: "ENVIRONMENT", value: raw }] }] });
    return Array.isArray(found) ? found[0]?.variables[0]?.value : found;
  };
  test.each([
    "$ENVIRONMENT",
    "$_ENV",
    "%ENV%",
    "@ENV@",
    "__ENV__",
    "<environment>",
    "$REGION-eu",
    "eu-%ENV%",
    "#{ENV}#",
    "((env))",
    "[env]",
    "{env}",
    ":env",
    " ",
    "\t",
    " staging",
    "staging\n",
    "my staging",
    "-staging",
    ".staging",
    "_staging_",
    "stäging",
    "50%",
    "me@home",
  ])("of ENVIRONMENT that is no name is none: %j", (raw) => {
    expect(environment(raw)).toEqual({ kind: "unknown", reason: "it is no name of an environment" });
    expect(text("JWT_SECRET", raw)).toBeUndefined();
  });
  test("of ENVIRONMENT in the signs of a template is a placeholder", () =>
    expect(environment("{{ env }}")).toEqual({ kind: "unknown", reason: "it is a placeholder" }));
  test.each(["s", "staging", "Staging", "STAGING", "eu-staging-2", "pr_7", "v1.2", "7"])(
    "of ENVIRONMENT may be %s",
    (name) => expect(text("ENVIRONMENT", name)).toBe(name),
  );
  test("is kept for ENVIRONMENT", () => {
    expect(text("ENVIRONMENT", "staging")).toBe("staging");
    expect(text("ENVIRONMENT", 7)).toBe("7");
    expect(text("ENVIRONMENT", true)).toBeUndefined();
    expect(text("MY_ENVIRONMENT", "staging")).toBeUndefined();
  });
  test.each([
    ["01234567", true],
    ["sha256:01234567", true],
    ["SHA256:ABCDEF01", true],
    ["a".repeat(64), true],
    ["0123456", false],
    ["a".repeat(65), false],
    ["0123456g", false],
    ["x01234567", false],
    ["01234567 ", false],
    ["md5:01234567", false],
  ])("is kept for a fingerprint where it looks like one: %s", (raw, kept) => {
    expect(text("JWT_SECRET_FINGERPRINT", raw)).toBe(
      kept ? raw.toLowerCase().replace("sha256:", "") : undefined,
    );
    expect(text("JWT_SECRET", raw)).toBeUndefined();
  });
});

describe("the variables are unknown because", () => {
  const one = (container: unknown) => ({ containers: [container] });
  test.each<[string, unknown]>([
    ["the document names no container", {}],
    ["the document names no container", { containers: [] }],
    [`the list of containers is not shown: ${masked}`, { containers: "[secret]" }],
    [`a container is not shown: ${masked}`, one("[secret]")],
    [`the field envFrom is not shown: ${masked}`, one({ envFrom: "[secret]" })],
    ["variables come from envFrom, which the document does not list", one({ envFrom: [{}] })],
    [`the field envFrom is not shown: ${masked}`, one({ envFroms: "[secret]" })],
    ["variables come from envFrom, which the document does not list", one({ envFroms: [{}] })],
    ["a container is written in a way that is not known", one({ env_from: [{}] })],
    ["a container is written in a way that is not known", one({ volume_mounts: [] })],
    ["the template is written in a way that is not known", { ...one({}), init_containers: [{}] }],
    ["the template is written in a way that is not known", { ...one({}), service_account: "a@b.c" }],
    [`the list of variables is not shown: ${masked}`, one({ env: "[secret]" })],
    [`the list of variables is not shown: ${masked}`, one({ envs: "[secret]" })],
    [`a variable is not shown: ${masked}`, one({ env: ["[secret]"] })],
    ["the name of a variable is missing", one({ env: [{ value: "x" }] })],
    [`the name of a variable is not known: ${masked}`, one({ env: [{ name: "[secret]" }] })],
  ])("%s: %j", (reason, pod) => expect(read(pod)).toEqual({ kind: "unknown", reason }));

  test("the template is hidden, or not there", () => {
    const context = { project: known("p") };
    expect(readContainers(new Hidden("it is masked"), context, () => ({}))).toEqual({
      kind: "unknown",
      reason: "the template is not shown: it is masked",
    });
    expect(readContainers(undefined, context, () => ({}))).toEqual({
      kind: "unknown",
      reason: "the document names no container",
    });
  });
});

test("empty lists and missing entries hide nothing", () => {
  expect(
    read({
      containers: [
        null,
        {
          name: "a",
          envFrom: [],
          envFroms: [],
          env: [null, { name: "A" }],
          envs: [{ name: "B" }],
          volume_mounts: null,
          __defaults: [],
        },
      ],
      init_containers: null,
    }),
  ).toMatchObject([
    {
      name: "a",
      variables: [
        { name: "A", via: "variable", location: { file: "containers[1].env[1]" } },
        { name: "B", location: { file: "containers[1].envs[0]" } },
      ],
    },
  ]);
  expect(read({ containers: [{ name: "[secret]" }] })).toEqual([{ variables: [] }]);
});
