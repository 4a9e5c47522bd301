/** What a document says is anybody's: it changes words in a report, never its structure, and no secret is printed. */
import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { v1, v2 } from "../../src/documents/testing/cloud-run.ts";
import { preview, resources, state } from "../../src/documents/testing/stack.ts";
import { hostile } from "../../src/reports/testing/hostile.ts";
import { commandsIn } from "../../src/reports/testing/runner.ts";
import { SarifLog } from "../../src/reports/testing/sarif.ts";
import { type Element, parseXml } from "../../src/reports/testing/xml.ts";
import { formats } from "../../src/reports/writer.ts";
import { folder } from "./command.ts";

const here = folder();
const Verdicts = z.object({ environments: z.array(z.object({ verdict: z.string() })) });

/** An environment of two services that carry a name in every place that a report shows. */
function environment(name: string, index: number) {
  return ["auth", "backend"].map((role) => ({
    apiVersion: "serving.knative.dev/v1",
    kind: "Service",
    metadata: { name: `${name}-${role}`, namespace: name, labels: { "cloud.googleapis.com/location": name } },
    spec: {
      template: {
        metadata: { annotations: { "run.googleapis.com/secrets": `a:projects/${name}/secrets/${name}` } },
        spec: {
          serviceAccountName: name,
          containers: [
            {
              name,
              env: [
                // Harmless, for other text names no environment; numbered, so that each is one of its own.
                { name: "ENVIRONMENT", value: `name${index}` },
                { name: "JWT_SECRET", valueFrom: { secretKeyRef: { name, key: name } } },
                { name: "JWT_SECRET_KEY", valueFrom: { secretKeyRef: { name: "a", key: name } } },
                { name: `JWT_SECRET_${name}`, value: name },
              ],
              volumeMounts: [{ name: "v", mountPath: `/${name}` }],
            },
          ],
          volumes: [{ name: "v", secret: { secretName: name, items: [{ key: "1", path: "JWT_SECRET" }] } }],
        },
      },
    },
  }));
}

/** What a template left behind is no name, so no service would be in a role. */
const names = hostile.filter((name) => !name.includes("{{"));
const allHostile = () => names.flatMap(environment);
const allHarmless = () => names.flatMap((_, index) => environment("name", index));

async function written(format: string, document: unknown) {
  const { code, stdout, stderr } = await here.run([
    "check",
    here.put("f.json", document),
    "--format",
    format,
  ]);
  expect([code, stderr]).toEqual([1, ""]);
  return stdout;
}

describe.each(formats)("names in a document, as %s", (format) => {
  let text = "";
  beforeEach(async () => {
    text = await written(format, allHostile());
  });

  test("are all there, with nothing a terminal acts on, no command for a CI runner, and sound structure", async () => {
    expect(text.replaceAll("\n", "")).not.toMatch(
      /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u,
    );
    const allowed = format === "github" ? ["error", "warning", "notice"] : [];
    expect(commandsIn(text).filter(({ name }) => !allowed.includes(name))).toEqual([]);
    for (const { properties } of commandsIn(text)) {
      expect(["f.json", undefined]).toContain(properties.file);
      expect(
        Object.keys(properties).filter((key) => !["file", "line", "col", "title"].includes(key)),
      ).toEqual([]);
    }
    if (format === "json" || format === "sarif") JSON.parse(text);
    if (format === "sarif") SarifLog.parse(JSON.parse(text));
    if (format === "junit") {
      const tags = ({ name, children }: Element): string[] => [name, ...children.flatMap(tags)];
      expect(new Set(tags(parseXml(text)))).toEqual(
        new Set(["testsuites", "testsuite", "testcase", "failure", "error", "skipped"]),
      );
    }
    if (format === "markdown") {
      const tags = Array.from(text.matchAll(/<\/?([^\s>]*)[^>]*>?/gu), ([, tag]) => tag);
      expect(tags.filter((tag) => !["code", "details", "summary", "sub", "br"].includes(tag ?? ""))).toEqual(
        [],
      );
      expect(text.replaceAll(/```mermaid\n.*?\n```/gsu, "")).not.toMatch(/\]\(|:\/\/|!\[|```|^# /mu);
    }
  });
});

test("as many environments are judged as with harmless names", async () => {
  const verdicts = async (document: unknown) =>
    Verdicts.parse(JSON.parse(await written("json", document))).environments.map(({ verdict }) => verdict);
  const expected = names.map(() => "violation");
  expect(await verdicts(allHarmless())).toEqual(expected);
  expect(await verdicts(allHostile())).toEqual(expected);
});

test.each(formats)("the name of a file, as %s", async (format) => {
  const name = "a\u001b[2J\n::error::pass <script> `x` ]]> | \u202e.json";
  here.put(name, [v1("auth")]);
  const { code, stdout } = await here.run(["check", name, `missing${name}`, "--format", format]);
  expect(code).toBe(2);
  expect(stdout.replaceAll("\n", "")).not.toMatch(/[\p{C}\p{Default_Ignorable_Code_Point}]/u);
  expect(commandsIn(stdout).map((command) => command.name)).not.toContain(format === "github" ? "" : "error");
  if (format === "junit") parseXml(stdout);
  if (format === "markdown") expect(stdout).not.toContain("<script");
});

describe("a literal secret is never printed", () => {
  /** Keys as people make them: text, hexadecimal, base64, a phrase with line breaks and quotes. */
  const keys = [
    `sk-${randomBytes(24).toString("base64url")}`,
    randomBytes(32).toString("hex"),
    randomBytes(48).toString("base64"),
    `-----BEGIN KEY-----\n"${randomBytes(24).toString("base64url")}"\n-----END KEY-----`,
  ];
  /** Any run of ten characters of a key would help somebody. */
  const pieces = (key: string) =>
    key.split(/[^A-Za-z0-9+/_-]/u).flatMap((part) => part.match(/[^-]{10}/gu) ?? []);

  /** Every key under every name that a rule looks at, and under others. */
  const literals = keys.flatMap((value, index) =>
    ["JWT_SECRET", "JWT_SECRET_STAGING", "JWT_SECRET_PREVIOUS", "JWT_SECRET_FINGERPRINT", `OTHER_${index}`]
      // A fingerprint is meant to be read, so a key that looks like one is none.
      .filter((name) => name !== "JWT_SECRET_FINGERPRINT" || !/^[0-9a-f]+$/u.test(value))
      .map((name) => ({ name, value })),
  );

  const live = (shape: typeof v1 | typeof v2) =>
    ["auth", "backend"].map((name) => {
      const one = shape(name);
      const [container] = "spec" in one ? one.spec.template.spec.containers : one.template.containers;
      const add = (_: string, value: unknown) =>
        Array.isArray(value) && value === container?.env ? [...value, ...literals] : value;
      return JSON.parse(JSON.stringify(one, add));
    });
  const stack = () => {
    const list = resources("jwt-secret-staging", "1");
    const [, version, auth] = list;
    if (version !== undefined) version.inputs.secretData = keys[0];
    if (auth !== undefined) auth.inputs.template = { containers: [{ envs: literals }] };
    const type = "random:index/randomPassword:RandomPassword";
    return [
      ...list,
      ...keys.map((result, index) => ({ type, name: `p${index}`, inputs: {}, outputs: { result } })),
    ];
  };
  const shown = (value: unknown) =>
    keys.some((key) => key === value)
      ? {
          "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
          plaintext: JSON.stringify(value),
        }
      : value;
  const each = (make: (key: string) => unknown) => keys.map(make);
  const documents: Record<string, unknown[]> = {
    v1: [live(v1)],
    v2: [live(v2)],
    "a preview": [{ ...preview(stack()), config: { "jwt-secret:values": keys.join() } }],
    "a state": [state(stack())],
    "a state with its secrets shown": [
      JSON.parse(JSON.stringify(state(stack()), (_, value) => shown(value))),
    ],
    "broken JSON": each((key) => `[{"JWT_SECRET": ${JSON.stringify(key)} oops]`),
    "broken JSON before it": each((key) => `[nope ${JSON.stringify(key)}]`),
    "broken YAML": each((key) => `JWT_SECRET: ${JSON.stringify(key)}\n oops: [\n`),
    "a key twice": each((key) => `{${JSON.stringify(key)}: 1, ${JSON.stringify(key)}: 2}`),
    "the wrong place": each((key) => ({ ...v1("auth"), spec: key })),
  };
  const cases = Object.keys(documents).flatMap((what) =>
    formats
      .filter((format) => format === "text" || ["v1", "a state", "the wrong place"].includes(what))
      .map((format) => [what, format] as const),
  );

  test.each(cases)("in %s, as %s", async (what, format) => {
    const files = (documents[what] ?? []).map((document, index) => here.put(`${index}.json`, document));
    const { code, stdout, stderr } = await here.run(["check", ...files, "--format", format]);
    expect([1, 2]).toContain(code);
    for (const piece of keys.flatMap(pieces)) expect(stdout + stderr).not.toContain(piece);
    // The services it stands in were looked at.
    if (["v1", "v2", "a state"].includes(what)) expect(stdout).toContain("JWT_SECRET_STAGING");
  });

  test("and these tests would see it", async () => {
    // In letters that the name of an environment may have: any other is not printed either.
    const key = `k${randomBytes(24).toString("hex")}`;
    expect(pieces(key).length).toBeGreaterThan(1);
    const file = here.put("a.json", [v1("auth", key), v1("backend", key)]);
    expect((await here.run(["check", file])).stdout).toContain(pieces(key)[0]);
  });
});
