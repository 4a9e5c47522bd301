/** Which services of an environment a rule speaks of: one given twice counts once, a role's services, all that carry a JWT variable. */
import { compareProjects } from "./compare.ts";
import { type Environment, type Role, roles, type Service } from "./facts.ts";
import { resolve } from "./resolve.ts";
import { hiddenBecause, jwtVariables } from "./variables.ts";

interface Sorted {
  /** Each service once. */
  all: Service[];
  /** Entries of one service that do not say the same, by service. */
  contradictions: Service[][];
}

// Every rule asks, and an environment may hold thousands of services that carry nothing.
const cache = new WeakMap<Environment, Sorted>();
const carrying = new WeakMap<Environment, Service[]>();

function sort(environment: Environment): Sorted {
  const known = cache.get(environment);
  if (known !== undefined) return known;
  const places = new Map<string, Service[][]>();
  const all: Service[] = [];
  for (const service of revisionsLast(environment.services)) {
    const place = placeOf(service);
    const entries = place === undefined ? [] : (places.get(place) ?? []);
    if (place !== undefined) places.set(place, entries);
    const twins = entries.find(([other]) => other !== undefined && sameService(other, service, environment));
    if (twins?.some((other) => saysTheSame(other, service, environment))) continue;
    if (twins === undefined) entries.push([service]);
    else twins.push(service);
    all.push(service);
  }
  const rank = { auth: 0, backend: 1, none: 2 };
  all.sort((a, b) => rank[a.role ?? "none"] - rank[b.role ?? "none"]);
  const sorted = { all, contradictions: [...places.values()].flat().filter((entries) => entries.length > 1) };
  cache.set(environment, sorted);
  return sorted;
}

/** A revision that says what its service does adds nothing: the service, which tells what serves, is the one that stays. */
function revisionsLast(services: readonly Service[]): readonly Service[] {
  const isRevision = ({ kind }: Service): boolean => kind === "revision";
  if (!services.some(isRevision)) return services;
  return [...services.filter((one) => !isRevision(one)), ...services.filter(isRevision)];
}

function saysTheSame(one: Service, other: Service, environment: Environment): boolean {
  const serving = one.kind === other.kind;
  return content(one, environment, serving) === content(other, environment, serving);
}

/**
 * The services of an environment, auth first, then backend, then the others; in document order otherwise.
 * A service given twice counts once when both say the same; where they do not, both stay.
 */
export function servicesOf(environment: Environment): readonly Service[] {
  return sort(environment).all;
}

/** Entries that speak of one service and do not say the same of it, by service. */
export function contradictionsIn(environment: Environment): readonly Service[][] {
  return sort(environment).contradictions;
}

/** The services of which the documents say one thing. Of the others nobody knows which entry is true. */
export function reliable(environment: Environment): readonly Service[] {
  const { all, contradictions } = sort(environment);
  if (contradictions.length === 0) return all;
  const doubtful = new Set(contradictions.flat());
  return all.filter((service) => !doubtful.has(service));
}

/** Whether two entries speak of one service: same role, name, project and region, or one resource of a stack. */
export function sameService(a: Service, b: Service, environment: Environment): boolean {
  if (a.role !== b.role || placeOf(a) === undefined || placeOf(a) !== placeOf(b)) return false;
  if (a.location.urn !== undefined && a.location.urn === b.location.urn) return true;
  if (a.name.kind === "known" && b.name.kind === "known") {
    return compareProjects(a.project, b.project, environment.projects).kind === "same";
  }
  return true;
}

/** A revision goes by the name of its service. */
const kindOf = ({ kind }: Service): string => (kind === "revision" ? "service" : kind);

function placeOf(service: Service): string | undefined {
  if (service.name.kind === "known")
    return JSON.stringify(["name", kindOf(service), service.name.value, service.region]);
  return service.location.urn === undefined ? undefined : JSON.stringify(["urn", service.location.urn]);
}

/** What a service says, whatever file and order it says it in; with or without what it says of what serves. */
function content(service: Service, environment: Environment, serving: boolean): string {
  const containers = Array.isArray(service.containers)
    ? service.containers
        .map((container) =>
          stable({
            name: container.name,
            init: container.init,
            variables: container.variables
              .map(({ name, via, value }) =>
                stable({
                  name,
                  via,
                  value:
                    value.kind === "reference" ? { reference: resolve(value.reference, environment) } : value,
                }),
              )
              .sort(),
          }),
        )
        .sort()
    : service.containers;
  return stable({
    containers,
    account: service.account,
    reads: service.reads,
    ...(serving ? { serving: service.serving } : {}),
  });
}

/** JSON with sorted keys. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** All services in a role; one when everything is in order. */
export function inRole(environment: Environment, role: Role): Service[] {
  return servicesOf(environment).filter((service) => service.role === role);
}

/** The one service in a role; undefined when there is none, or more than one. */
export function theOne(environment: Environment, role: Role): Service | undefined {
  const found = inRole(environment, role);
  return found.length === 1 ? found[0] : undefined;
}

/**
 * The services the rules hold to account: the one in each role, and any further one that carries a JWT variable.
 * Where several may be in a role, one that carries no JWT variable is none of the policy's business.
 */
export function carriers(environment: Environment): readonly Service[] {
  const known = carrying.get(environment);
  if (known !== undefined) return known;
  const alone = new Set(roles.map((role) => theOne(environment, role)));
  const found = reliable(environment).filter(
    (service) => alone.has(service) || jwtVariables(service).length > 0,
  );
  carrying.set(environment, found);
  return found;
}

/** Services not known to be auth or backend whose containers the document hides: they may carry a JWT variable unseen. */
export function hiddenStrangers(environment: Environment): Service[] {
  const alone = new Set(roles.map((role) => theOne(environment, role)));
  return reliable(environment).filter(
    (service) => !alone.has(service) && hiddenBecause(service) !== undefined,
  );
}

/** Why a rule about the two services cannot hold: they are not both known. Undefined when they are. */
export function incompletePair(environment: Environment): string | undefined {
  const missing = roles.filter((role) => theOne(environment, role) === undefined);
  return missing.length === 0 ? undefined : `there is not exactly one ${missing.join(" and one ")}`;
}

/**
 * The pairs that must agree: auth with backend, and each further carrier with auth (with backend where there is not
 * one auth). Where several may be in a role, each is a further carrier, and `services-present` speaks too.
 */
export function pairs(environment: Environment): [Service, Service][] {
  const [auth, backend] = [theOne(environment, "auth"), theOne(environment, "backend")];
  const anchor = auth ?? backend;
  if (anchor === undefined) return [];
  const further = carriers(environment).filter((service) => service !== auth && service !== backend);
  const found: [Service, Service][] = further.map((service) => [anchor, service]);
  return auth !== undefined && backend !== undefined ? [[auth, backend], ...found] : found;
}
