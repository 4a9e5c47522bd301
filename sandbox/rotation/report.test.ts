import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../home.ts";
import { plot } from "./plot.ts";
import { fill, report } from "./report.ts";
import { rightResult, wrongResult } from "./testing/result.ts";
import { ways } from "./ways.ts";

const conditions = { node: "24.0.0", processors: 2, lifetime: 10, command: "npm run rotation" };
const way = (name: string) => ({ name, title: "how" });
const both = [
  { way: way("right"), result: rightResult() },
  { way: way("wrong"), result: wrongResult() },
];

test("a row says what became of the tokens of a way, and for how long some were refused", () => {
  const text = report(both, conditions);
  expect(text).toContain("| right: how | 3,000 | 750 | 0 | 0 | 0 |  | 2 s |");
  expect(text).toContain("| wrong: how | 3,000 | 750 | 10 | 0 | 0 | 0.5 s | 2 s |");
});

test("the revisions of the right way are listed by number", () => {
  expect(report(both, conditions).match(/^\| \d+ \| \d+ \|/gm)).toEqual([
    "| 1 | 1 |",
    "| 1 | 2 |",
    "| 2 | 2 |",
  ]);
});

test("the page keeps everything around its measured part", () => {
  const page = "before\n<!-- measured -->\nold\n<!-- end measured -->\nafter\n";
  expect(fill(page, "new\n")).toBe(page.replace("old", "new"));
  expect(() => fill("no marks", "new")).toThrow(/no part between its marks/);
});

test("the documentation has a row for every way, and the picture a panel", () => {
  const page = readFileSync(join(root, "docs", "rotation.md"), "utf8");
  const picture = readFileSync(join(root, "docs", "rotation.svg"), "utf8");
  for (const { name, title } of ways) {
    expect(page).toContain(`| ${name}: ${title} |`);
    expect(picture).toContain(`>${name.replaceAll("`", "")}: `);
  }
});

test("the picture has a bar where tokens were refused and none where they were not", () => {
  const bars = (results: typeof both) =>
    plot(results.map((one) => ({ name: one.way.name, result: one.result }))).match(
      /<path d="[^"]+" fill="#c2255c"/g,
    );
  expect(bars(both.slice(0, 1))).toBeNull();
  expect(bars(both.slice(1))).toHaveLength(1);
});

test("a mark stands where it happened, and its label cannot become a tag", () => {
  const result = { ...rightResult(), marks: [{ at: 0.75, label: "<b>&" }] };
  const picture = plot([{ name: "right", result }]);
  expect(picture).toContain(">&lt;b>&amp;</text>");
  // Half of the load, so half of the width between the edges.
  expect(picture).toContain('<path d="M470.0 240.0V130.0L470.0 122.0"');
});

test("labels of marks that stand close together keep apart", () => {
  const marks = ["one", "two", "three"].map((label) => ({ at: 0.75, label }));
  const places = plot([{ name: "right", result: { ...rightResult(), marks } }]).matchAll(
    /translate\(([\d.]+) [\d.]+\)/g,
  );
  expect(Array.from(places, ([, x]) => x)).toEqual(["473.0", "486.0", "499.0"]);
});
