/** `jwt-secret rotate` as a program, the way its users call it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Changes, deployedState } from "../../src/commands/rotate/testing/deployed.ts";
import { folder } from "./command.ts";

const here = folder();
const name = "Pulumi.staging.yaml";
const configuration = (secret: string) =>
  `# ours\nconfig:\n  gcp:project: shop-staging\n  jwt-secret:tokenLifetime: 3600\n  jwt-secret:secret: # the key\n${secret}  jwt-secret:services: { auth: { image: a }, backend: { image: b } }\n`;
const content = () => readFileSync(join(here.path, name), "utf8");

/** Runs a step with a file and a deployed state. */
async function rotate(args: readonly string[], secret: string, changes: Changes = {}) {
  here.put(name, configuration(secret));
  here.put("state.json", deployedState(changes));
  return await here.run(["rotate", ...args, "--stack", "staging"]);
}
const withState = ["--state", "state.json"];
const one = "    source: generated # by Pulumi\n    current: 1\n";
const both = "    source: generated # by Pulumi\n    current: 2\n    previous: 1\n";

test("a start changes two numbers in the file and says what comes next", async () => {
  const { code, stdout, stderr } = await rotate(["start", ...withState], one, { auth: { current: "1" } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(content()).toBe(configuration(both));
  expect(stdout).toMatch(
    /^Pulumi\.staging\.yaml changed: current 1, no previous -> current 2, previous 1\n\n1\. Deploy:\n {5}npm run up -- staging\n[\s\S]*1 h 7 min after that update[\s\S]*npm run rotate -- finish --stack staging\n/,
  );
});

test("a finish after the wait lets the previous generation go", async () => {
  expect(await rotate(["finish", ...withState], both)).toMatchObject({ code: 0, stderr: "" });
  expect(content()).toBe(configuration(one.replace("current: 1", "current: 2")));
});

test("a finish too early is refused with 1, in one line that says until when", async () => {
  const resource: Changes["resource"] = (auth) => {
    auth.more.modified = new Date(Date.now() - 60_000).toISOString();
  };
  const { code, stdout, stderr } = await rotate(["finish", ...withState], both, { resource });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^jwt-secret rotate: too early: [^\n]* run this again in 1 h \d min, [^\n]*\n$/);
  expect(content()).toBe(configuration(both));
});

test("a state on standard input is read, also as PowerShell writes it", async () => {
  here.put(name, configuration(both));
  const text = `\ufeff${JSON.stringify(deployedState())}`;
  const args = ["rotate", "status", "--stack", "staging", "--state", "-"];
  const { code, stdout } = await here.run(args, { stdin: Buffer.from(text, "utf16le") });
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("generation 1 is still accepted"),
  });
});

test("a name in a state cannot speak to the terminal", async () => {
  const stack = "prod\u001b[31m";
  const { code, stderr } = await rotate(["finish", ...withState], both, { stack });
  expect(code).toBe(2);
  expect(stderr).toContain("\\u{1b}[31m");
  expect(stderr).not.toContain("\u001b");
});

describe("exit code 2 and one line", () => {
  const cases: [string, string[], RegExp][] = [
    ["without a stack", ["rotate", "start"], /--stack names the environment and is required/],
    ["for a stack without a file", ["rotate", "--stack", "test"], /Pulumi\.test\.yaml: does not exist/],
    ["without Pulumi and without a state", ["rotate", "--stack", "staging"], /pulumi is not on PATH/],
    ["for a stack's name that is none", ["rotate", "--stack", "../x"], /--stack takes the name of a stack/],
  ];
  test.each(cases)("%s", async (_, args, message) => {
    here.put(name, configuration(one));
    const { code, stdout, stderr } = await here.run(args, { env: { PATH: here.path } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain("\n");
  });
});

test("--help says the steps, the options and the exit codes, and needs no project", async () => {
  const { code, stdout } = await here.run(["rotate", "--help"]);
  expect(code).toBe(0);
  for (const word of ["start", "back", "finish", "emergency", "--dry-run", "Exit codes: 0"]) {
    expect(stdout).toContain(word);
  }
  expect(existsSync(join(here.path, name))).toBe(false);
});
