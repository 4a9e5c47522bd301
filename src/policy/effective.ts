/** The reference a service really uses: the first JWT variable present, in the service's own read order. */
import { compareReferences } from "./compare.ts";
import type { Container, Environment, Reference, Service } from "./facts.ts";
import { resolve } from "./resolve.ts";
import {
  type Carried,
  containersOf,
  defaultOrder,
  environmentOf,
  hiddenBecause,
  isJwtVariable,
  nameOf,
  type OwnEnvironment,
} from "./variables.ts";

/** What one container reads as its key. The reference is resolved (see resolve.ts). */
export type Reading =
  | { kind: "reference"; carried: Carried; reference: Reference }
  | { kind: "literal"; carried: Carried }
  | { kind: "undecided"; reason: string };

/**
 * What each container of a service that carries a JWT variable reads as its key.
 * Empty when no container carries one; a single undecided reading when the document hides the containers.
 *
 * A container reads variables; a mounted file counts only where `reads` names it, or where it carries no variable.
 * Undecided is what the document cannot tell, and among it one case that looks like an answer: JWT variables of
 * which none is in the read order (only `JWT_SECRET_PRODUCTION` on a service of staging). The read order is code that
 * no document shows, so neither "it finds no key" nor "it reads that one" would be the truth.
 */
export function readings(service: Service, environment: Environment): Reading[] {
  const hidden = hiddenBecause(service);
  if (hidden !== undefined) return [{ kind: "undecided", reason: `its containers are hidden: ${hidden}` }];
  return containersOf(service).flatMap((container) => readingOf(container, service, environment) ?? []);
}

/** The one effective reference of a service; undefined when it is undecided, a literal, or differs by container. */
export function effectiveReference(service: Service, environment: Environment): Reference | undefined {
  const [first, ...others] = readings(service, environment);
  if (first?.kind !== "reference") return undefined;
  const agree = others.every(
    (one) =>
      one.kind === "reference" &&
      compareReferences(first.reference, one.reference, environment.projects).kind === "same",
  );
  return agree ? first.reference : undefined;
}

function readingOf(container: Container, service: Service, environment: Environment): Reading | undefined {
  const carried: Carried[] = container.variables
    .filter((variable) => isJwtVariable(variable, service))
    .map((variable) => ({ container, variable, name: nameOf(variable) }));
  if (carried.length === 0) return undefined;
  for (const wanted of service.reads) {
    const found = carried.filter((one) => one.name === wanted || one.variable.name === wanted);
    if (found.length > 0) return agreed(found, environment, `${wanted} is there more than once`);
  }
  const variables = carried.filter((one) => one.variable.via === "variable");
  const candidates = variables.length > 0 ? variables : carried;
  return byDefaultOrder(candidates, environmentOf(container), service, environment);
}

/** The environment of a container that does not say one: that of the others of its service, else the one checked. */
function assumed(service: Service, { name }: Environment): string | undefined {
  const said = containersOf(service).flatMap((container) => {
    const own = environmentOf(container);
    return own.kind === "known" ? [own.text] : [];
  });
  const [text, ...others] = new Set(said);
  return others.length > 0 ? undefined : (text ?? name);
}

function byDefaultOrder(
  candidates: Carried[],
  own: OwnEnvironment,
  service: Service,
  environment: Environment,
): Reading {
  const named = (name: string): Carried[] => candidates.filter((one) => one.name === name);
  const text =
    own.kind === "known" ? own.text : own.kind === "absent" ? assumed(service, environment) : undefined;
  const order = text === undefined ? [] : defaultOrder(text);
  const first = order.find((name) => named(name).length > 0);
  if (order.length > 0 && first === undefined) {
    const names = candidates.map((one) => one.name).join(", ");
    return {
      kind: "undecided",
      reason: `it carries ${names}, none of which it is known to read (${order.join(", ")})`,
    };
  }
  if (own.kind === "known" && first !== undefined) {
    return agreed(named(first), environment, `${first} is there more than once`);
  }
  const plain = named("JWT_SECRET_KEY").length > 0 ? named("JWT_SECRET_KEY") : named("JWT_SECRET");
  const suffixed = candidates.filter((one) => one.name !== "JWT_SECRET_KEY" && one.name !== "JWT_SECRET");
  const why =
    suffixed.length === 0
      ? `${plain[0]?.name} is there more than once`
      : `its ENVIRONMENT is ${own.kind === "unknown" ? `not known (${own.reason})` : own.kind}, so whether it reads ${suffixed.map((one) => one.name).join(", ")} first is not known`;
  return agreed([...suffixed, ...plain], environment, why);
}

/** The reading that all candidates give alike; undecided for the reason given when they do not. */
function agreed(candidates: Carried[], environment: Environment, why: string): Reading {
  const [first, ...others] = candidates;
  if (first === undefined) return { kind: "undecided", reason: why };
  const { value } = first.variable;
  if (value.kind === "unknown")
    return { kind: "undecided", reason: `${first.name} is not known: ${value.reason}` };
  if (value.kind === "literal") {
    return others.every((one) => one.variable.value.kind === "literal")
      ? { kind: "literal", carried: first }
      : { kind: "undecided", reason: why };
  }
  const reference = resolve(value.reference, environment);
  const agree = others.every(
    (one) =>
      one.variable.value.kind === "reference" &&
      compareReferences(reference, resolve(one.variable.value.reference, environment), environment.projects)
        .kind === "same",
  );
  return agree ? { kind: "reference", carried: first, reference } : { kind: "undecided", reason: why };
}
