/** The rules that compare two services. */

import type { FullEnvironment, FullRef } from "../completions/full.ts";
import type { Options } from "../model.ts";
import { anything, notApplicable, type Outcomes, pass, undetermined, violation } from "../outcomes.ts";
import { environmentOf } from "../view/view.ts";
import {
  carried,
  type Effective,
  effective,
  environmentsOf,
  half,
  literalOf,
  pinned,
  previousOf,
  sameRef,
  saysEnvironment,
} from "./carried.ts";
import type { Judge, JudgeEach } from "./judge.ts";
import { clear, inRole, mayBeClear, participants } from "./services.ts";

/** All pairs of services, in a fixed order; a service that takes no part makes a pair that holds. */
function pairs(
  environment: FullEnvironment,
  options: Options,
  compare: (left: Effective, right: Effective, idle: boolean, mixed: boolean) => Outcomes,
): Outcomes[] {
  const { services } = environment;
  const taking = new Set(participants(environment, options));
  const unclear = !clear(environment);
  return services.flatMap((left, index) =>
    services.slice(index + 1).map((right) => {
      if (!taking.has(left) || !taking.has(right)) return pass | notApplicable;
      const sides = [left, right].map((service) => effective(service, options));
      const [first, second] = sides;
      if (!first || !second) return anything;
      const idle = [left, right].some(
        (service, side) =>
          sides[side]?.kind === "none" &&
          carried(service, options).length > 0 &&
          carried(service, options).every(({ container }) => saysEnvironment(service, container)) &&
          Boolean(environmentOf(service.seen)),
      );
      const mixed = [left, right].some(
        (service) => half(service, options) || environmentsOf(service).length > 1,
      );
      const outcomes = compare(first, second, idle, mixed);
      // Without two clear sides nothing need be compared, and what differs may still be said.
      return unclear ? (outcomes === violation ? anything : outcomes | undetermined) : outcomes;
    }),
  );
}

export const same: JudgeEach = (environment, options) =>
  pairs(environment, options, (left, right, idle, mixed) => {
    if (left.kind === "reference" && right.kind === "reference") {
      return (left.ref.secret === right.ref.secret ? pass : violation) | (mixed ? undetermined : 0);
    }
    // One carries something, but nothing that it is known to read.
    if (idle && left.kind !== "literal" && right.kind !== "literal") return undetermined;
    // Plain text, or nothing at all: other rules speak, and whether this one does too does not matter.
    return anything;
  });

export const sameVersion: JudgeEach = (environment, options) =>
  pairs(environment, options, (left, right, _, mixed) => {
    if (left.kind !== "reference" || right.kind !== "reference" || mixed) return anything;
    if (left.ref.secret !== right.ref.secret) return anything;
    if (!pinned(left.ref) || !pinned(right.ref)) {
      return pinned(left.ref) || pinned(right.ref) || left.ref.version !== right.ref.version
        ? anything
        : pass | notApplicable;
    }
    return left.ref.version === right.ref.version ? pass | notApplicable : violation;
  });

export const fingerprint: Judge = (environment) => {
  const each = (["auth", "backend"] as const).flatMap((role) =>
    inRole(environment, role).flatMap((service) => literalOf(service, "JWT_SECRET_FINGERPRINT") ?? []),
  );
  const differ = new Set(each).size > 1;
  // What further services carry is not spoken of.
  const others = environment.services.flatMap(
    (service) => literalOf(service, "JWT_SECRET_FINGERPRINT") ?? [],
  );
  if (!differ && new Set(others).size > 1) return anything;
  const having = (["auth", "backend"] as const).filter((role) =>
    inRole(environment, role).some((service) => literalOf(service, "JWT_SECRET_FINGERPRINT") !== undefined),
  );
  const lone = having.length === 1;
  if (!clear(environment)) {
    return differ || (lone && mayBeClear(environment)) ? anything : anything & ~violation;
  }
  if (lone) return violation;
  return differ ? violation : pass | notApplicable;
};

/** The previous reference of auth and of backend; null for one that is no reference. */
export function previousRefs(environment: FullEnvironment): (FullRef | null)[] {
  return (["auth", "backend"] as const).flatMap((role) => inRole(environment, role).flatMap(previousOf));
}

/** Auth alone, backend alone, and the two together. */
export const previousAgrees: JudgeEach = (environment, options) => {
  const alone = (["auth", "backend"] as const).map((role): Outcomes => {
    const [service, ...others] = inRole(environment, role);
    if (!service || others.length > 0) return anything;
    const refs = previousOf(service);
    const [ref] = refs;
    if (refs.length === 0) return pass | notApplicable;
    if (service.invented || refs.length > 1) return anything;
    if (!ref) return violation | undetermined;
    const current = effective(service, options);
    if (current.kind !== "reference" || half(service, options)) return anything;
    if (!sameRef(current.ref, ref)) return pinned(ref) && pinned(current.ref) ? pass : anything;
    return pinned(ref) ? violation : violation | undetermined;
  });
  return [...alone, previousOnBoth(environment)];
};

function previousOnBoth(environment: FullEnvironment): Outcomes {
  const refs = previousRefs(environment);
  // What further services carry is not spoken of.
  const everyone = environment.services.flatMap(previousOf);
  if (everyone.length > refs.length) return anything;
  if (refs.length === 0) return pass | notApplicable;
  if (!clear(environment)) return anything;
  // What a hidden service may carry is not only what the other one does.
  if (environment.services.some(({ role, invented }) => role !== undefined && invented)) {
    return anything & ~violation;
  }
  const [first, second, ...more] = refs;
  if (more.length > 0) return anything;
  if (second === undefined) return violation;
  if (!first || !second) return violation | undetermined;
  if (sameRef(first, second)) return pinned(first) ? pass : anything;
  return pinned(first) && pinned(second) ? violation : violation | undetermined;
}
