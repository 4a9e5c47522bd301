/** What may be said of a document: of each rule in each environment, and of the whole. */
import { complete } from "./completions/complete.ts";
import type { FullEnvironment } from "./completions/full.ts";
import type { Case, Options } from "./model.ts";
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
import { advisory, judges, labelRule } from "./rules/all.ts";
import { apart } from "./rules/environment.ts";
import { worst } from "./rules/judge.ts";
import { conflicting } from "./rules/services.ts";
import type { SeenEnvironment, SeenRef, View } from "./view/view.ts";

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
    const completions = complete(subject, { ...view, matches: seen.matches }, [seen]).flat();
    if (completions.length === 0) throw new Error("the oracle found no completion at all");
    const rules = judgeRules(completions, options);
    if (view.matches.length > seen.matches.length) {
      // A project that only another document matches may be taken for matched, or not.
      const more = judgeRules(complete(subject, view, [seen]).flat(), options);
      for (const id of Object.keys(rules)) rules[id] = (rules[id] ?? 0) | (more[id] ?? 0);
    }
    // What is left out may be a further service, a second candidate, a Secret.
    // By the design an unknown with several candidates is not settled, even where each leads to one verdict.
    const contradictory = completions.some(conflicting);
    const doubtful = seen.incomplete || contradictory || unsettled(seen);
    if (doubtful) for (const id of Object.keys(rules)) rules[id] = (rules[id] ?? 0) | undetermined;
    const verdict = overall(
      Object.entries(rules).flatMap(([id, outcomes]) => (advisory.has(id) ? [] : [outcomes])),
    );
    const result = { seen, rules, verdict: seen.incomplete ? verdict & ~pass || undetermined : verdict };
    loosen(result, contradictory);
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
        ) | ([left, right].some((one) => unsettled(one) || hides(one)) ? undetermined : 0),
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

function judgeRules(completions: readonly FullEnvironment[], options: Options): Record<string, Outcomes> {
  const rules = Object.fromEntries(
    Object.entries(judges).map(([id, rule]) => [
      id,
      judgeAll(completions.map((completion) => rule(completion, options))),
    ]),
  );
  labels(
    rules,
    completions.some(({ seen }) => unsettled(seen)),
  );
  return rules;
}

/** A label counts where the document shows it: one that may be another secret's need not be spoken of. */
function labels(rules: Record<string, Outcomes>, open: boolean): void {
  const label = rules[labelRule] ?? pass;
  delete rules[labelRule];
  const agrees = rules["environment-agrees"] ?? pass;
  if (label === violation && !open) rules["environment-agrees"] = violation;
  else if (has(label, violation | undetermined)) rules["environment-agrees"] = agrees | (label & ~pass);
}

/** A rule over all completions: service by service, or pair by pair, and then the worst of those. */
function judgeAll(each: readonly Outcomes[][]): Outcomes {
  const [first = []] = each;
  return worst(first.map((_, index) => combine(each.map((outcomes) => outcomes[index] ?? pass))));
}

/** True when a service does not show its containers. */
function hides({ services }: SeenEnvironment): boolean {
  return services.some(({ containers }) => containers === "hidden");
}

/** True when some unknown may stand for more than one resource, or for anything at all. */
function unsettled({ services }: SeenEnvironment): boolean {
  return services.some(
    ({ containers }) =>
      containers !== "hidden" &&
      containers.some(
        ({ variables, files }) =>
          files.some(({ ref }) => isOpen(ref)) ||
          variables.some(
            ({ name, value }) =>
              value.kind === "placeholder" ||
              (value.kind === "reference" && (name === "ENVIRONMENT" || isOpen(value.ref))),
          ),
      ),
  );
}

function isOpen({ secret, version }: SeenRef): boolean {
  // The version of another secret's resource is a number that nobody would expect there.
  if (version.kind === "one-of" && version.stray) return true;
  return [secret, version].some(
    (slot) => slot.kind === "free" || (slot.kind === "one-of" && slot.urns.length !== 1),
  );
}

/**
 * What weighs nothing is not held against the check. Where an environment cannot pass anyway, a rule that holds may be
 * left undecided, and one without two clear sides may be left aside; of several violations one is enough.
 */
function loosen({ rules, verdict }: ExpectedEnvironment, contradictory: boolean): void {
  if (has(verdict, pass)) return;
  const good = pass | notApplicable;
  const roles = rules["services-present"] ?? 0;
  const secrets = rules["same-jwt-secret"] ?? 0;
  const violations = Object.entries(rules).filter(
    ([id, outcomes]) => outcomes === violation && !advisory.has(id),
  ).length;
  for (const [id, outcomes] of Object.entries(rules)) {
    if (id === "services-present") continue;
    let loose = outcomes;
    if (has(outcomes, good)) loose |= undetermined;
    if (has(outcomes, undetermined)) loose |= aside;
    if (has(outcomes, undetermined) && (contradictory || !has(roles, pass))) loose |= good;
    // Versions are compared where the secrets are known to be one.
    if (id === "same-jwt-secret-version" && !has(secrets, pass)) loose |= good;
    if (outcomes === violation && violations > 1) loose |= undetermined | aside;
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
