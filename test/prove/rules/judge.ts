/** What a rule of the oracle is, and how what it says of several services adds up. */

import type { FullEnvironment } from "../completions/full.ts";
import type { Options } from "../model.ts";
import { notApplicable, type Outcomes, pass, violation } from "../outcomes.ts";

/** A rule on a whole environment. */
export type Judge = (environment: FullEnvironment, options: Options) => Outcomes;

/**
 * A rule on every service, or every pair of services, in a fixed order: a violation must be that of one service or
 * one pair in all completions, not of another one in each.
 */
export type JudgeEach = (environment: FullEnvironment, options: Options) => Outcomes[];

/** What several services say, worst first; a definite violation of one is one of the whole. */
export function worst(each: readonly Outcomes[]): Outcomes {
  const definite = each.some((outcomes) => outcomes === violation);
  if (definite) return violation;
  if (each.length === 0) return pass | notApplicable;
  let all = 0;
  for (const outcomes of each) all |= outcomes;
  const good = pass | notApplicable;
  return each.every((outcomes) => (outcomes & good) !== 0) ? all : all & ~good;
}

export function whole(rule: Judge): JudgeEach {
  return (environment, options) => [rule(environment, options)];
}
