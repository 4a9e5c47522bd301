/** What may be said of a document: of each rule in each environment, and of the whole. */
import { complete } from "./completions.ts";
import type { Case } from "./model.ts";
import {
  aside,
  combine,
  has,
  notApplicable,
  type Outcomes,
  pass,
  undetermined,
  violation,
} from "./outcomes.ts";
import { advisory, apart, conflicting, judges, worst } from "./rules.ts";
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
        judgeAll(completions.map((completion) => rule(completion, options))),
      ]),
    );
    // What is left out may be a further service, a second candidate, a Secret.
    // By the design an unknown with several candidates is not settled, even where each leads to one verdict.
    const doubtful = seen.incomplete || completions.some(conflicting) || unsettled(seen);
    if (doubtful) for (const id of Object.keys(rules)) rules[id] = (rules[id] ?? 0) | undetermined;
    const verdict = overall(
      Object.entries(rules).flatMap(([id, outcomes]) => (advisory.has(id) ? [] : [outcomes])),
    );
    const result = { seen, rules, verdict: seen.incomplete ? verdict & ~pass || undetermined : verdict };
    loosen(result);
    return result;
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
        ) | (unsettled(left) || unsettled(right) ? undetermined : 0),
      );
    }
  });
  if (pairs.length > 0) between = overall(pairs);
  return {
    environments,
    apart: between,
    verdict:
      environments.length === 0
        ? undetermined
        : overall([...environments.map(({ verdict }) => verdict), between]),
  };
}

/** A rule over all completions: service by service, or pair by pair, and then the worst of those. */
function judgeAll(each: readonly Outcomes[][]): Outcomes {
  const [first = []] = each;
  return worst(first.map((_, index) => combine(each.map((outcomes) => outcomes[index] ?? pass))));
}

/** True when some unknown may stand for more than one resource. */
function unsettled({ services }: SeenEnvironment): boolean {
  return services.some(
    ({ containers }) =>
      containers !== "hidden" &&
      containers.some(({ variables, files }) =>
        [
          ...variables.map(({ value }) => (value.kind === "reference" ? value.ref : undefined)),
          ...files.map(({ ref }) => ref),
        ].some(
          (ref) =>
            ref !== undefined &&
            [ref.secret, ref.version].some((slot) => slot.kind === "one-of" && slot.urns.length !== 1),
        ),
      ),
  );
}

/** Where an environment cannot pass anyway, a rule that holds may be left undecided, and one without sides too. */
function loosen({ rules, verdict }: ExpectedEnvironment): void {
  const good = pass | notApplicable;
  const roles = rules["services-present"] ?? 0;
  for (const [id, outcomes] of Object.entries(rules)) {
    if (has(verdict, pass) || id === "services-present") continue;
    let loose = outcomes;
    // Versions are compared where the secrets are one.
    if (id === "same-jwt-secret-version" && !has(rules["same-jwt-secret"] ?? 0, pass)) loose |= aside;
    if (has(outcomes, good)) loose |= undetermined;
    if (!has(roles, pass) && has(outcomes, undetermined)) loose |= good;
    if (has(outcomes, undetermined)) loose |= aside;
    rules[id] = loose;
  }
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
