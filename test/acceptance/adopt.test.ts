/** `jwt-secret adopt` as a program, the way its users call it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { folder } from "./command.ts";

const here = folder();
const example = (name: string) =>
  join(import.meta.dirname, "..", "..", "docs", "examples", "adopting", `${name}.json`);
const all = [example("auth"), example("backend"), example("versions")];
const options = ["--environment", "staging", "--project", "sandbox-staging"];

const written = [
  "Pulumi.staging.yaml",
  "overrides/staging.ts",
  "import.staging.json",
  "adoption.staging.txt",
];
const files = () =>
  readdirSync(here.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(here.path.length + 1))
    .sort();

describe("files", () => {
  test("by default the report is printed and nothing is written", async () => {
    const { code, stdout, stderr } = await here.run(["adopt", ...all, ...options]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Which secret stays");
    expect(stdout).toContain("Nothing was written: add --output .");
    expect(files()).toEqual([]);
  });

  test("with --output four are written, in a folder that is made", async () => {
    const { code, stdout } = await here.run(["adopt", ...all, ...options, "--output", "new"]);
    expect(code).toBe(0);
    expect(files()).toEqual(written.map((name) => join("new", name)).sort());
    expect(stdout).toContain(`Written: ${written.join(", ")}`);
    expect(stdout).toContain(readFileSync(join(here.path, "new", "adoption.staging.txt"), "utf8"));
  });

  test("what could not be adopted writes nothing, and says so in one line", async () => {
    const { code, stdout, stderr } = await here.run([
      "adopt",
      example("auth"),
      example("backend"),
      ...options,
      "--output",
      ".",
    ]);
    expect(code).toBe(2);
    expect(stdout).toContain("It cannot be adopted yet");
    expect(stderr).toMatch(
      /^jwt-secret adopt: staging cannot be adopted yet: one thing stands in the way .*\n$/,
    );
    expect(files()).toEqual([]);
  });

  test("a configuration of somebody's is not written over, and then none of the others is written", async () => {
    here.put("Pulumi.staging.yaml", "config:\n  gcp:project: mine\n");
    const args = ["adopt", ...all, ...options, "--output", "."];
    const { code, stderr } = await here.run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/Pulumi\.staging\.yaml: there already; nothing was written.*--force/);
    expect(files()).toEqual(["Pulumi.staging.yaml"]);
    expect((await here.run([...args, "--force"])).code).toBe(0);
    expect(files()).toEqual([...written].sort());
  });

  test("the committed placeholder is free, and what Pulumi and the provider keep in the file stays", async () => {
    const config = { "gcp:project": "your-project-staging", "gcp:impersonateServiceAccount": "a@b" };
    here.put("Pulumi.staging.yaml", { encryptionsalt: "v1:x", config });
    expect((await here.run(["adopt", ...all, ...options, "--output", "."])).code).toBe(0);
    expect(parse(readFileSync(join(here.path, "Pulumi.staging.yaml"), "utf8"))).toMatchObject({
      encryptionsalt: "v1:x",
      config: { "gcp:project": "sandbox-staging", "gcp:impersonateServiceAccount": "a@b" },
    });
  });

  test("a second run says the same and writes the same", async () => {
    const args = ["adopt", ...all, ...options, "--output", "."];
    const first = await here.run(args);
    expect(await here.run(args)).toEqual(first);
  });

  test("a file in the way of one leaves none", async () => {
    mkdirSync(join(here.path, "import.staging.json"));
    const { code, stderr } = await here.run(["adopt", ...all, ...options, "--output", "."]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("nothing was written")]);
    expect(files()).toEqual([]);
    writeFileSync(join(here.path, "overrides"), "");
    expect((await here.run(["adopt", ...all, ...options, "--output", "."])).code).toBe(2);
    expect(existsSync(join(here.path, "Pulumi.staging.yaml"))).toBe(false);
  });
});

describe("wrong usage is one line", () => {
  const cases: [string[], RegExp][] = [
    [[], /no FILE is given/],
    [["a.json"], /--environment names the environment/],
    [["a.json", "--environment", "Staging"], /--environment must be lower-case/],
    [["a.json", "--environment", "key"], /--environment would make a variable/],
    [
      ["a.json", "--environment", "staging", "--reads", "frontend=A"],
      /--reads takes ROLE=VAR,VAR with ROLE auth or backend/,
    ],
    [["a.json", "--environment", "staging", "--policy", "x"], /--policy takes SECRET=FILE/],
    [["a.json", "--environment", "staging", "--project", "a=b"], /--project takes ID or ID=NUMBER/],
    [["a.json", "--environment", "staging", "--colour"], /unknown option/i],
  ];
  test.each(cases)("%j", async (args, message) => {
    const { code, stdout, stderr } = await here.run(["adopt", ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("--help says what it takes", async () => {
    const { code, stdout } = await here.run(["adopt", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("--policy SECRET=FILE");
  });
});
