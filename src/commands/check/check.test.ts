import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { main } from "../../cli.ts";
import { v1 } from "../../documents/testing/cloud-run.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "jwt-secret-check-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const put = (name: string, content: unknown) => {
  const raw = typeof content === "string" || content instanceof Uint8Array;
  writeFileSync(join(directory, name), raw ? content : JSON.stringify(content));
  return name;
};

async function run(
  args: string[],
  { stdin = [] as (string | Uint8Array)[], isTTY = false, env = {}, now = "2026-05-05" } = {},
) {
  let [stdout, stderr] = ["", ""];
  const code = await main(args, {
    stdin: Readable.from(stdin),
    stdout: { isTTY, write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env,
    directory,
    now: new Date(`${now}T12:00:00Z`),
  });
  return { code, stdout, stderr };
}

const sound = () => [v1("auth"), v1("backend")];
const broken = () => {
  const [auth, backend] = [v1("auth"), v1("backend")];
  const env = backend.spec.template.spec.containers[0]?.env ?? [];
  env[1] = {
    name: "JWT_SECRET_KEY",
    valueFrom: { secretKeyRef: { name: "jwt-secret-key-staging", key: "1" } },
  };
  return [auth, backend];
};

describe("exit codes", () => {
  test("0 when everything holds", async () => {
    const { code, stdout, stderr } = await run(["check", put("a.json", sound())]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("staging: pass");
  });
  test("1 for a violation, whatever else", async () => {
    expect((await run(["check", put("a.json", broken()), "missing.json"])).code).toBe(1);
  });
  test("2 when something cannot be told", async () => {
    expect((await run(["check", put("a.json", [v1("auth")])])).code).toBe(2);
    expect((await run(["check", put("b.json", sound()), "missing.json"])).code).toBe(2);
    expect((await run(["check", put("c.json", [])])).code).toBe(2);
  });
});

describe("usage", () => {
  test.each([
    [["check", "--formt", "json"], "unknown option"],
    [["check", "--format", "xml"], "--format takes one of text, json"],
    [["check", "--service", "auth"], "--service takes ROLE=NAME"],
    [["check", "--service", "frontend=x"], "--service takes ROLE=NAME"],
    [["check", "--service", "auth=a", "--service", "backend=a"], "gives a both roles"],
    [["check", "--reads", "auth="], "--reads takes ROLE=VAR,VAR"],
    [["check", "--reads", "auth=,"], "--reads takes ROLE=VAR,VAR"],
    [["check", "--reads", "auth=A B"], "--reads takes ROLE=VAR,VAR"],
    [["check", "--service", "auth=a b"], "--service takes ROLE=NAME"],
    [["check", "--project", "a=1", "--project", "a=2"], "--project matches a or 1 with two"],
    [["check", "--project", "a=1", "--project", "b=1"], "--project matches a or 1 with two"],
    [["check", ""], "a FILE is empty"],
    [["check", "-", "--waivers", "-"], "--waivers takes a file, not standard input"],
    [["check", "--project", "A B"], "--project takes ID or ID=NUMBER"],
    [["check", "--project", "a=b"], "--project takes ID or ID=NUMBER"],
    [["check", "--project", "a", "--project", "b"], "given twice"],
    [["check", "-", "-"], "named twice"],
    [["chek"], "there is no command chek"],
    [[], "Usage:"],
  ])("%j: exit 2, one word on standard error", async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.toLowerCase()).toContain(message.toLowerCase());
  });
  test.each([
    ["--help"],
    ["check", "--help"],
    ["check", "a.json", "-h"],
    ["explain", "--help"],
    ["--version"],
  ])("%s %s is an answer", async (...args) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).not.toBe("");
  });
  test("-h behind -- is a file, and behind an option its value: no help that looks like a pass", async () => {
    const file = put("a.json", sound());
    expect((await run(["check", file, "--", "-h"])).stderr).toContain("-h: does not exist");
    for (const option of ["--environment", "--output", "--waivers", "--format"]) {
      expect(await run(["check", file, option, "-h"])).toMatchObject({ code: 2, stdout: "" });
    }
  });
});

describe("a report is not written over what it is about", () => {
  const refused = (name: string) => ({
    code: 2,
    stdout: "",
    stderr: `jwt-secret check: --output ${name} is a file that is read: name another (jwt-secret check --help)\n`,
  });
  test("a document, by whatever path", async () => {
    const file = put("a.json", sound());
    symlinkSync(file, join(directory, "link.json"));
    for (const output of [file, "./a.json", "link.json"]) {
      expect(await run(["check", file, "--output", output])).toEqual(refused(output));
    }
    expect(readFileSync(join(directory, file), "utf8")).toBe(JSON.stringify(sound()));
  });
  test("the waivers, the settings, and the configurations that are evaluated", async () => {
    const file = put("a.json", sound());
    put("w.yaml", "[]");
    put("jwt-secret.policy.yaml", "severity: {}");
    put("Pulumi.staging.yaml", "config: {}");
    expect(await run(["check", file, "--waivers", "w.yaml", "--output", "w.yaml"])).toEqual(
      refused("w.yaml"),
    );
    expect(await run(["check", file, "--output", "jwt-secret.policy.yaml"])).toEqual(
      refused("jwt-secret.policy.yaml"),
    );
    expect(await run(["check", "--output", "Pulumi.staging.yaml"])).toEqual(refused("Pulumi.staging.yaml"));
  });
  test("any other file is, also one that is there", async () => {
    const file = put("a.json", sound());
    put("old.txt", "before");
    expect((await run(["check", file, "--output", "old.txt"])).code).toBe(0);
    expect(readFileSync(join(directory, "old.txt"), "utf8")).toContain("pass");
    expect((await run(["check", file, "--output", "-"])).stdout).toContain("pass");
  });
});

describe("options", () => {
  test("--service, --reads, --project and --environment reach the facts", async () => {
    const [auth, backend] = [v1("identity"), v1("gateway")].map((one) => ({
      ...one,
      metadata: { name: one.metadata.name },
    }));
    const files = [put("a.json", auth), put("b.json", backend)];
    expect((await run(["check", ...files])).code).toBe(2);
    const options = [
      "--service",
      "auth=identity",
      "--service",
      "backend=gateway",
      "--project",
      "netra-staging",
    ];
    expect((await run(["check", ...files, ...options])).code).toBe(0);
    expect((await run(["check", ...files, ...options, "--environment", "production"])).code).toBe(1);
    const { stdout } = await run([
      "check",
      ...files,
      ...options,
      "--reads",
      "auth=ENVIRONMENT",
      "--format",
      "json",
    ]);
    expect(stdout).toContain('"name": "ENVIRONMENT"');
  });
  test("--project ID=NUMBER matches the two", async () => {
    const auth = v1("auth");
    auth.metadata.namespace = "netra-staging";
    const file = put("a.json", [auth, v1("backend")]);
    expect((await run(["check", file])).code).toBe(2);
    expect((await run(["check", file, "--project", "netra-staging=123456789012"])).code).toBe(0);
  });
  test("--output writes there and says nothing", async () => {
    const { code, stdout } = await run([
      "check",
      put("a.json", sound()),
      "--format",
      "json",
      "--output",
      "out.json",
    ]);
    expect([code, stdout]).toEqual([0, ""]);
    expect(JSON.parse(readFileSync(join(directory, "out.json"), "utf8"))).toMatchObject({ verdict: "pass" });
  });
  test("--output that cannot be written is an error, not a verdict", async () => {
    const { code, stderr } = await run(["check", put("a.json", sound()), "--output", "no/such/folder"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^jwt-secret check: no\/such\/folder: .*\n$/u);
  });
  test.each(["json", "sarif", "junit", "github", "markdown"])(
    "--format %s prints something even for an unreadable file",
    async (format) => {
      const { code, stdout } = await run(["check", "missing.json", "--format", format]);
      expect(code).toBe(2);
      expect(stdout).not.toBe("");
    },
  );
  test("colour only on a terminal, and not where NO_COLOR is set", async () => {
    const file = put("a.json", sound());
    const sequence = "\u001b[";
    expect((await run(["check", file])).stdout).not.toContain(sequence);
    expect((await run(["check", file], { isTTY: true })).stdout).toContain(sequence);
    expect((await run(["check", file], { isTTY: true, env: { NO_COLOR: "1" } })).stdout).not.toContain(
      sequence,
    );
    expect((await run(["check", file], { isTTY: true, env: { TERM: "dumb" } })).stdout).not.toContain(
      sequence,
    );
  });
});

describe("the files beside the documents", () => {
  const unpinned = () => {
    const list = sound();
    for (const { spec } of list) {
      const env = spec.template.spec.containers[0]?.env ?? [];
      env[1] = {
        name: "JWT_SECRET_KEY",
        valueFrom: { secretKeyRef: { name: "jwt-secret-staging", key: "latest" } },
      };
    }
    return list;
  };
  const waiver = {
    rule: "pinned-jwt-secret-version",
    target: "staging",
    reason: "until the rotation",
    expires: "2026-06-01",
  };

  test("a waiver covers a finding until its last day", async () => {
    const args = ["check", put("a.json", unpinned()), "--waivers", put("w.yaml", [waiver])];
    expect((await run(args)).code).toBe(0);
    expect((await run(args, { now: "2026-06-01" })).code).toBe(0);
    expect((await run(args, { now: "2026-06-02" })).code).toBe(1);
    expect((await run(args.slice(0, 2))).code).toBe(1);
  });
  test("a waivers file that is not one is an error", async () => {
    const file = put("a.json", unpinned());
    const { code, stdout, stderr } = await run([
      "check",
      file,
      "--waivers",
      put("w.yaml", [{ ...waiver, reason: "" }]),
    ]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("w.yaml:1: [0].reason: says nothing: write why the finding is accepted");
    expect((await run(["check", file, "--waivers", "missing.yaml"])).stderr).toContain(
      "missing.yaml: does not exist",
    );
  });
  test("the policy file makes a rule advisory", async () => {
    const file = put("a.json", unpinned());
    put("jwt-secret.policy.yaml", "severity:\n  pinned-jwt-secret-version: advisory\n");
    expect((await run(["check", file])).code).toBe(0);
  });
  test("a policy file with a rule that is none, or that cannot be weakened, is an error", async () => {
    const file = put("a.json", sound());
    for (const text of [
      "severity: { pined: advisory }",
      "severity: { same-jwt-secret: advisory }",
      "rules: {}",
    ]) {
      put("jwt-secret.policy.yaml", text);
      const { code, stderr } = await run(["check", file]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^jwt-secret check: jwt-secret\.policy\.yaml:\d+: .*\n$/u);
    }
  });
});

describe("bad input is one line on standard error and nothing on standard output", () => {
  const one = async (name: string, text: RegExp) => {
    const { code, stdout, stderr } = await run(["check", name]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(text);
    expect(stderr.split("\n")).toHaveLength(2);
  };
  test("a missing file", () => one("nope.json", /^jwt-secret check: nope\.json: does not exist/u));
  test("a directory", async () => {
    mkdirSync(join(directory, "folder"));
    await one("folder", /folder: is a directory/u);
  });
  test("a link to itself", async () => {
    symlinkSync("loop", join(directory, "loop"));
    await one("loop", /loop: is a link that leads to itself/u);
  });
  test.skipIf(process.getuid?.() === 0)("a file that may not be read", async () => {
    chmodSync(join(directory, put("a.json", "{}")), 0);
    await one("a.json", /a\.json: may not be read/u);
  });
  test("a name that is a terminal sequence is spelled out", () =>
    one(put("\u001b[31m\n.json", ""), /\\u\{1b\}\[31m\\u\{a\}/u));
  test("a literal secret in a document that cannot be read stays unsaid", async () => {
    const { stderr } = await run(["check", put("a.json", '{"JWT_SECRET":"s3cr3t" oops}')]);
    expect(stderr).not.toContain("s3cr3t");
  });
  test("no file, in a folder that is no project", async () => {
    const { code, stderr } = await run(["check"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^jwt-secret check: no FILE is given and no Pulumi/u);
  });
});

describe("standard input", () => {
  test("is read in pieces", async () => {
    const text = JSON.stringify(sound());
    expect(
      (await run(["check", "-"], { stdin: [text.slice(0, 100), Buffer.from(text.slice(100))] })).code,
    ).toBe(0);
  });
  test("that is empty or binary is refused", async () => {
    expect((await run(["check", "-"])).stderr).toBe("jwt-secret check: standard input:1: is empty\n");
    expect((await run(["check", "-"], { stdin: [Uint8Array.of(1, 0)] })).stderr).toContain("is binary");
  });
});

describe("as a program", () => {
  const watcher = `data:text/javascript,import{registerHooks}from"node:module";registerHooks({resolve(s,c,n){const r=n(s,c);if(r.url.includes("/@pulumi/"))process.stderr.write("LOADED ");return r}})`;
  const program = join(import.meta.dirname, "..", "..", "cli.ts");
  const execute = (cwd: string, ...args: string[]) =>
    new Promise<{ code: number | null; stderr: string }>((done) => {
      const child = execFile(
        process.execPath,
        ["--import", watcher, program, ...args],
        { cwd },
        (_, __, stderr) => done({ code: child.exitCode, stderr }),
      );
    });

  test("a file is checked without the Pulumi SDK, whatever kind it is", async () => {
    const { code, stderr } = await execute(directory, "check", put("a.json", sound()));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
  test("the project's own environments are evaluated with it", async () => {
    const { code, stderr } = await execute(join(import.meta.dirname, "..", "..", ".."), "check");
    expect(code).toBe(0);
    expect(stderr).toContain("LOADED");
  });
});
