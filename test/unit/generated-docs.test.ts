import { expect, test } from "vitest";
import { rules } from "../../src/policy/policy.ts";
import { stale } from "../../tools/generated.ts";
import { reportSchema } from "../../tools/report-schema.ts";
import { rulePages, rulePagesFolder } from "../../tools/rule-pages.ts";

test("docs/rules is current: run node tools/rule-pages.ts", () => {
  expect(stale(rulePages(), rulePagesFolder)).toEqual([]);
});

test("there is a page per rule, and the index links to each", () => {
  const pages = rulePages();
  const index = pages.get("docs/rules/README.md") ?? "";
  expect(pages.size).toBe(rules.length + 1);
  for (const { id, description } of rules) {
    expect(pages.get(`docs/rules/${id}.md`)).toContain(description);
    expect(index).toContain(`[\`${id}\`](${id}.md)`);
  }
});

test("docs/report.schema.json is current: run node tools/report-schema.ts", () => {
  expect(stale(reportSchema())).toEqual([]);
});

test("a page that is missing, changed or no longer made is stale", () => {
  const pages = new Map(rulePages());
  const [first, second, third] = rules.map(({ id }) => `docs/rules/${id}.md`);
  if (first === undefined || second === undefined || third === undefined) throw new Error("too few rules");
  pages.set(first, "changed");
  pages.delete(second);
  pages.set("docs/rules/new.md", "new");
  expect(stale(pages, rulePagesFolder).sort()).toEqual([first, second, "docs/rules/new.md"].sort());
});
