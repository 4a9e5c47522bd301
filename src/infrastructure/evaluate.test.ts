import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { check } from "../check.ts";
import { environmentsOf, evaluateStack, type PreviewDocument } from "./evaluate.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

const baseline = `
config:
  gcp:project: shop-staging
  gcp:region: us-central1
  jwt-secret:secret: { source: generated }
  jwt-secret:services:
    auth: { image: "auth:1" }
    backend: { image: "backend:1" }
`;

/** A project of its own: this repository's program, with a stack file changed from the baseline. */
async function project(
  changes: Record<string, unknown> = {},
  files: Record<string, string> = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "evaluate-"));
  folders.push(folder);
  const stack = parse(baseline);
  Object.assign(stack.config, changes);
  const original = await readFile(join(root, "index.ts"), "utf8");
  const program = original.replaceAll('"./src/', `"${join(root, "src")}/`);
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const written = {
    "package.json": '{ "type": "module" }',
    "Pulumi.yaml": "name: jwt-secret\nruntime: nodejs\n",
    "Pulumi.staging.yaml": stringify(stack),
    "index.ts": program,
    ...files,
  };
  for (const [name, text] of Object.entries(written)) await writeFile(join(folder, name), text);
  return folder;
}

const state = (document: PreviewDocument, type: string) =>
  document.steps.map(({ newState }) => newState).filter((one) => one.type === type);

test("the committed environments evaluate, each to its own names", async () => {
  expect(await environmentsOf(root)).toEqual(["production", "staging"]);
  for (const environment of ["production", "staging"]) {
    const document = await evaluateStack(root, environment);
    expect(state(document, "gcp:secretmanager/secret:Secret").map(({ inputs }) => inputs.secretId)).toEqual([
      `jwt-secret-${environment}`,
    ]);
    expect(state(document, "gcp:cloudrunv2/service:Service").map(({ inputs }) => inputs.name)).toEqual([
      `backend-${environment}`,
      `auth-${environment}`,
    ]);
  }
});

test("the document knows what a first preview knows, and no more", async () => {
  const document = await evaluateStack(root, "staging");
  const [version] = state(document, "gcp:secretmanager/secretVersion:SecretVersion");
  expect(version?.inputs).toMatchObject({
    secret: "projects/stand-in-staging/secrets/jwt-secret-staging",
    secretData: "[secret]",
    deletionPolicy: "DISABLE",
  });
  const [stack] = state(document, "pulumi:pulumi:Stack");
  expect(stack?.outputs).toEqual({
    accessors: [],
    authUrl: pulumi.runtime.unknownValue,
    backendUrl: pulumi.runtime.unknownValue,
    secret: "projects/stand-in-staging/secrets/jwt-secret-staging",
    version: pulumi.runtime.unknownValue,
    fingerprint: pulumi.runtime.unknownValue,
    source: "generated",
  });
  expect(document.changeSummary.create).toBe(document.steps.length);
  const [secret] = state(document, "gcp:secretmanager/secret:Secret");
  expect(secret).toMatchObject({
    protect: true,
    custom: true,
    urn: "urn:pulumi:staging::jwt-secret::jwt-secret:infrastructure:JwtEnvironment$jwt-secret:infrastructure:JwtSecret$gcp:secretmanager/secret:Secret::jwt-secret",
    parent: expect.stringMatching(/JwtSecret::jwt-secret$/),
    sourcePosition: expect.stringMatching(/^project:\/\/\/src\/infrastructure\/jwt-secret\.ts#\d+,\d+$/),
  });
});

describe("in a rotation", () => {
  const evaluated = async () =>
    evaluateStack(
      await project({ "jwt-secret:secret": { source: "generated", current: 2, previous: 1 } }),
      "staging",
    );
  const checked = (content: PreviewDocument) =>
    check({ documents: [{ file: "Pulumi.staging.yaml", content }] });

  test("the previous version is there already, and the current one is not", async () => {
    const document = await evaluated();
    const versions = document.steps.filter(({ urn }) => urn.includes(":SecretVersion::"));
    expect(
      versions.map(({ op, newState }) => [newState.urn.split("::").at(-1), op, newState.outputs?.version]),
    ).toEqual([
      ["jwt-secret-g2", "create", undefined],
      ["jwt-secret-g1", "same", "1"],
    ]);
    expect(document.changeSummary).toEqual({ create: document.steps.length - 1, same: 1 });
  });

  test("the right program passes", async () => {
    expect(checked(await evaluated())).toMatchObject({ verdict: "pass" });
  });

  test("a service that keeps the previous version as its current one is a violation", async () => {
    const document = await evaluated();
    const backend = document.steps.find(({ newState }) => newState.inputs.name === "backend-staging");
    const unknown = JSON.stringify({ secret: "jwt-secret-staging", version: pulumi.runtime.unknownValue });
    const text = JSON.stringify(document);
    const wired = JSON.stringify(backend);
    expect(wired).toContain(unknown);
    const kept = wired.replaceAll(unknown, JSON.stringify({ secret: "jwt-secret-staging", version: "1" }));
    expect(checked(JSON.parse(text.replace(wired, () => kept)))).toMatchObject({ verdict: "violation" });
  });
});

test("a second evaluation in one process gives the same", async () => {
  expect(await evaluateStack(root, "staging")).toEqual(await evaluateStack(root, "staging"));
});

test("encrypted keys are stood in for, and nothing of them is printed", async () => {
  const secure = `v1:${randomBytes(12).toString("base64")}:${randomBytes(60).toString("base64")}`;
  for (const values of [{ "1": { secure } }, { secure }]) {
    const folder = await project({
      "jwt-secret:secret": { source: "supplied" },
      "jwt-secret:values": values,
    });
    const document = await evaluateStack(folder, "staging");
    expect(state(document, "pulumi:pulumi:Stack")[0]?.outputs).toMatchObject({ source: "supplied" });
    expect(state(document, "gcp:secretmanager/secretVersion:SecretVersion")[0]?.inputs.secretData).toBe(
      "[secret]",
    );
    expect(document.config["jwt-secret:values"]).toBe("[secret]");
  }
});

test("one key in clear among encrypted ones is refused and not shown", async () => {
  const clear = randomBytes(48).toString("base64url");
  const folder = await project({
    "jwt-secret:secret": { source: "supplied" },
    "jwt-secret:values": { "1": { secure: "v1:x:y" }, "2": clear },
  });
  const error = await evaluateStack(folder, "staging").catch((reason: Error) => reason);
  expect(error).toMatchObject({ name: "ConfigurationError", problems: [{ key: "jwt-secret:values" }] });
  expect(String(error)).not.toContain(clear);
});

test("an existing secret's version is known", async () => {
  const folder = await project({
    "jwt-secret:secret": { source: "existing", name: "jwt", current: 7 },
    "jwt-secret:projectNumber": 123456789012,
  });
  const [stack] = state(await evaluateStack(folder, "staging"), "pulumi:pulumi:Stack");
  expect(stack?.outputs).toMatchObject({
    version: "projects/shop-staging/secrets/jwt/versions/7",
    source: "existing",
  });
});

test.each([
  ["a first deployment", { source: "generated", current: 1 }],
  ["a rotation", { source: "generated", current: 2, previous: 1 }],
])("%s that enables the APIs first passes", async (_, secret) => {
  const folder = await project({ "jwt-secret:enableApis": true, "jwt-secret:secret": secret });
  const content = await evaluateStack(folder, "staging");
  expect(check({ documents: [{ file: "Pulumi.staging.yaml", content }] })).toMatchObject({ verdict: "pass" });
});

test("a refused configuration comes out as its problems", async () => {
  const folder = await project({ "jwt-secret:servces": {}, "gcp:region": "nowhere" });
  const error = await evaluateStack(folder, "staging").catch((reason: Error) => reason);
  expect(error).toMatchObject({
    name: "ConfigurationError",
    environment: "staging",
    problems: [{ key: "gcp:region" }, { key: "jwt-secret:servces" }],
  });
});

test("defaults declared in Pulumi.yaml apply, and the stack's own values win", async () => {
  const declared =
    "name: jwt-secret\nruntime: nodejs\nconfig:\n  enableApis: { type: boolean, default: true }\n";
  const apis = async (changes: Record<string, unknown>) =>
    state(
      await evaluateStack(await project(changes, { "Pulumi.yaml": declared }), "staging"),
      "gcp:projects/service:Service",
    ).length;
  expect(await apis({})).toBe(3);
  expect(await apis({ "jwt-secret:enableApis": false })).toBe(0);
});

test.each<[string, Record<string, string>, RegExp]>([
  ["a missing stack file", { "Pulumi.other.yaml": "" }, /^Pulumi\.none\.yaml is not there: /],
  [
    "YAML that is none",
    { "Pulumi.none.yaml": "config: {\n" },
    /^Pulumi\.none\.yaml: .* at line \d+, column \d+\.$/,
  ],
  ["a list", { "Pulumi.none.yaml": "- a\n" }, /^Pulumi\.none\.yaml is not a map/],
  [
    "configuration that is a list",
    { "Pulumi.none.yaml": "config: [a]\n" },
    /^Pulumi\.none\.yaml: config is not a map/,
  ],
  [
    "an ESC environment",
    { "Pulumi.none.yaml": "environment: [shared]\n" },
    /^Pulumi\.none\.yaml imports Pulumi ESC/,
  ],
  [
    "a project without a name",
    { "Pulumi.yaml": "runtime: nodejs\n", "Pulumi.none.yaml": "" },
    /^Pulumi\.yaml has no name/,
  ],
])("%s is one line that names the file", async (_, files, line) => {
  const error = await evaluateStack(await project({}, files), "none").catch((reason: Error) => reason);
  expect(error).toMatchObject({ name: "EvaluationError", message: expect.stringMatching(line) });
  expect(String(error)).not.toContain("\n");
});

test("a program that throws is one line", async () => {
  const folder = await project({}, { "index.ts": 'throw new Error("broken\\nsecond line");' });
  await expect(evaluateStack(folder, "staging")).rejects.toThrow(/^index\.ts fails for staging: broken$/);
});

test("a program that asks the cloud cannot be evaluated, and says so", async () => {
  const asks = 'import { getProject } from "@pulumi/gcp/organizations/getProject.js";\nawait getProject({});';
  const folder = await project({}, { "index.ts": asks });
  await expect(evaluateStack(folder, "staging")).rejects.toThrow(
    /the program calls gcp:organizations\/getProject:getProject, which only the cloud can answer$/,
  );
});
