/** Which services of an environment a rule speaks of. */

import type { FullEnvironment, FullRef, FullService } from "../completions/full.ts";
import type { Options, Role } from "../model.ts";
import { has, type Outcomes, pass, undetermined } from "../outcomes.ts";
import { carried, effective, remembered } from "./carried.ts";

export function inRole(environment: FullEnvironment, role: Role): FullService[] {
  return environment.services.filter((service) => service.role === role);
}

/** Copies of one service given twice; a revision goes by the name of its service. */
export function distinct(services: readonly FullService[], environment: FullEnvironment): FullService[][] {
  const groups = new Map<string, FullService[]>();
  for (const service of services) {
    const { seen } = service;
    const key = `${environment.projectOf(seen.project)} ${seen.region} ${seen.name}`;
    groups.set(key, [...(groups.get(key) ?? []), service]);
  }
  return [...groups.values()];
}

export const present = remembered((environment: FullEnvironment): Outcomes => {
  let outcomes: Outcomes = pass;
  for (const role of ["auth", "backend"] as const) {
    const groups = distinct(inRole(environment, role), environment);
    const [group, ...others] = groups;
    if (!group || others.length > 0) return undetermined;
    if (new Set(group.map(({ seen }) => seen.print)).size > 1) {
      // Copies that are the same in truth but are not written alike may count once or not at all; so may those that show
      // the same, a placeholder in the same place: other rules tell of that.
      const alike = new Set(group.map(({ containers }) => JSON.stringify(containers.map(sorted))));
      const shown = new Set(group.map(({ seen }) => JSON.stringify(seen.containers)));
      outcomes = alike.size === 1 || shown.size === 1 ? pass | undetermined : undetermined;
    }
  }
  return outcomes;
});

function sorted({ variables, files }: FullService["containers"][number]): unknown {
  const text = (item: unknown) => JSON.stringify(item);
  return [variables.map(text).sort(), files.map(text).sort()];
}

/** True when one service is given several times, and not alike: nobody knows which copy is right. */
export function conflicting(environment: FullEnvironment): boolean {
  return distinct(environment.services, environment).some(
    (group) => new Set(group.map(({ seen }) => seen.print)).size > 1,
  );
}

/** True when each role is filled by exactly one service: only then do comparisons have two clear sides. */
export function clear(environment: FullEnvironment): boolean {
  return present(environment) === pass;
}

/** True when there may be: copies of one service that are not written alike, and say the same, may count once. */
export function mayBeClear(environment: FullEnvironment): boolean {
  return has(present(environment), pass);
}

/** auth, backend, and everything else that carries a JWT variable. */
export const participants = remembered((environment: FullEnvironment, options: Options): FullService[] => {
  return environment.services.filter(
    (service) => service.role !== undefined || carried(service, options).length > 0,
  );
});

export function refsOf(environment: FullEnvironment, options: Options): FullRef[] {
  return participants(environment, options).flatMap((service) => {
    const found = effective(service, options);
    return found.kind === "reference" ? [found.ref] : [];
  });
}
