/** `jwt-secret explain RULE`: what a rule asks, what goes wrong without it, and how to mend it. */
import type { Rule } from "../policy/rule.ts";
import { visible } from "../reports/escape.ts";
import { ruleText } from "../reports/rule-page.ts";

/** What `explain --help` prints. */
export const explainHelp = `Usage: jwt-secret explain [RULE]

Says what a rule asks, what goes wrong in the field when it is broken, and how to mend it.
Without RULE: all rules, one line each. The same text, a page per rule, is in docs/rules.

Exit codes: 0 explained, 2 no such rule or wrong usage.
`;

/** What a command prints, and its exit code; the caller writes it. */
export interface Explained {
  code: 0 | 2;
  stdout: string;
  stderr: string;
}

/** One line per rule: id, severity, description. */
function list(rules: readonly Rule[]): string {
  const id = Math.max(0, ...rules.map((rule) => rule.id.length));
  const lines = rules.map((rule) => `${rule.id.padEnd(id)}  ${rule.severity.padEnd(9)}  ${rule.description}`);
  return `${lines.join("\n")}\n\nMore on one of them: jwt-secret explain RULE\n`;
}

/** How many single-character edits lie between two words (Levenshtein's distance). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The rule most likely meant, where one is near enough to be a slip of the hand. */
function nearest(name: string, rules: readonly Rule[]): string | undefined {
  const wanted = name.toLowerCase().slice(0, 60);
  const ranked = rules
    .map((rule) => ({ id: rule.id, edits: rule.id.includes(wanted) ? 1 : distance(wanted, rule.id) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= best.id.length / 2 ? best.id : undefined;
}

function refuse(message: string): Explained {
  return { code: 2, stdout: "", stderr: `${message}\n` };
}

/**
 * Runs the command.
 * @param args What follows `explain` on the command line.
 */
export function explain(args: readonly string[], rules: readonly Rule[]): Explained {
  if (args.includes("--help") || args.includes("-h")) return { code: 0, stdout: explainHelp, stderr: "" };
  const option = args.find((arg) => arg.startsWith("-"));
  if (option !== undefined) {
    return refuse(`explain: unknown option ${visible(option)}: see jwt-secret explain --help.`);
  }
  const [name, ...more] = args;
  if (name === undefined) return { code: 0, stdout: list(rules), stderr: "" };
  if (more.length > 0) return refuse(`explain: one rule at a time: jwt-secret explain ${visible(name)}.`);
  const rule = rules.find((candidate) => candidate.id === name.toLowerCase());
  if (rule !== undefined) return { code: 0, stdout: ruleText(rule), stderr: "" };
  const meant = name === "" ? undefined : nearest(name, rules);
  const hint = meant === undefined ? "jwt-secret explain lists the rules" : `did you mean ${meant}?`;
  return refuse(`explain: there is no rule "${visible(name)}": ${hint}`);
}
