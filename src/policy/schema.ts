/** The policy as one zod schema: facts that keep every rule parse, any others fail with the findings as issues. */
import { z } from "zod";
import { Facts } from "./facts.ts";
import type { Finding, Outcome, Rule } from "./rule.ts";
import { rules } from "./rules/index.ts";

/** Told of every judgement: the environment's position, the rule, what it says. */
export type Observer = (environment: number, rule: Rule, outcome: Outcome) => void;

/** A finding as it travels in a zod issue. */
export const FindingIssue = z.object({
  code: z.literal("custom"),
  path: z.tuple([z.literal("environments"), z.int(), z.string()]),
  params: z.custom<Finding>((value) => typeof value === "object" && value !== null && "rule" in value),
});

function asCheck(rule: Rule, observe: Observer): z.core.CheckFn<Facts> {
  return (context) => {
    for (const [index, environment] of context.value.environments.entries()) {
      const outcome = rule.judge(environment, context.value.environments);
      observe(index, rule, outcome);
      if (!outcome.applicable) continue;
      for (const finding of outcome.findings) {
        context.issues.push({
          code: "custom",
          path: ["environments", index, rule.id],
          message: finding.message,
          params: { ...finding },
          input: undefined,
          // Without it zod runs no further check, and the rules that follow would seem to hold.
          continue: true,
        });
      }
    }
  };
}

/** The facts with every rule as a check. `observe` learns what an issue cannot say: the rules that hold or do not apply. */
export function policySchema(observe: Observer = () => {}): typeof Facts {
  return Facts.check(...rules.map((rule) => asCheck(rule, observe)));
}

/**
 * The policy: parses facts that keep every rule, whatever its severity. A failed parse is the list of findings, each
 * an issue of code `custom` with the finding as its `params`; any other issue says that the facts are malformed.
 */
export const Policy = policySchema();
