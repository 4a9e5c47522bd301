/** The documentation as a whole: links lead somewhere, dependencies have their record, no key is printed. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { root } from "../../tools/generated.ts";
import { filesOf, type Source } from "./house/source.ts";

const files = filesOf(root);
const pages = files.filter(({ path }) => path.endsWith(".md"));
const textOf = (path: string) => files.find((file) => file.path === path)?.text ?? "";

/** A heading as GitHub names its anchor. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const withoutCode = (text: string) => text.replaceAll(/^```.*?^```$/gms, "").replaceAll(/`[^`\n]*`/g, "`");

const anchorsOf = (text: string) =>
  Array.from(text.replaceAll(/^```.*?^```$/gms, "").matchAll(/^#+ (.+)$/gm), ([, heading = ""]) =>
    anchorOf(heading),
  );

/** The links of a page to files or anchors that are not there. */
function brokenLinks({ path, text }: Source): string[] {
  return Array.from(withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g), ([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : join(dirname(path), file);
      if (target !== path && !existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target === path ? text : textOf(target)).includes(anchor);
    })
    .map((link) => `${path} links to ${link}`);
}

test("every link within the project leads somewhere", () => {
  expect(pages.length).toBeGreaterThan(10);
  expect(pages.flatMap(brokenLinks)).toEqual([]);
});

test("a link to a missing file or heading is found, one in code is none", () => {
  const text = "# One\n[a](nowhere.md) [b](#two) [c](#one) [d](README.md) `[e](f)`\n";
  expect(brokenLinks({ path: "x.md", text })).toEqual(["x.md links to nowhere.md", "x.md links to #two"]);
});

describe("decisions", () => {
  const index = textOf("docs/decisions/README.md");
  const records = pages.filter(({ path }) => /^docs\/decisions\/\d{4}-/.test(path));

  test("each record is in the index, under a number of its own", () => {
    const names = records.map(({ path }) => path.replace("docs/decisions/", ""));
    expect(names.filter((name) => !index.includes(`(${name})`))).toEqual([]);
    const numbers = names.map((name) => name.slice(0, 4));
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test("each record says context, choice and cost", () => {
    for (const { path, text } of records) {
      for (const heading of ["## Context", "## Choice", "## What it costs"]) {
        expect(text.includes(`\n${heading}\n`), `${path}: ${heading}`).toBe(true);
      }
    }
  });

  test("each dependency has one", () => {
    const Names = z.record(z.string(), z.string()).transform((names) => Object.keys(names));
    const { devDependencies } = z
      .object({ devDependencies: Names })
      .parse(JSON.parse(textOf("package.json")));
    const said = records.map(({ text }) => text).join("\n");
    const known = (name: string) => said.includes(`\`${name}\``);
    expect(devDependencies.filter((name) => !known(name))).toEqual([]);
    expect(known("left-pad")).toBe(false);
  });
});
