/** Holds the check against the oracle, on the documents of one case. */
import { type CheckInput, check } from "../../src/check.ts";
import type { EnvironmentReport, Report } from "../../src/policy/report.ts";
import { at, type Case, type Options, type RenderedFile } from "./model.ts";
import { type Expected, judge } from "./oracle.ts";
import {
  aside,
  describe,
  has,
  notApplicable,
  type Outcomes,
  pass,
  undetermined,
  violation,
} from "./outcomes.ts";
import { plan } from "./plan/plan.ts";
import { renderDocuments } from "./render/documents.ts";
import { apart as apartRule } from "./rule-ids.ts";
import { look } from "./view/look.ts";
import { environmentOf } from "./view/view.ts";

const bits: Record<string, Outcomes> = { pass, violation, undetermined, "not applicable": notApplicable };

export interface Examined {
  documents: RenderedFile[];
  expected: Expected;
  report: Report;
  /** What the check says and the oracle forbids; empty when they agree. */
  disagreements: string[];
}

/** `checker` is the check, unless a test wants to see another one caught. */
export function examine(subject: Case, checker: (input: CheckInput) => Report = check): Examined {
  const planned = plan(subject);
  const documents = renderDocuments(subject, planned);
  const expected = judge(subject, look(subject, planned));
  const report = checker(inputOf(subject, documents));
  return { documents, expected, report, disagreements: compare(expected, report) };
}

/** The arguments of `check` for documents and the options that go with them. */
export function inputOf(subject: Case, documents: readonly RenderedFile[]): CheckInput {
  return {
    ...optionsOf(subject),
    documents: documents.map(({ name, bytes }) => ({ file: name, content: bytes })),
  };
}

function optionsOf({ options, world }: Case): Omit<CheckInput, "documents"> {
  return {
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    ...(options.project === undefined ? {} : { project: at(world.projects, options.project).id }),
    projects: options.matched.map((index) => at(world.projects, index)),
    named: perRole(options.services, (name) => [name]),
    reads: perRole(options.reads, (names) => names),
  };
}

function perRole<T>(
  values: Partial<Record<keyof Options["services"], T>>,
  list: (value: T) => string[],
): Partial<Record<"auth" | "backend", string[]>> {
  return {
    ...(values.auth === undefined ? {} : { auth: list(values.auth) }),
    ...(values.backend === undefined ? {} : { backend: list(values.backend) }),
  };
}

/** What a report says of one rule. */
export function said(environment: EnvironmentReport, rule: string): string {
  const findings = environment.findings.filter((finding) => finding.rule === rule);
  if (findings.some(({ verdict }) => verdict === "violation")) return "violation";
  if (findings.length > 0) return "undetermined";
  if (environment.passed.includes(rule)) return "pass";
  if (environment.notApplicable.some((item) => item.rule === rule)) return "not applicable";
  return "nothing";
}

function allowed(outcomes: Outcomes, text: string): boolean {
  const good = pass | notApplicable;
  // To hold and not to apply weigh the same in a verdict.
  if (text === "not applicable") return has(outcomes, good | aside);
  return has(outcomes, text === "pass" ? good : (bits[text] ?? 0));
}

function compare(expected: Expected, report: Report): string[] {
  const found: string[] = [];
  if (!allowed(expected.verdict, report.verdict)) {
    found.push(`the verdict is ${report.verdict}, and may only be ${describe(expected.verdict)}`);
  }
  if (expected.environments.length !== report.environments.length) {
    found.push(`${report.environments.length} environments, not ${expected.environments.length}`);
    return found;
  }
  expected.environments.forEach(({ rules, seen }, index) => {
    const name =
      seen.name ?? seen.services.map(environmentOf).find((text) => text !== undefined && text !== "");
    const reported =
      report.environments.find((environment) => environment.name === (name ?? null)) ??
      at(report.environments, index);
    for (const [id, outcomes] of Object.entries(rules)) {
      const text = said(reported, id);
      if (!allowed(outcomes, text)) {
        found.push(`${reported.name ?? "unnamed"}: ${id} is ${text}, and may only be ${describe(outcomes)}`);
      }
    }
  });
  if (expected.environments.length > 1) {
    const each = report.environments.map((environment) => said(environment, apartRule));
    const worst = ["violation", "undetermined", "pass", "not applicable"].find((text) => each.includes(text));
    if (!allowed(expected.apart, worst ?? "nothing")) {
      found.push(`${apartRule} is ${worst ?? "nothing"}, and may only be ${describe(expected.apart)}`);
    }
  }
  return found;
}

/** A disagreement as a person can follow it: what was done, what was said, and the documents. */
export function explain(subject: Case, { documents, report, disagreements }: Examined): string {
  const decoder = { "utf-8": "utf-8", "utf-8-bom": "utf-8", "utf-16le": "utf-16le", "utf-16be": "utf-16be" };
  const encoding = decoder[subject.rendering.encoding];
  return [
    ...disagreements.map((text) => `- ${text}`),
    `mutations: ${subject.mutations.join("; ") || "none"}`,
    `options: ${JSON.stringify(subject.options)}`,
    `rendering: ${JSON.stringify(subject.rendering)}`,
    ...report.environments.flatMap(({ name, findings }) =>
      findings.map(({ rule, verdict, message }) => `said of ${name}: ${rule} ${verdict}: ${message}`),
    ),
    ...report.notes.map((note) => `note: ${note}`),
    ...documents.map(({ name, bytes }) => `--- ${name}\n${new TextDecoder(encoding).decode(bytes)}`),
  ].join("\n");
}
