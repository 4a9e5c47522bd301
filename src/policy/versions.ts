/** Two versions of one secret, told apart by the SecretVersions that the stack declares too. */
import { all, type Comparison, compareSecrets, compareVersions, textOf } from "./compare.ts";
import type { DeclaredVersion, Environment, Part, Reference } from "./facts.ts";
import { resolvePart } from "./resolve.ts";

type Named = Pick<Reference, "project" | "secret">;

/**
 * The versions of two references, read as versions of one secret: where their secrets differ, that is another
 * rule's to say. A number that is another resource's is not that of this one.
 */
export function compareVersionsOf(a: Reference, b: Reference, environment: Environment): Comparison {
  const comparison = compareVersions(a.version, b.version);
  if (comparison.kind === "different" && strangers(a.version, b.version, environment)) {
    return { kind: "undetermined", reason: "versions of two secrets may have the same number" };
  }
  if (comparison.kind !== "undetermined") return comparison;
  const apart = isAnother(a.version, b, environment) || isAnother(b.version, a, environment);
  return apart ? { kind: "different" } : comparison;
}

/** Two references of one environment: project, secret and version. */
export function compareReferencesIn(a: Reference, b: Reference, environment: Environment): Comparison {
  return all([compareSecrets(a, b, environment.projects), compareVersionsOf(a, b, environment)]);
}

function declaredVersion(part: Part, environment: Environment): DeclaredVersion | undefined {
  if (part.kind !== "settled") return undefined;
  return environment.declared?.versions.find(({ urn }) => urn === part.urn);
}

function secretOf(version: DeclaredVersion, environment: Environment): Named {
  return {
    project: resolvePart(version.project, "project", environment),
    secret: resolvePart(version.secret, "secret", environment),
  };
}

/** Whether two versions known by their resources alone are not known to be of one secret. */
function strangers(a: Part, b: Part, environment: Environment): boolean {
  const [one, other] = [declaredVersion(a, environment), declaredVersion(b, environment)];
  if (one === undefined || other === undefined) return false;
  const secrets = compareSecrets(
    secretOf(one, environment),
    secretOf(other, environment),
    environment.projects,
  );
  return secrets.kind !== "same";
}

/**
 * Whether a version that is known by its resource alone cannot be the numbered one, because another resource of the
 * same secret is. In a rotation the new SecretVersion has no number yet, while the previous one has.
 */
function isAnother(settled: Part, numbered: Reference, environment: Environment): boolean {
  const number = textOf(numbered.version, "version");
  const own = declaredVersion(settled, environment);
  if (own === undefined || number === undefined) return false;
  const isOfTheSecret = (version: DeclaredVersion): boolean =>
    compareSecrets(secretOf(version, environment), numbered, environment.projects).kind === "same";
  return (
    isOfTheSecret(own) &&
    (environment.declared?.versions ?? []).some(
      (version) =>
        version.urn !== own.urn && textOf(version.version, "version") === number && isOfTheSecret(version),
    )
  );
}
