/** The rules on the JWT variables of each service. */
import { anything, notApplicable, type Outcomes, pass, undetermined, violation } from "../outcomes.ts";
import { carried, effective, pinned } from "./carried.ts";
import { type JudgeEach, worst } from "./judge.ts";
import { inRole } from "./services.ts";

export const injected: JudgeEach = (environment, options) =>
  (["auth", "backend"] as const).map((role) => {
    const each = inRole(environment, role).map((service): Outcomes => {
      return carried(service, options).length > 0 ? pass : violation;
    });
    if (each.length === 0) return anything & ~violation;
    if (each.every((outcomes) => outcomes === violation)) return violation;
    // With several candidates, the one that carries nothing may be the one that is not meant.
    return each.length > 1 ? anything & ~violation : worst(each);
  });

export const noPlaintext: JudgeEach = (environment, options) =>
  environment.services.map((service) => {
    const literal = carried(service, options).some(({ value }) => value.kind === "literal");
    return literal ? violation : pass;
  });

export const single: JudgeEach = (environment, options) =>
  environment.services.map((service) => {
    const all = carried(service, options);
    const references = all.flatMap(({ value }) => (value.kind === "reference" ? [value.ref] : []));
    // Each file is mounted in a folder of its own.
    const names = all.flatMap(({ name, container, via }) =>
      via === "variable" ? [`${container} ${name}`] : [],
    );
    if (new Set(names).size < names.length) return violation;
    if (new Set(references.map(({ secret }) => secret)).size > 1) return violation;
    const literals = all.length - references.length;
    const numbers = new Set(references.map(({ version }) => version));
    // A number beside `latest` or an alias may be the same version today; it is not one reference.
    if (numbers.size > 1) return references.every(pinned) ? violation : violation | undetermined;
    if (literals > 0) return all.length > 1 ? violation | pass : anything;
    return pass;
  });

export const pinnedVersion: JudgeEach = (environment, options) =>
  environment.services.map((service) => {
    if (service.role === undefined && carried(service, options).length === 0) return pass | notApplicable;
    const found = effective(service, options);
    const all = carried(service, options).flatMap(({ value }) =>
      value.kind === "reference" ? [value.ref] : [],
    );
    const loose = all.filter((ref) => !pinned(ref));
    if (found.kind === "reference" && !pinned(found.ref)) return violation;
    if (loose.length > 0) return anything;
    return pass | notApplicable;
  });
