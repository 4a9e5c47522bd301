import { expect, test } from "vitest";
import { rules } from "../reports/testing/sample.ts";
import { explain } from "./explain.ts";

test("a rule is explained: what it asks, what goes wrong, how to mend it", () => {
  expect(explain(["same-jwt-secret"], rules)).toEqual({
    code: 0,
    stdout: `same-jwt-secret
  The effective references name one secret.

  Always mandatory; no setting weakens it and no waiver covers it.

What goes wrong
  What goes wrong without same-jwt-secret.

How to mend it
  Mend same-jwt-secret.
`,
    stderr: "",
  });
});

test("long paragraphs are broken for a terminal, without losing a word", () => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index}`);
  const [first, ...others] = rules;
  if (first === undefined) throw new Error("no rule");
  const { stdout } = explain([first.id], [{ ...first, why: words.join(" ") }, ...others]);
  expect(stdout.split(/\s+/u)).toEqual(expect.arrayContaining(words));
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("capitals do not matter", () => {
  expect(explain(["Same-JWT-Secret"], rules).code).toBe(0);
});

test("without a rule, all are listed", () => {
  const { code, stdout } = explain([], rules);
  expect(code).toBe(0);
  for (const { id, description } of rules)
    expect(stdout).toMatch(new RegExp(`^${id} .*${description}$`, "mu"));
});

test.each([["--help"], ["-h"]])("%s says how to use it", (option) => {
  expect(explain([option], rules)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("Usage: jwt-secret explain"),
  });
});

test.each([
  [
    "a slip of the hand",
    ["same-jwt-secrt"],
    'there is no rule "same-jwt-secrt": did you mean same-jwt-secret?',
  ],
  ["half a name", ["pinned"], "did you mean pinned-jwt-secret-version?"],
  ["nothing like a rule", ["xyz"], 'there is no rule "xyz": jwt-secret explain lists the rules'],
  ["an empty name", [""], 'there is no rule "": jwt-secret explain lists the rules'],
  ["a hostile name", ["\u001b[2J\n"], 'there is no rule "\\u{1b}[2J\\u{a}"'],
  ["two rules", ["same-jwt-secret", "accessor-granted"], "one rule at a time"],
  ["an unknown option", ["--all"], "unknown option --all"],
])("%s is refused in one line", (_, args, message) => {
  const { code, stdout, stderr } = explain(args, rules);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});
