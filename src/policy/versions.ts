/** Two versions of one secret, told apart by the SecretVersions that the stack declares too. */
import { all, type Comparison, compareSecrets, compareVersions, textOf } from "./compare.ts";
import type { Environment, Part, Reference } from "./facts.ts";
import { resolvePart } from "./resolve.ts";

/** The versions of two references. A number that is another resource's is not that of this one. */
export function compareVersionsOf(a: Reference, b: Reference, environment: Environment): Comparison {
  const comparison = compareVersions(a.version, b.version);
  if (comparison.kind !== "undetermined") return comparison;
  const apart = isAnother(a.version, b, environment) || isAnother(b.version, a, environment);
  return apart ? { kind: "different" } : comparison;
}

/** Two references of one environment: project, secret and version. */
export function compareReferencesIn(a: Reference, b: Reference, environment: Environment): Comparison {
  return all([compareSecrets(a, b, environment.projects), compareVersionsOf(a, b, environment)]);
}

/**
 * Whether a version that is known by its resource alone cannot be the numbered one, because another resource is.
 * In a rotation the new SecretVersion has no number yet, while the previous one has.
 */
function isAnother(settled: Part, numbered: Reference, environment: Environment): boolean {
  const number = textOf(numbered.version, "version");
  if (settled.kind !== "settled" || number === undefined || environment.declared === undefined) return false;
  return environment.declared.versions.some((version) => {
    if (version.urn === settled.urn) return false;
    if (textOf(resolvePart(version.version, "version", environment), "version") !== number) return false;
    const its = {
      project: resolvePart(version.project, "project", environment),
      secret: resolvePart(version.secret, "secret", environment),
    };
    return compareSecrets(its, numbered, environment.projects).kind === "same";
  });
}
