/** What a reference is once everything else in the document has been taken into account. */
import type { What } from "./compare.ts";
import type { Declared, Environment, Part, Reference } from "./facts.ts";

type Resource = { project: Part; secret: Part; version?: Part };

const indexes = new WeakMap<Declared, Map<string, Resource>>();

function resourcesOf(declared: Declared): Map<string, Resource> {
  let index = indexes.get(declared);
  if (index === undefined) {
    index = new Map();
    for (const version of declared.versions) index.set(version.urn, version);
    for (const secret of declared.secrets) index.set(secret.urn, secret);
    indexes.set(declared, index);
  }
  return index;
}

/**
 * A part that is settled to a declared resource, with the text that the resource shows for it.
 * It stays settled where the resource does not show one either.
 */
export function resolvePart(part: Part, what: What, environment: Environment): Part {
  if (environment.declared === undefined) return part;
  const resources = resourcesOf(environment.declared);
  const seen = new Set<string>();
  let current = part;
  while (current.kind === "settled" && !seen.has(current.urn)) {
    seen.add(current.urn);
    const next: Part | undefined = resources.get(current.urn)?.[what];
    if (next === undefined || next.kind === "absent") return current;
    if (next.kind === "known") return { ...next, settledBy: current.urn };
    if (next.kind === "unknown") return next.scope === undefined ? current : next;
    current = next;
  }
  return current;
}

/** A reference whose settled parts carry the text of their resources, where the document holds it. */
export function resolve(reference: Reference, environment: Environment): Reference {
  if (environment.declared === undefined) return reference;
  return {
    project: resolvePart(reference.project, "project", environment),
    secret: resolvePart(reference.secret, "secret", environment),
    version: resolvePart(reference.version, "version", environment),
  };
}
