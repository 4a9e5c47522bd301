import { expect, test } from "vitest";
import { type MutationReport, reasonFor, score, survivorsOf, tables } from "./report.ts";

const place = (line: number) => ({ start: { line, column: 1 }, end: { line, column: 9 } });
const mutant = (line: number, status: string, replacement = "true") => ({
  mutatorName: "ConditionalExpression",
  replacement,
  status,
  location: place(line),
});

const report: MutationReport = {
  files: {
    "src/b/two.ts": {
      source: "a();\n  if (x) b();\nc();",
      mutants: [mutant(2, "Survived"), mutant(1, "Killed")],
    },
    "src/a/one.ts": {
      source: "if (cached) return cached;",
      mutants: [
        mutant(1, "NoCoverage", "false"),
        mutant(1, "Timeout"),
        mutant(1, "Ignored"),
        mutant(1, "RuntimeError"),
      ],
    },
  },
};
const reason = "a cache";

test("survivors are what no test noticed, with the line they are on", () => {
  expect(survivorsOf(report)).toEqual([
    {
      file: "src/a/one.ts",
      line: 1,
      code: "if (cached) return cached;",
      mutator: "ConditionalExpression",
      replacement: "false",
    },
    {
      file: "src/b/two.ts",
      line: 2,
      code: "if (x) b();",
      mutator: "ConditionalExpression",
      replacement: "true",
    },
  ]);
});

test("a reason is for one file, one line, and the replacements it names", () => {
  const [survivor] = survivorsOf(report);
  if (survivor === undefined) throw new Error("there is one");
  const accepted = { file: "src/a/one.ts", code: "(cached)", to: ["true", "false"], reason };
  expect(reasonFor(survivor, [accepted])).toBe(reason);
  expect(reasonFor(survivor, [{ ...accepted, to: ["true"] }])).toBeUndefined();
  expect(reasonFor(survivor, [{ ...accepted, file: "src/b/two.ts" }])).toBeUndefined();
  expect(reasonFor(survivor, [{ ...accepted, code: "other" }])).toBeUndefined();
  expect(reasonFor(survivor, [{ ...accepted, whole: true }])).toBeUndefined();
  expect(reasonFor(survivor, [{ ...accepted, whole: true, code: survivor.code }])).toBe(reason);
});

test("a score is never rounded up", () => {
  expect(score({ killed: 8999, survived: 1001 })).toBe("89.9");
  expect(score({ killed: 1, survived: 0 })).toBe("100.0");
  expect(score({ killed: 0, survived: 0 })).toBe("-");
});

test("the page counts by folder and by file, and tells the judged from the others", () => {
  const page = tables(report, [{ file: "src/a/one.ts", code: "cached", to: ["false"], reason }]);
  expect(page).toContain("| src/a | 50.0 % | 1 | 1 |\n| src/b | 50.0 % | 1 | 1 |\n| all | 50.0 % | 2 | 2 |");
  expect(page).toContain("- a cache (1: a/one.ts:1)");
  expect(page).toContain("- b/two.ts:2, ConditionalExpression: `if (x) b();` with `true`");
  expect(page).toContain("| src/b/two.ts | 50.0 % | 1 | 1 |");
});
