/** The command on files: what it writes, and what it leaves alone. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { main } from "../../cli.ts";
import { Failure } from "../command.ts";
import { readStackFile, replaceStackFile } from "./stack-file.ts";
import { type Changes, deployedState } from "./testing/deployed.ts";

const name = "Pulumi.staging.yaml";
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "jwt-secret-rotate-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Writes the stack's file. */
function configure(...secret: string[]): string {
  const lines = [
    "config:",
    "  gcp:project: shop-staging # ours",
    '  jwt-secret:tokenLifetime: "3600"',
    "  jwt-secret:secret:",
    ...secret.map((line) => `    ${line}`),
    "  jwt-secret:services: { auth: { image: a }, backend: { image: b } }",
    "",
  ];
  writeFileSync(join(directory, name), lines.join("\n"));
  return lines.join("\n");
}
const content = () => readFileSync(join(directory, name), "utf8");

async function rotate(args: string[], state: unknown = deployedState(), now = "2026-03-01T14:00:00Z") {
  let [stdout, stderr] = ["", ""];
  const code = await main(["rotate", ...args, "--stack", "staging"], {
    stdin: Readable.from([typeof state === "string" ? state : JSON.stringify(state)]),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: { PATH: directory },
    directory,
    now: new Date(now),
  });
  return { code, stdout, stderr };
}
const piped = ["--state", "-"];
const before: Changes = { auth: { current: "1" } };

test("a whole rotation: start, back, back again, finish", async () => {
  const first = configure("source: generated", "current: 1");
  expect(await rotate(["start", ...piped], deployedState(before))).toMatchObject({ code: 0, stderr: "" });
  const started = first.replace("current: 1", "current: 2\n    previous: 1");
  expect(content()).toBe(started);
  expect(await rotate(["back"])).toMatchObject({ code: 0, stderr: "" });
  expect(content()).toBe(first.replace("current: 1", "current: 1\n    previous: 2"));
  expect(await rotate(["back"])).toMatchObject({ code: 0 });
  expect(content()).toBe(started);
  expect(await rotate(["finish", ...piped])).toMatchObject({ code: 0, stderr: "" });
  expect(content()).toBe(first.replace("current: 1", "current: 2"));
});

test("too early is refused with 1 and one line, and nothing is written", async () => {
  const started = configure("source: generated", "current: 2", "previous: 1");
  const { code, stdout, stderr } = await rotate(
    ["finish", ...piped],
    deployedState(),
    "2026-03-01T12:30:00Z",
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^jwt-secret rotate: too early: [^\n]+\n$/);
  expect(content()).toBe(started);
});

test("a dry run says the same and writes nothing", async () => {
  const first = configure("source: generated", "current: 1");
  const dry = await rotate(["start", "--dry-run", ...piped], deployedState(before));
  expect(content()).toBe(first);
  const real = await rotate(["start", ...piped], deployedState(before));
  expect(dry.stdout.replace("would be changed (dry run)", "changed")).toBe(real.stdout);
});

describe("what the source asks of the user", () => {
  const start = async (...secret: string[]) => {
    configure(...secret);
    const to = secret.includes("source: existing") ? ["--to", "2"] : [];
    return (await rotate(["start", ...piped, ...to], deployedState(before))).stdout;
  };

  test("generated: nothing but to deploy", async () => {
    expect(await start("source: generated")).toMatch(/^1\. Deploy:$/m);
  });

  test("supplied: the new key is set first, with the command that sets it", async () => {
    expect(await start("source: supplied")).toContain(
      `openssl rand -base64 64 | tr -d '\\n' | pulumi config set --secret --path 'jwt-secret:values["2"]' --stack staging`,
    );
  });

  test("existing: the version is made elsewhere, and switched off there at the end", async () => {
    expect(await start("source: existing", "name: jwt-secret-staging", "current: 1")).toContain(
      "gcloud secrets versions add jwt-secret-staging --data-file=- --project shop-staging",
    );
    const end = await rotate(["finish", ...piped]);
    expect(end.stdout).toContain(
      "gcloud secrets versions disable 1 --secret jwt-secret-staging --project shop-staging",
    );
  });
});

test("an emergency asks no state, and says what it costs before it says what to do", async () => {
  configure("source: generated", "current: 2", "previous: 1");
  const { code, stdout } = await rotate(["emergency"], "");
  expect(code).toBe(0);
  expect(stdout).toMatch(/What it costs:\n- Every token signed so far is refused [\s\S]*1\. Deploy now:/);
  expect(content()).toContain("current: 3\n  jwt-secret:services");
});

const wrong: [string, string[], unknown, RegExp][] = [
  ["a state that is no JSON", ["finish", ...piped], "resources:", /standard input is not JSON/],
  ["a state file that is not there", ["finish", "--state", "s.json"], "", /s\.json: does not exist/],
  ["no pulumi to ask", ["finish"], "", /pulumi is not on PATH: install it, or give it with --state FILE/],
  ["a step that is none", ["begin"], "", /there is no step begin; there is status, start, back, finish/],
  ["two steps", ["start", "finish"], "", /one step at a time/],
  ["an option of another step", ["finish", "--to", "3", ...piped], "", /--to means nothing to finish/],
  ["two states", ["start", "--sandbox", ...piped], "", /takes --sandbox or --state, not both/],
  ["an option that is none", ["start", "--force"], "", /unknown option/i],
  ["a generation that is no number", ["start", "--to", "next"], "", /--to takes a number from 1/],
];
test.each(wrong)("%s: one line, exit code 2, nothing written", async (_, args, state, message) => {
  const started = configure("source: generated", "current: 2", "previous: 1");
  const { code, stdout, stderr } = await rotate(args, state);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd()).not.toContain("\n");
  expect(content()).toBe(started);
});

const unreadable: [string, string | undefined, RegExp][] = [
  ["is missing", undefined, /Pulumi\.staging\.yaml: does not exist/],
  ["is no YAML", "config: [", /^jwt-secret rotate: Pulumi\.staging\.yaml: /],
  ["has no configuration", "encryptionsalt: v1\n", /has no config/],
  ["has no secret", "config:\n  jwt-secret:services: {}\n", /jwt-secret:secret is missing/],
];
test.each(unreadable)("a stack's file that %s", async (_, text, message) => {
  if (text !== undefined) writeFileSync(join(directory, name), text);
  const { code, stderr } = await rotate(["back"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});

test("the sandbox's stack is read from its own files, and deployed with npm start", async () => {
  const first = configure("source: generated", "current: 1");
  const missing = await rotate(["start", "--sandbox"]);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toMatch(/staging is not deployed in the sandbox: deploy it with npm start\n$/);
  const folder = join(directory, ".sandbox", "state", ".pulumi", "stacks", "jwt-secret");
  mkdirSync(folder, { recursive: true });
  const { deployment: latest } = deployedState(before);
  const checkpoint = { version: 3, checkpoint: { stack: "organization/jwt-secret/staging", latest } };
  writeFileSync(join(folder, "staging.json"), JSON.stringify(checkpoint));
  const { code, stdout } = await rotate(["start", "--sandbox"]);
  expect(code).toBe(0);
  expect(content()).not.toBe(first);
  expect(stdout).toMatch(/^ {5}npm start$/m);
  expect(stdout).toMatch(/^ {5}npm run rotate -- finish --stack staging --sandbox$/m);
  expect(stdout).not.toContain("npm run up");
});

test("pulumi is asked for the state of the stack, and its refusal is passed on in one line", async () => {
  configure("source: generated", "current: 1");
  const pulumi = join(directory, "pulumi");
  writeFileSync(
    pulumi,
    `#!/bin/sh\n[ "$*" = "stack export --non-interactive --stack staging" ] && echo '${JSON.stringify(deployedState(before))}'\n`,
  );
  chmodSync(pulumi, 0o755);
  expect(await rotate(["status"])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("generation 1 is in use"),
  });
  writeFileSync(
    pulumi,
    "#!/bin/sh\necho 'warning: x' >&2\necho 'error: no stack named staging' >&2\nexit 255\n",
  );
  const { code, stderr } = await rotate(["status"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^jwt-secret rotate: pulumi stack export gave no state \(no stack named staging\): [^\n]*\n$/,
  );
});

describe("the file is replaced in one step", () => {
  test("with its mode, through a link, and without anything left beside it", () => {
    configure("source: generated", "current: 1");
    chmodSync(join(directory, name), 0o640);
    const umask = process.umask(0o077);
    onTestFinished(() => void process.umask(umask));
    symlinkSync(name, join(directory, "Pulumi.linked.yaml"));
    replaceStackFile(readStackFile(directory, "linked"), "config: {}\n");
    expect(content()).toBe("config: {}\n");
    expect(statSync(join(directory, name)).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(directory, "Pulumi.linked.yaml")).isSymbolicLink()).toBe(true);
    expect(readdirSync(directory).sort()).toEqual(["Pulumi.linked.yaml", name]);
  });

  test("and not at all when somebody else changed it meanwhile", () => {
    configure("source: generated", "current: 1");
    const file = readStackFile(directory, "staging");
    const theirs = configure("source: generated", "current: 4");
    expect(() => replaceStackFile(file, "config: {}\n")).toThrow(Failure);
    expect(content()).toBe(theirs);
    expect(readdirSync(directory)).toEqual([name]);
  });
});
