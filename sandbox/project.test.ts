import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { copyProject, environmentsOf, sandboxProject } from "./project.ts";

let source: string;
let target: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "project-"));
  source = join(folder, "source");
  target = join(folder, "target");
  mkdirSync(source);
  writeFileSync(join(source, "Pulumi.yaml"), "name: jwt-secret\n");
  writeFileSync(
    join(source, "Pulumi.staging.yaml"),
    "config:\n  gcp:project: your-project-staging\n  a:b: 1\n",
  );
});
afterEach(() => rmSync(join(source, ".."), { recursive: true }));

test("the copy has the sandbox's project, and the committed file keeps its own", () => {
  expect(copyProject(target, "staging", source).config).toEqual({
    "gcp:project": "sandbox-staging",
    "a:b": 1,
  });
  expect(parse(readFileSync(join(target, "Pulumi.staging.yaml"), "utf8"))).toEqual({
    config: { "gcp:project": "sandbox-staging", "a:b": 1 },
  });
  expect(readFileSync(join(source, "Pulumi.staging.yaml"), "utf8")).toContain("your-project-staging");
});

test("the salt that the engine wrote into the copy outlives a new copy", () => {
  copyProject(target, "staging", source);
  const copy = join(target, "Pulumi.staging.yaml");
  writeFileSync(copy, `encryptionsalt: v1:abc\n${readFileSync(copy, "utf8")}`);
  writeFileSync(join(source, "Pulumi.staging.yaml"), "config:\n  a:b: 2\n");
  copyProject(target, "staging", source);
  expect(parse(readFileSync(copy, "utf8"))).toMatchObject({ encryptionsalt: "v1:abc", config: { "a:b": 2 } });
});

test("an environment without a file is refused, naming those that have one", () => {
  expect(() => copyProject(target, "prod", source)).toThrow(
    /Pulumi\.prod\.yaml does not exist. Choose one of: staging/,
  );
});

test("a file that is not YAML is refused in one line that names it", () => {
  writeFileSync(join(source, "Pulumi.staging.yaml"), "config: [\n");
  expect(() => copyProject(target, "staging", source)).toThrow(
    /Pulumi\.staging\.yaml cannot be read: [^\n]*$/,
  );
});

test("the environments are those with a file", () => {
  writeFileSync(join(source, "Pulumi.production.yaml"), "config: {}\n");
  expect(environmentsOf(source)).toEqual(["production", "staging"]);
});

test("a long environment name still gives a valid project ID", () => {
  expect(sandboxProject("a".repeat(40))).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
});

test("a key encrypted for the team is not taken over: the sandbox needs a stand-in, once", () => {
  const supplied = "config:\n  jwt-secret:values:\n    '1':\n      secure: v1:theirs\n";
  writeFileSync(join(source, "Pulumi.staging.yaml"), supplied);
  expect(copyProject(target, "staging", source)).toMatchObject({
    config: { "jwt-secret:values": {} },
    missing: ["1"],
  });
  writeFileSync(join(target, "Pulumi.staging.yaml"), supplied.replace("theirs", "ours"));
  expect(copyProject(target, "staging", source)).toMatchObject({
    config: { "jwt-secret:values": { "1": { secure: "v1:ours" } } },
    missing: [],
  });
});
