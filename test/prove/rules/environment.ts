/** The rules on what environment a service is in, and on what serves. */

import type { FullEnvironment } from "../completions/full.ts";
import type { Options } from "../model.ts";
import { anything, notApplicable, type Outcomes, pass, undetermined, violation } from "../outcomes.ts";
import { carried, environmentsOf } from "./carried.ts";
import type { Judge } from "./judge.ts";
import { previousRefs } from "./pairs.ts";
import { clear, distinct, inRole, participants, refsOf } from "./services.ts";

/** Auth and backend each say an ENVIRONMENT in some container, and all that anybody says is the one checked. */
export const environmentAgrees: Judge = (environment, options) => {
  const each = (["auth", "backend"] as const).flatMap((role) =>
    inRole(environment, role).map(environmentsOf),
  );
  const texts = participants(environment, options).flatMap(environmentsOf);
  const wanted = environment.seen.name ?? texts[0];
  const wrong =
    each.some((said) => said.length === 0) || texts.some((text) => text === "" || text !== wanted);
  if (!clear(environment)) return wrong ? anything : anything & ~violation;
  return wrong ? violation : pass;
};

/** The labels of the Secrets that are used, as a part of `environment-agrees`. */
export const labelsAgree: Judge = (environment, options) => {
  const wanted = environment.seen.name ?? environment.services.find(({ role }) => role)?.environment;
  const contradicts = (used: readonly string[]) =>
    environment.secrets.some(
      ({ secret, label }) => label !== null && label !== wanted && used.includes(secret),
    );
  const effectiveOnes = refsOf(environment, options).map(({ secret }) => secret);
  if (contradicts(effectiveOnes)) return clear(environment) ? violation : anything;
  return contradicts(secretsOf(environment, options)) ? anything : pass;
};

/** No revision says whether it gets traffic: alone it proves nothing, beside its service the service speaks. */
export const serving: Judge = (environment, options) => {
  const taking = new Set(participants(environment, options));
  let outcomes: Outcomes = pass | notApplicable;
  for (const group of distinct(environment.services, environment)) {
    if (!group.some((service) => taking.has(service))) continue;
    const doubts = group.map(({ seen }) => seen.revision || unsettledServing.includes(seen.serving));
    if (doubts.every(Boolean)) return undetermined;
    if (doubts.includes(true)) outcomes = anything & ~violation;
  }
  return outcomes;
};

const unsettledServing = ["split", "pinned-old", "not-ready", "behind"];

/** `environments-apart` for two environments: they share no secret. */
export function apart(left: FullEnvironment, right: FullEnvironment, options: Options): Outcomes {
  const mine = new Set(refsOf(left, options).map(({ secret }) => secret));
  const theirs = refsOf(right, options).map(({ secret }) => secret);
  if (theirs.some((secret) => mine.has(secret))) {
    return clear(left) && clear(right) ? violation : anything;
  }
  const every = new Set(secretsOf(left, options));
  if (secretsOf(right, options).some((secret) => every.has(secret))) return anything;
  return clear(left) && clear(right) ? pass | notApplicable : anything & ~violation;
}

/** Every secret that has to do with tokens in an environment: effective or not, previous ones included. */
function secretsOf(environment: FullEnvironment, options: Options): string[] {
  return [
    ...participants(environment, options).flatMap((service) =>
      carried(service, options).flatMap(({ value }) =>
        value.kind === "reference" ? [value.ref.secret] : [],
      ),
    ),
    ...previousRefs(environment).flatMap((ref) => ref?.secret ?? []),
  ];
}
