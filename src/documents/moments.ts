/** Two documents of one stack may be of two moments: then nobody knows which of them still holds. */
import type { Declared, DeclaredSecret, DeclaredVersion, Grant, Part, Service } from "../policy/facts.ts";

/** What a document says of one environment. */
export interface Said {
  services: readonly Service[];
  declared?: Declared;
}

/** `urn:pulumi:STACK::PROGRAM`: whose resource it is. */
const stackOf = (urn: string): string => urn.split("::", 2).join("::");

function urnsOf(services: readonly Service[], { secrets, versions, grants, accounts }: Declared): string[] {
  const resources = [secrets, versions, grants, accounts].flatMap((items) => items.map(({ urn }) => urn));
  return [...services.flatMap(({ location }) => location.urn ?? []), ...resources];
}

/** What is not known yet contradicts nothing. */
function samePart(a: Part, b: Part): boolean {
  const open = [a, b].some(({ kind }) => kind === "unknown" || kind === "settled");
  const [one, other] = [a, b].map((part) => (part.kind === "known" ? part.value : undefined));
  return open || one === other;
}

/** A text is the reason why it is not known. */
const sameFlag = (a: boolean | string, b: boolean | string): boolean =>
  typeof a === "string" || typeof b === "string" || a === b;

function sameMembers({ members: a }: Grant, { members: b }: Grant): boolean {
  return a.length === b.length && a.every((member, index) => samePart(member, b[index] ?? member));
}

const sameSecret = (a: DeclaredSecret, b: DeclaredSecret): boolean =>
  samePart(a.secret, b.secret) &&
  samePart(a.environment, b.environment) &&
  a.protected === b.protected &&
  a.external === b.external &&
  sameFlag(a.expires, b.expires);

const sameVersion = (a: DeclaredVersion, b: DeclaredVersion): boolean =>
  samePart(a.secret, b.secret) &&
  samePart(a.version, b.version) &&
  sameFlag(a.enabled, b.enabled) &&
  sameFlag(a.destroyedOnReplacement, b.destroyedOnReplacement);

const sameGrant = (a: Grant, b: Grant): boolean =>
  samePart(a.secret, b.secret) &&
  samePart(a.role, b.role) &&
  sameMembers(a, b) &&
  a.conditional === b.conditional &&
  a.exclusive === b.exclusive;

type Account = Declared["accounts"][number];

function byUrn<T extends { urn: string }>(items: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) found.set(item.urn, [...(found.get(item.urn) ?? []), item]);
  return found;
}

/** The resources that two documents do not say the same of, or that only one of them shows. A policy is several entries. */
function disputed<T extends { urn: string }>(
  a: readonly T[],
  b: readonly T[],
  same: (one: T, other: T) => boolean,
): string[] {
  const [left, right] = [byUrn(a), byUrn(b)];
  return [...new Set([...left.keys(), ...right.keys()])].filter((urn) => {
    const [ones, others] = [left.get(urn) ?? [], right.get(urn) ?? []];
    return ones.length !== others.length || !ones.every((one, index) => same(one, others[index] ?? one));
  });
}

/**
 * Why what two documents of one environment declare cannot be added up: they are of one stack, and do not say the same.
 * Undefined where they do, where they are of two stacks, and where one of them is not whole anyway.
 */
export function contradiction(one: Said, other: Said): string | undefined {
  const [a, b] = [one.declared, other.declared];
  if (a === undefined || b === undefined || (a.incomplete ?? b.incomplete) !== undefined) return undefined;
  const others = new Set(urnsOf(other.services, b).map(stackOf));
  const stacks = new Set(
    urnsOf(one.services, a)
      .map(stackOf)
      .filter((stack) => others.has(stack)),
  );
  const urn = [
    ...disputed(a.secrets, b.secrets, sameSecret),
    ...disputed(a.versions, b.versions, sameVersion),
    ...disputed(a.grants, b.grants, sameGrant),
    ...disputed(a.accounts, b.accounts, (x: Account, y: Account) => samePart(x.email, y.email)),
  ].find((one) => stacks.has(stackOf(one)));
  if (urn === undefined) return undefined;
  const name = urn.split("::").at(-1) ?? urn;
  return `the documents of the stack do not say the same of ${name}: give only the newest of them`;
}
