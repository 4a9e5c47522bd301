/** Holds the project to the house of docs/design.md; each check is also shown a made-up file that breaks it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { root } from "../../tools/generated.ts";
import { undocumented } from "./house/docstrings.ts";
import { forbiddenImports, loadedPackages, rooms, undeclaredPackages } from "./house/imports.ts";
import { filesOf, isTestCode, type Source } from "./house/source.ts";
import { lineCount, looseTypes, machinePaths, registryHosts } from "./house/text.ts";

const files = filesOf(root);
const code = files.filter(({ path }) => path.endsWith(".ts"));
const Names = z.record(z.string(), z.string()).transform((names) => Object.keys(names));
const manifest = z
  .object({ dependencies: Names.default([]), devDependencies: Names })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
const declared = manifest.devDependencies;

const file = (path: string, ...lines: string[]): Source => ({ path, text: `${lines.join("\n")}\n` });
const importing = (path: string, specifier: string) => file(path, `import { x } from "${specifier}";`);

/** Files longer than `longest` lines, each with the reason why it is not two. */
const long: Record<string, string> = {
  "sandbox/providers/provider.ts": "one class: a method per call of the engine, over the same private state",
};
const longest = 250;
/** A file of tests is read in pieces, so it may be longer. */
const longestTest = 600;

test("the checks see the project", () => {
  for (const room of ["src/policy", "src/documents", "src/reports", "src/environment", "sandbox", "tools"]) {
    expect(code.some(({ path }) => path.startsWith(`${room}/`), room)).toBe(true);
  }
  expect(files.map(({ path }) => path)).toContain("package.json");
  expect(files.filter(({ path }) => path.includes("node_modules/"))).toEqual([]);
});

describe("who may import whom", () => {
  test("every import is allowed", () => {
    expect(code.flatMap(forbiddenImports)).toEqual([]);
  });

  test("no room may know the commands, and none but tools the sandbox", () => {
    for (const [name, { ours }] of Object.entries(rooms)) {
      if (name !== "src/cli.ts") expect(ours, name).not.toContain("src/commands");
      if (name !== "tools") expect(ours, name).not.toContain("sandbox");
    }
  });

  const allowed: [string, string][] = [
    ["src/policy/rule.ts", "zod"],
    ["src/policy/rules/one.ts", "../facts.ts"],
    ["src/documents/read.ts", "../policy/facts.ts"],
    ["src/documents/read.ts", "yaml"],
    ["src/infrastructure/secret.ts", "../environment/environment.ts"],
    ["src/infrastructure/secret.ts", "@pulumi/gcp/secretmanager/secret.js"],
    ["src/cli.ts", "./commands/check.ts"],
    ["src/smoke/run.ts", "../tokens/sign.ts"],
    ["index.ts", "./src/infrastructure/environment.ts"],
    ["index.ts", "./src/guard/guard.ts"],
    ["src/guard/facts.ts", "../documents/pulumi/facts.ts"],
    ["sandbox/verdict.ts", "../src/documents/read.ts"],
    ["policy-pack/judge.ts", "../src/documents/read.ts"],
    ["policy-pack/pack.ts", "@pulumi/policy"],
    ["src/policy/rule.test.ts", "vitest"],
  ];
  test.each(allowed)("%s may import %s", (path, specifier) => {
    expect(forbiddenImports(importing(path, specifier))).toEqual([]);
  });

  const forbidden: [string, string][] = [
    ["src/policy/rule.ts", "@pulumi/pulumi"],
    ["src/policy/rule.ts", "yaml"],
    ["src/policy/rule.ts", "node:fs"],
    ["src/policy/rule.ts", "../documents/read.ts"],
    ["src/documents/read.ts", "../reports/text.ts"],
    ["src/documents/read.ts", "@pulumi/pulumi"],
    ["src/documents/read.ts", "../policy/testing.test.ts"],
    ["src/reports/text.ts", "../documents/read.ts"],
    ["src/environment/read.ts", "../infrastructure/secret.ts"],
    ["src/environment/read.ts", "@pulumi/pulumi"],
    ["src/infrastructure/secret.ts", "../policy/facts.ts"],
    ["src/infrastructure/secret.ts", "zod"],
    ["src/infrastructure/secret.ts", "../guard/guard.ts"],
    ["src/guard/facts.ts", "../check.ts"],
    ["src/reports/text.ts", "../commands/check.ts"],
    ["src/commands/check.ts", "../../sandbox/home.ts"],
    ["index.ts", "./sandbox/home.ts"],
    ["policy-pack/judge.ts", "../src/infrastructure/secret.ts"],
    ["policy-pack/judge.ts", "@pulumi/pulumi"],
    ["src/documents/read.ts", "../../policy-pack/judge.ts"],
    ["sandbox/verdict.ts", "../src/commands/check.ts"],
    ["tools/docs.ts", "../src/commands/check.ts"],
    ["src/commands/check.ts", "fs"],
    ["src/tokens/sign.ts", "../google/credentials.ts"],
    ["src/smoke/run.ts", "../google/credentials.ts"],
    ["src/stacks/sandbox.ts", "../../sandbox/home.ts"],
    ["src/google/credentials.ts", "jose"],
    ["src/attic/box.ts", "zod"],
  ];
  test.each(forbidden)("%s may not import %s", (path, specifier) => {
    expect(forbiddenImports(importing(path, specifier))).toHaveLength(1);
  });

  test("an import is seen in whatever way it is written", () => {
    const ways = [
      'import "@pulumi/pulumi";',
      'import type { Output } from "@pulumi/pulumi";',
      'export * from "@pulumi/pulumi";',
      'export const load = () => import("@pulumi/pulumi");',
      'export type Output = import("@pulumi/pulumi").Output<string>;',
    ];
    for (const way of ways) expect(forbiddenImports(file("src/policy/rule.ts", way)), way).toHaveLength(1);
  });
});

describe("packages", () => {
  test("every package that is imported is declared", () => {
    expect(code.flatMap((source) => undeclaredPackages(source, declared))).toEqual([]);
  });

  test("what ships is bundled, so whoever installs it installs nothing else", () => {
    expect(manifest.dependencies).toEqual([]);
  });

  test("an undeclared package is found, and a tool in what ships is forbidden", () => {
    expect(undeclaredPackages(importing("test/unit/x.test.ts", "left-pad"), declared)).toHaveLength(1);
    expect(undeclaredPackages(importing("tools/x.ts", "vitest/node"), declared)).toEqual([]);
    expect(forbiddenImports(importing("src/cli.ts", "vitest"))).toHaveLength(1);
  });

  test("loading the command line, or the check, loads no Pulumi and nothing that the operators' commands need", () => {
    const loaded = loadedPackages("src/cli.ts", code);
    const check = loadedPackages("src/commands/check/check.ts", code);
    for (const [name] of [...loaded, ...check])
      expect(name).not.toMatch(/^@pulumi\/|^(?:jose|ws|google-auth-library)$/u);
    expect(loadedPackages("src/commands/operators.ts", code).has("jose")).toBe(true);
    expect(loaded.has("zod")).toBe(true);
  });

  test("a package is found behind other files, not behind import()", () => {
    const chain = [importing("src/cli.ts", "./a.ts"), importing("src/a.ts", "@pulumi/gcp/x.js")];
    expect([...loadedPackages("src/cli.ts", chain)]).toEqual([["@pulumi/gcp", "src/a.ts"]]);
    const lazy = [file("src/cli.ts", 'await import("./a.ts");'), importing("src/a.ts", "@pulumi/gcp")];
    expect([...loadedPackages("src/cli.ts", lazy)]).toEqual([]);
  });
});

describe("docstrings", () => {
  test("nothing public is without one", () => {
    expect(code.flatMap(undocumented)).toEqual([]);
  });

  test("a file without its own is found, wherever it is", () => {
    expect(undocumented(file("sandbox/x.ts", "const x = 1;"))).toHaveLength(1);
    const imported = 'import { y } from "./y.ts";';
    expect(undocumented(file("sandbox/x.ts", imported, "const x = 1; /** Late. */"))).toHaveLength(1);
    expect(undocumented(file("sandbox/x.ts", "/** One idea. */", imported, "const x = 1;"))).toEqual([]);
    expect(undocumented(file("sandbox/x.ts", imported, "", "/** One idea. */", "", "const x = 1;"))).toEqual(
      [],
    );
  });

  test("of two exported values each needs one", () => {
    const two = ["/** A file. */", "", "export function a() {}", "/** B. */", "export const b = 1;"];
    expect(undocumented(file("src/reports/x.ts", ...two))).toEqual([
      "src/reports/x.ts exports a without a docstring",
    ]);
  });

  test("a schema and the type inferred from it share one", () => {
    const lines = ["/** A file. */", "", "/** A part. */", "export const Part = z.string();"];
    const type = "export type Part = z.infer<typeof Part>;";
    expect(undocumented(file("src/policy/x.ts", ...lines, type, "/** Y. */", "export const y = 1;"))).toEqual(
      [],
    );
  });

  test("the arguments of a component need one each", () => {
    const args = [
      "/** A file. */",
      "",
      "/** Arguments. */",
      "export interface Args {",
      "  port: number;",
      "}",
    ];
    expect(undocumented(file("src/infrastructure/x.ts", ...args))).toEqual([
      "src/infrastructure/x.ts exports Args.port without a docstring",
    ]);
  });
});

describe("types", () => {
  test("none is loosened", () => {
    expect(code.flatMap(looseTypes)).toEqual([]);
  });

  const loose = [
    "const x: any = 1;",
    "const x = y!;",
    "const x = y!.z;",
    "class A { b!: string }",
    "const x = y as unknown as string;",
    "// @ts-ignore",
    "/* @ts-nocheck */",
  ];
  test.each(loose)("%s is found", (line) => {
    expect(looseTypes(file("src/x.ts", line))).toHaveLength(1);
  });

  test("what looks like it and is not, is not", () => {
    expect(looseTypes(file("src/x.ts", "const x = !y && a != b; // any!", 'const s = "as any";'))).toEqual(
      [],
    );
  });
});

describe("text", () => {
  test("no absolute path of somebody's machine is mentioned", () => {
    expect(files.flatMap(machinePaths)).toEqual([]);
  });

  test.each(["home", "Users", "root", "work"])("a path below /%s is found", (folder) => {
    expect(machinePaths(file("README.md", `see /${folder}/ann/notes`))).toHaveLength(1);
    expect(machinePaths(file("README.md", `see \`https://example.com/${folder}/ann\``))).toEqual([]);
  });

  test("the lock file names no registry", () => {
    expect(files.filter(({ path }) => path === "package-lock.json").flatMap(registryHosts)).toEqual([]);
    const resolved = `"resolved": "https://${"registry"}.example.com/zod.tgz"`;
    expect(registryHosts(file("package-lock.json", resolved))).toHaveLength(1);
  });

  test(`no file of code is longer than ${longest} lines without a reason`, () => {
    const limitOf = (path: string) => (isTestCode(path) ? longestTest : longest);
    const found = code.filter(({ path, text }) => lineCount(text) > limitOf(path)).map(({ path }) => path);
    expect(found.filter((path) => long[path] === undefined)).toEqual([]);
    expect(
      Object.keys(long).filter((path) => !found.includes(path)),
      "no longer long",
    ).toEqual([]);
    expect(lineCount("a\nb\n")).toBe(2);
    expect(lineCount("a\nb")).toBe(2);
  });
});
