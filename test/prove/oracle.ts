/** What may be said of a document: of each rule in each environment, and of the whole. */
import { complete } from "./completions.ts";
import type { Case } from "./model.ts";
import { combine, has, notApplicable, type Outcomes, pass, undetermined, violation } from "./outcomes.ts";
import { advisory, apart, judges } from "./rules.ts";
import type { SeenEnvironment, View } from "./view.ts";

export interface ExpectedEnvironment {
  seen: SeenEnvironment;
  rules: Record<string, Outcomes>;
  /** The verdict of the environment by its own rules, without `environments-apart`. */
  verdict: Outcomes;
}

export interface Expected {
  environments: ExpectedEnvironment[];
  apart: Outcomes;
  verdict: Outcomes;
}

export function judge(subject: Case, view: View): Expected {
  const { options } = subject;
  const environments = view.environments.map((seen): ExpectedEnvironment => {
    const completions = complete(subject, view, [seen]).flat();
    if (completions.length === 0) throw new Error("the oracle found no completion at all");
    const rules = Object.fromEntries(
      Object.entries(judges).map(([id, rule]) => [
        id,
        combine(completions.map((completion) => rule(completion, options))),
      ]),
    );
    if (seen.incomplete) {
      // What is left out may be a further service, a second candidate, a Secret.
      for (const id of Object.keys(rules)) rules[id] = (rules[id] ?? 0) | undetermined;
    }
    const verdict = overall(Object.entries(rules).flatMap(([id, outcomes]) => (advisory.has(id) ? [] : [outcomes])));
    return { seen, rules, verdict: seen.incomplete ? verdict & ~pass || undetermined : verdict };
  });
  let between: Outcomes = pass | notApplicable;
  const pairs: Outcomes[] = [];
  view.environments.forEach((left, index) => {
    for (const right of view.environments.slice(index + 1)) {
      const completions = complete(subject, view, [left, right]);
      pairs.push(
        combine(
          completions.map(([first, second]) => {
            if (!first || !second) throw new Error("a pair has two sides");
            return apart(first, second, options);
          }),
        ),
      );
    }
  });
  if (pairs.length > 0) between = overall(pairs);
  return {
    environments,
    apart: between,
    verdict:
      environments.length === 0 ? undetermined : overall([...environments.map(({ verdict }) => verdict), between]),
  };
}

/** The worst of several: a violation whatever else, then undetermined, then pass. */
export function overall(each: readonly Outcomes[]): Outcomes {
  const good = pass | notApplicable;
  const definite = each.some((outcomes) => outcomes === violation);
  if (definite) return violation;
  let verdict = 0;
  if (each.some((outcomes) => has(outcomes, violation))) verdict |= violation;
  if (each.some((outcomes) => has(outcomes, undetermined))) {
    verdict |= undetermined;
  }
  if (each.every((outcomes) => has(outcomes, good))) verdict |= pass;
  return verdict;
}
