/** The generated blocks of the documentation: found, filled, compared, and current. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { readEnvironment } from "../src/environment/read.ts";
import { blocksOf, fill, normalise, outputBlocks } from "./blocks.ts";
import { argumentsOf, isTests, pages, tableOf, withTables } from "./docs.ts";
import { root } from "./generated.ts";

const page = [
  "# Title",
  "<!-- table: outputs -->",
  "<!-- end -->",
  "between",
  "<!-- output: npm start -->",
  "```console",
  "$ npm start",
  "  made",
  "",
  "  done",
  "```",
  "<!-- end -->",
  "",
].join("\n");

describe("blocks", () => {
  test("are found in order, with the text that the command printed", () => {
    expect(blocksOf(page)).toEqual([
      { kind: "table", name: "outputs", text: "" },
      { kind: "output", name: "npm start", text: "\n  made\n\n  done".slice(1) },
    ]);
    expect(outputBlocks(page)).toEqual([{ command: "npm start", text: "  made\n\n  done" }]);
  });

  test("are filled, and nothing around them changes", () => {
    const filled = fill(page, ["| a |", "  other"]);
    expect(blocksOf(filled).map(({ text }) => text)).toEqual(["| a |", "  other"]);
    expect(filled.split("\n").slice(0, 1)).toEqual(["# Title"]);
    expect(filled).toContain("\nbetween\n");
    expect(fill(filled, ["| a |", "  other"])).toBe(filled);
    expect(fill(page, [undefined, undefined])).toBe(page);
  });

  test("an output that holds a dollar sign stays as it is", () => {
    expect(blocksOf(fill(page, [undefined, "$& $1"]))[1]?.text).toBe("$& $1");
  });

  test("a table of an unknown name is refused", () => {
    expect(() => tableOf({ kind: "table", name: "prices", text: "" })).toThrow("no table prices");
  });
});

describe("normalised", () => {
  test("two runs that differ in time, order and engine are equal", () => {
    const one = "Pulumi 3.259.0 (build) goes\n  + Secret a  0.1 s\n  + Service b  12.3 s\n  2 created";
    const two = "Pulumi 3.260.1 (PATH) goes\n  + Service b  9 s\n  + Secret a  0.3 s\n  2 created";
    expect(normalise(one)).toBe(normalise(two));
  });

  test("two sandboxes that differ in what chance chose are equal", () => {
    const of = (number: string, suffix: string) =>
      `https://auth-${number}.us-central1.run.app  revision auth-00001-${suffix}`;
    expect(normalise(of("111111111111", "abc"))).toBe(normalise(of("222222222222", "x1z")));
    expect(normalise("revision auth-00001-abc")).not.toBe(normalise("revision auth-00002-abc"));
  });

  test("what was made, and how much, still counts", () => {
    expect(normalise("  + Secret a  0.1 s")).not.toBe(normalise("  ~ Secret a  0.1 s"));
    expect(normalise("2 created")).not.toBe(normalise("3 created"));
    expect(normalise("1 failed")).not.toBe(normalise("0 failed"));
  });

  test("the checkout and the sandbox have no place in it", () => {
    const places = { root: "/there/checkout/", sandbox: "/elsewhere/box" };
    expect(normalise("in /elsewhere/box/state and /there/checkout/docs", places)).toBe(
      "in .sandbox/state and docs",
    );
  });
});

describe("commands", () => {
  test("become what npm runs, in the scratch sandbox where it is one of the sandbox's", () => {
    expect(argumentsOf("npm start -- production", "box")).toEqual([
      ..."tools/run.mjs sandbox/cli.ts up production --sandbox box".split(" "),
    ]);
    expect(argumentsOf("npm run check -- a.json", "box")).toEqual([
      ..."tools/run.mjs src/cli.ts check a.json".split(" "),
    ]);
  });

  test("that npm does not know are refused", () => {
    expect(() => argumentsOf("npm run nothing", "box")).toThrow("npm run nothing");
    expect(() => argumentsOf("rm -rf x", "box")).toThrow();
  });
});

describe.each(pages)("%s", (path) => {
  const text = readFileSync(join(root, path), "utf8");

  test("its tables are current (npm run docs writes them)", () => {
    expect(withTables(text)).toBe(text);
  });

  test("every output it shows is that of a command there is, and not empty", () => {
    for (const { command, text: output } of outputBlocks(text)) {
      expect(() => argumentsOf(command, "box"), command).not.toThrow();
      if (!isTests(command)) expect(output, command).not.toBe("");
    }
  });
});

test.each([
  ["docs/configuration.md", "| `jwt-secret:accessors` |", "| `jwt-secret:acessors` |"],
  ["docs/configuration.md", "| `fingerprint` |", "| `fingerprnt` |"],
])("%s: a table without %s is noticed", (path, right, wrong) => {
  const text = readFileSync(join(root, path), "utf8");
  expect(text).toContain(right);
  expect(withTables(text.replace(right, wrong))).not.toBe(text.replace(right, wrong));
});

test("the configuration that README.md shows is a whole one", () => {
  const [, yaml = ""] =
    /```yaml\n(config:.*?)```/su.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
  const text = yaml.replace("PROJECT_ID", "netra-staging").replaceAll("IMAGE", "example.com/app:1");
  const { config } = z.object({ config: z.record(z.string(), z.unknown()) }).parse(parse(text));
  const values = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const environment = readEnvironment({ environment: "staging", values, secretKeys: new Set() });
  expect(environment).toMatchObject({ name: "staging", project: "netra-staging" });
  delete values["gcp:region"];
  expect(() => readEnvironment({ environment: "staging", values, secretKeys: new Set() })).toThrow("region");
});
