/** Makes docs/rules from the rules: `node tools/rule-pages.ts`; with `--check` it fails when a page is stale. */
import { rules } from "../src/policy/policy.ts";
import { ruleIndex, rulePage } from "../src/reports/rule-page.ts";
import type { Folder, Generated } from "./generated.ts";
import { generate } from "./generated.ts";

export const rulePagesFolder: Folder = { path: "docs/rules", extension: ".md" };

export function rulePages(): Generated {
  return new Map([
    [`${rulePagesFolder.path}/README.md`, ruleIndex(rules)],
    ...rules.map((rule): [string, string] => [`${rulePagesFolder.path}/${rule.id}.md`, rulePage(rule)]),
  ]);
}

if (import.meta.main) generate(rulePages(), "node tools/rule-pages.ts", rulePagesFolder);
