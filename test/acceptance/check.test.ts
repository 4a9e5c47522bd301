/** `jwt-secret check` as a program, the way its users call it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { v1, v2 } from "../../src/documents/testing/cloud-run.ts";
import { preview, resources, state, type TestResource, types } from "../../src/documents/testing/stack.ts";
import { parseXml } from "../../src/reports/testing/xml.ts";
import { formats } from "../../src/reports/writer.ts";
import { folder } from "./command.ts";

const here = folder();

const incident = (name: string) => join(import.meta.dirname, "incident", `${name}.json`);
const example = (name: string) => join(import.meta.dirname, "..", "..", "docs", "examples", `${name}.yaml`);

const Report = z.object({
  verdict: z.string(),
  environments: z.array(
    z.object({
      name: z.string().nullable(),
      verdict: z.string(),
      services: z.array(z.object({ role: z.string().nullable(), name: z.string() })),
      findings: z.array(z.object({ rule: z.string(), verdict: z.string(), message: z.string() })),
      passed: z.array(z.string()),
    }),
  ),
  notes: z.array(z.string()),
});

/** Checks with `--format json` and reads the report. */
async function report(...args: string[]) {
  const { code, stdout, stderr } = await here.run(["check", ...args, "--format", "json"]);
  return { code, stderr, ...Report.parse(JSON.parse(stdout)) };
}

const violations = ({ environments }: z.infer<typeof Report>) =>
  environments.flatMap(({ findings }) => findings.filter((one) => one.verdict === "violation"));

const sound = () => [v1("auth"), v1("backend")];
/** A sound stack: one secret, one version, two services whose accounts may read it. */
const stack = (name: string, secretId = `jwt-secret-${name}`): TestResource[] => {
  const full = `projects/netra-staging/secrets/${secretId}`;
  const grants = ["auth", "backend"].map((role) => ({
    type: types.member,
    name: role,
    inputs: {
      secretId: full,
      role: "roles/secretmanager.secretAccessor",
      member: `serviceAccount:${role}-staging@netra-staging.iam.gserviceaccount.com`,
    },
  }));
  const text = JSON.stringify([...resources(full, "1"), ...grants])
    .replaceAll("jwt-secret-staging", secretId)
    .replaceAll('"staging"', JSON.stringify(name));
  return z.array(z.custom<TestResource>(() => true)).parse(JSON.parse(text));
};

describe("the incident", () => {
  test("one variable from two secrets is a violation that names both, and what will happen", async () => {
    const { code, stdout, stderr } = await here.run(["check", incident("auth"), incident("backend")]);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain("staging: violation");
    expect(stdout).toMatch(
      /auth-staging reads JWT_SECRET_KEY from \S*jwt-secret-staging@latest, backend-staging reads it from\s\S*jwt-secret-key-staging@latest: backend-staging will refuse every token auth-staging signs\./u,
    );
  });
  test("two variables to two secrets on one service are a violation, whatever its read order", async () => {
    const checked = await report(incident("auth-two-variables"), incident("backend"));
    expect(checked.code).toBe(1);
    expect(violations(checked).map(({ rule }) => rule)).toContain("single-jwt-reference");
  });
  test("a database's secret is none of its business", async () => {
    const { stdout } = await here.run(["check", incident("auth"), incident("backend")]);
    expect(stdout).not.toContain("database-url");
  });
  test("the examples of the documentation show it too", async () => {
    const checked = await report(example("auth"), example("backend"));
    expect(checked.code).toBe(1);
    expect(violations(checked).map(({ rule }) => rule)).toContain("same-jwt-secret");
  });
});

describe("exit codes", () => {
  test("0: everything holds", async () => {
    const { code, stdout, stderr } = await here.run(["check", here.put("a.json", sound())]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^staging: pass\n/u);
  });
  test("1: a violation, also beside a file that cannot be read", async () => {
    expect((await here.run(["check", incident("auth"), incident("backend"), "missing.json"])).code).toBe(1);
  });
  test("2: one service alone, no service at all, wrong usage", async () => {
    expect((await here.run(["check", here.put("one.json", v1("auth"))])).code).toBe(2);
    expect((await here.run(["check", here.put("a.json", [])])).code).toBe(2);
    expect((await here.run(["check", "--no-such-option"])).code).toBe(2);
    expect((await here.run(["chekc"])).code).toBe(2);
    expect((await here.run([])).code).toBe(2);
  });
});

describe("what is read", () => {
  test("v1 and v2, JSON and YAML, and standard input, together", async () => {
    const yaml = [
      "apiVersion: serving.knative.dev/v1",
      "kind: Service",
      `metadata: ${JSON.stringify(v1("auth").metadata)}`,
    ];
    const auth = `# printed by gcloud\n${yaml.join("\n")}\nspec: ${JSON.stringify(v1("auth").spec)}\n`;
    const { code, stdout } = await here.run(
      ["check", here.put("auth.yaml", auth), "-", "--project", "netra-staging=123456789012"],
      { stdin: JSON.stringify(v2("backend")) },
    );
    expect(stdout).toMatch(/^staging: pass\n/u);
    expect(code).toBe(0);
  });
  test("a preview and an export of a stack", async () => {
    expect((await report(here.put("p.json", preview(stack("staging"), { op: "same" })))).verdict).toBe(
      "pass",
    );
    expect((await report(here.put("s.json", state(stack("staging"))))).verdict).toBe("pass");
  });
  test("what PowerShell writes: UTF-16 with a mark", async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(JSON.stringify(sound()), "utf16le")]);
    expect((await here.run(["check", here.put("a.json", bytes)])).code).toBe(0);
  });
  test("several stacks in one call, each an environment of its own", async () => {
    const files = ["staging", "production"].map((name) =>
      here.put(`${name}.json`, state(stack(name), { stack: name })),
    );
    const { code, environments } = await report(...files);
    expect(environments.map(({ name, verdict }) => [name, verdict])).toEqual([
      ["staging", "pass"],
      ["production", "pass"],
    ]);
    expect(code).toBe(0);
  });
  test("several stacks that share a secret", async () => {
    const files = ["staging", "production"].map((name) =>
      here.put(`${name}.json`, state(stack(name, "jwt-secret"), { stack: name })),
    );
    const checked = await report(...files);
    expect(checked.code).toBe(1);
    expect(violations(checked).map(({ rule }) => rule)).toContain("environments-apart");
  });
});

describe("options", () => {
  const renamed = (name: string) => {
    const one = v1(name);
    return { ...one, metadata: { name, labels: one.metadata.labels } };
  };
  test("--service says which is which, --project in which project they are", async () => {
    const files = [here.put("a.json", renamed("identity")), here.put("b.json", renamed("gateway"))];
    const named = ["--service", "auth=identity", "--service", "backend=gateway"];
    expect((await report(...files)).code).toBe(2);
    expect((await report(...files, ...named)).code).toBe(2);
    const { code, environments } = await report(...files, ...named, "--project", "netra-staging");
    expect(environments.flatMap(({ services }) => services)).toEqual([
      { role: "auth", name: "identity" },
      { role: "backend", name: "gateway" },
    ]);
    expect(code).toBe(0);
  });
  test("--reads says which variable a role reads first", async () => {
    const list = sound();
    const env = list[1]?.spec.template.spec.containers[0]?.env ?? [];
    env.push({ name: "SIGNING_KEY", valueFrom: { secretKeyRef: { name: "another", key: "1" } } });
    const file = here.put("a.json", list);
    expect((await report(file)).code).toBe(0);
    const checked = await report(file, "--reads", "backend=SIGNING_KEY");
    expect(violations(checked).map(({ rule }) => rule)).toContain("same-jwt-secret");
  });
  test("--environment is held against what the services say", async () => {
    const file = here.put("a.json", sound());
    expect((await report(file, "--environment", "staging")).code).toBe(0);
    const checked = await report(file, "--environment", "production");
    expect(checked.environments.map(({ name }) => name)).toEqual(["production"]);
    expect(violations(checked).map(({ rule }) => rule)).toContain("environment-agrees");
  });
  test("--waivers covers a finding until its day has passed; what cannot be waived is not", async () => {
    const list = JSON.parse(JSON.stringify(sound()).replaceAll('"key":"1"', '"key":"latest"'));
    const file = here.put("a.json", list);
    const waiver = {
      rule: "pinned-jwt-secret-version",
      target: "staging",
      reason: "until the rotation",
      expires: "",
    };
    const waived = (expires: string, rule = waiver.rule) =>
      report(file, "--waivers", here.put("w.json", [{ ...waiver, rule, expires }]));
    expect((await report(file)).code).toBe(1);
    expect((await waived("2999-12-31")).code).toBe(0);
    const lapsed = await waived("2001-01-01");
    expect(lapsed.code).toBe(1);
    expect(lapsed.notes.join()).toContain("lapsed after 2001-01-01");
    const [auth, backend] = [incident("auth"), incident("backend")];
    const rules = ["same-jwt-secret", waiver.rule].map((rule) => ({
      ...waiver,
      rule,
      expires: "2999-12-31",
    }));
    expect((await report(auth, backend, "--waivers", here.put("w2.json", rules))).code).toBe(1);
  });
  test.each(["--help", "-h"])("%s explains options and exit codes", async (option) => {
    const { code, stdout, stderr } = await here.run(["check", option]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const word of [
      "--service",
      "--reads",
      "--project",
      "--format",
      "--output",
      "--waivers",
      "Exit codes",
    ]) {
      expect(stdout).toContain(word);
    }
  });
});

describe("formats", () => {
  const isWellFormed: Record<(typeof formats)[number], (text: string) => void> = {
    text: (text) => expect(text).toMatch(/^staging: violation\n/u),
    json: (text) => expect(Report.parse(JSON.parse(text)).verdict).toBe("violation"),
    sarif: (text) => expect(JSON.parse(text)).toMatchObject({ version: "2.1.0" }),
    junit: (text) => expect(parseXml(text).name).toBe("testsuites"),
    github: (text) => expect(text).toMatch(/^::error file=[^\n]*same-jwt-secret/mu),
    markdown: (text) => expect(text).toContain("```mermaid\nflowchart LR\n"),
  };

  test.each(formats)("%s, to standard output or with --output to a file, is the same", async (format) => {
    const args = ["check", incident("auth"), incident("backend"), "--format", format];
    const printed = await here.run(args);
    expect([printed.code, printed.stderr]).toEqual([1, ""]);
    isWellFormed[format](printed.stdout);
    const written = await here.run([...args, "--output", "report"]);
    expect([written.code, written.stdout, written.stderr]).toEqual([1, "", ""]);
    expect(readFileSync(join(here.path, "report"), "utf8")).toBe(printed.stdout);
  });

  test.each(formats)("%s shows no pass when a file could not be read", async (format) => {
    const { code, stdout } = await here.run([
      "check",
      here.put("a.json", sound()),
      "missing.json",
      "--format",
      format,
    ]);
    expect(code).toBe(2);
    const shown: Record<typeof format, RegExp> = {
      text: /^Verdict: undetermined/mu,
      json: /^ {2}"verdict": "undetermined"/mu,
      sarif: /"text": "Not read: missing\.json: does not exist/u,
      junit: /errors="[1-9]/u,
      github: /^::error[^\n]*missing\.json/mu,
      markdown: /^## [^\n]*undetermined$/mu,
    };
    expect(stdout).toMatch(shown[format]);
    expect(stdout).toContain("missing.json");
    expect(stdout).toContain("does not exist");
  });

  test("no colour in what is not a terminal, with NO_COLOR or without", async () => {
    const file = here.put("a.json", sound());
    const terminals: Record<string, string>[] = [
      {},
      { NO_COLOR: "1" },
      { TERM: "xterm-256color", COLORTERM: "truecolor" },
    ];
    for (const env of terminals) {
      expect((await here.run(["check", file], { env })).stdout).not.toContain("\u001b");
    }
  });
});

test("a message names the version too", async () => {
  const list = sound();
  const env = list[1]?.spec.template.spec.containers[0]?.env ?? [];
  env[1] = { name: "JWT_SECRET_KEY", valueFrom: { secretKeyRef: { name: "jwt-secret-staging", key: "2" } } };
  const checked = await report(here.put("a.json", list));
  expect(violations(checked)).toMatchObject([{ rule: "same-jwt-secret-version" }]);
  expect(violations(checked)[0]?.message).toContain("jwt-secret-staging@2");
});
