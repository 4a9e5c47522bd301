/** A rule in words: for `explain`, for docs/rules, and as help in SARIF, all from the one Rule object. */
import type { Rule } from "../policy/rule.ts";

/** What can be done about the rule's weight, in one sentence. */
export function weightText(rule: Rule): string {
  if (rule.unwaivable) return "Always mandatory; no setting weakens it and no waiver covers it.";
  return rule.severity === "mandatory"
    ? "Mandatory by default; the settings can make it advisory, and a dated waiver can cover a finding."
    : "Advisory by default: shown, without weight in the verdict; the settings can make it mandatory.";
}

/** Indented by two and broken at spaces, to be read on a terminal of 80 columns. */
function paragraph(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/u)) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > 80) lines.push(`  ${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join("\n");
}

/** Plain text, for a terminal. */
export function ruleText(rule: Rule): string {
  return [
    rule.id,
    paragraph(rule.description),
    "",
    paragraph(weightText(rule)),
    "",
    "What goes wrong",
    paragraph(rule.why),
    "",
    "How to mend it",
    paragraph(rule.remediation),
    "",
  ].join("\n");
}

/** The page `docs/rules/<id>.md`. */
export function rulePage(rule: Rule): string {
  return [
    `# ${rule.id}`,
    "",
    rule.description,
    "",
    weightText(rule),
    "",
    "## What goes wrong",
    "",
    rule.why,
    "",
    "## How to mend it",
    "",
    rule.remediation,
    "",
    `On the command line: \`npx jwt-secret explain ${rule.id}\`. [All rules](README.md).`,
    "",
  ].join("\n");
}

/** The page `docs/rules/README.md`. */
export function ruleIndex(rules: readonly Rule[]): string {
  return [
    "# Rules",
    "",
    "The policy, rule by rule. A rule that finds something says **violation**, or **undetermined** where the document",
    "does not hold the answer; neither is a pass. These pages are made from the rules by `node tools/rule-pages.ts`.",
    "",
    "| rule | holds when | severity | waivable |",
    "|---|---|---|---|",
    ...rules.map((rule) => {
      const holds = rule.description.replaceAll("|", "\\|");
      return `| [\`${rule.id}\`](${rule.id}.md) | ${holds} | ${rule.severity} | ${rule.unwaivable ? "no" : "yes"} |`;
    }),
    "",
  ].join("\n");
}

/** SARIF's help for a rule. */
export function ruleHelp(rule: Rule): { text: string; markdown: string } {
  return {
    text: `${rule.why}\n\n${rule.remediation}\n\n${weightText(rule)}`,
    markdown: `${rule.why}\n\n**How to mend it.** ${rule.remediation}\n\n${weightText(rule)}`,
  };
}
