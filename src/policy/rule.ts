/** What a rule is: a zod check on the facts, with everything a report, a page of docs or a policy pack says about it. */
import type { Environment, Location } from "./facts.ts";

/** `undetermined` never counts as a pass. */
export type Verdict = "pass" | "violation" | "undetermined";
export type Severity = "mandatory" | "advisory";

/** One thing a rule found. The message and the fix are one sentence each and never hold a secret's value. */
export interface Finding {
  rule: string;
  verdict: "violation" | "undetermined";
  message: string;
  /** What to do about it. */
  fix: string;
  /** Labels of the services concerned, auth first. */
  services: string[];
  /** What keeps more rules than this one from deciding; findings of one cause are shown together. */
  cause?: string;
  location?: Location;
}

/** What a rule says of one environment: findings (none: it holds), or why it cannot speak of this kind of document. */
export type Outcome = { applicable: true; findings: Finding[] } | { applicable: false; reason: string };

/** A rule of the policy. One file per rule in `rules/`; the page in `docs/rules/` is made from this object. */
export interface Rule {
  /** Kebab-case, stable: users write it in waivers and settings. */
  id: string;
  /** One sentence that says when the rule holds. */
  description: string;
  /** The severity unless the settings say otherwise. */
  severity: Severity;
  /** True for the four rules that no setting weakens and no waiver covers. */
  unwaivable: boolean;
  /** What goes wrong in the field when the rule is broken; a short paragraph. */
  why: string;
  /** How to mend it; a short paragraph of imperative sentences. */
  remediation: string;
  /** Judges one environment; `all` are those checked together, for rules that compare them. */
  judge(environment: Environment, all: readonly Environment[]): Outcome;
}
