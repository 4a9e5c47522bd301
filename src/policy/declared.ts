/** Which resource of the stack a reference means. */
import { type Comparison, compareSecrets } from "./compare.ts";
import type { Declared, DeclaredSecret, DeclaredVersion, Environment, Reference, Service } from "./facts.ts";
import { resolve, resolvePart } from "./resolve.ts";
import { type Carried, jwtVariables, previousVariables } from "./variables.ts";

/** What names a secret. */
export type Named = Pick<Reference, "project" | "secret">;

/** The declared secrets a reference means: `found`, surely none (`elsewhere`), or undetermined: one of `secrets`, or none. */
export type Match =
  | { kind: "found"; secrets: DeclaredSecret[] }
  | { kind: "elsewhere" }
  | { kind: "undetermined"; secrets: DeclaredSecret[]; reason: string };

/** A declared secret as something to compare with: by its name where that is known, else by itself. */
export function identity(secret: DeclaredSecret, environment: Environment): Named {
  const self = { kind: "settled", urn: secret.urn } as const;
  return {
    project: resolvePart(self, "project", environment),
    secret: resolvePart(self, "secret", environment),
  };
}

/** Compares what a version, a grant or a reference names with a secret that is resolved. */
export function compareNamed(named: Named, target: Named, environment: Environment): Comparison {
  const resolved: Named = {
    project: resolvePart(named.project, "project", environment),
    secret: resolvePart(named.secret, "secret", environment),
  };
  return compareSecrets(resolved, target, environment.projects);
}

/** Compares a reference (or a version, or a grant) with a declared secret. */
export function compareWithSecret(
  named: Named,
  secret: DeclaredSecret,
  environment: Environment,
): Comparison {
  return compareNamed(named, identity(secret, environment), environment);
}

/** Finds the declared secret a reference means. */
export function matchSecret(reference: Named, declared: Declared, environment: Environment): Match {
  const compared = declared.secrets.map((secret) => ({
    secret,
    comparison: compareWithSecret(reference, secret, environment),
  }));
  const those = (kind: Comparison["kind"]): DeclaredSecret[] =>
    compared.flatMap(({ secret, comparison }) => (comparison.kind === kind ? [secret] : []));
  const found = those("same");
  if (found.length > 0) return { kind: "found", secrets: found };
  const [reason = declared.incomplete] = compared.flatMap(({ comparison }) =>
    comparison.kind === "undetermined" ? [comparison.reason] : [],
  );
  return reason === undefined
    ? { kind: "elsewhere" }
    : { kind: "undetermined", secrets: those("undetermined"), reason };
}

/** The declared versions of a declared secret, with those that may be of it and why that is not known. */
export function versionsOf(
  secret: DeclaredSecret,
  declared: Declared,
  environment: Environment,
): { version: DeclaredVersion; doubt?: string }[] {
  return declared.versions.flatMap((version) => {
    const comparison = compareWithSecret(version, secret, environment);
    if (comparison.kind === "different") return [];
    return comparison.kind === "same" ? [{ version }] : [{ version, doubt: comparison.reason }];
  });
}

/** A variable with the resolved reference it carries. */
export interface CarriedReference extends Carried {
  reference: Reference;
}

function referencesIn(carried: readonly Carried[], environment: Environment): CarriedReference[] {
  return carried.flatMap((one) =>
    one.variable.value.kind === "reference"
      ? [{ ...one, reference: resolve(one.variable.value.reference, environment) }]
      : [],
  );
}

/** The references that the JWT variables of a service carry, resolved. */
export function jwtReferences(service: Service, environment: Environment): CarriedReference[] {
  return referencesIn(jwtVariables(service), environment);
}

/** The references that the previous key's variables of a service carry, resolved. */
export function previousReferences(service: Service, environment: Environment): CarriedReference[] {
  return referencesIn(previousVariables(service), environment);
}

/** The references to the current key and to the one before it that a service carries, resolved. */
export function keyReferences(service: Service, environment: Environment): CarriedReference[] {
  return [...jwtReferences(service, environment), ...previousReferences(service, environment)];
}

/** One carried reference per distinct one, so that five variables with one secret are judged once. */
export function distinct(carried: readonly CarriedReference[]): CarriedReference[] {
  const seen = new Set<string>();
  return carried.filter(({ reference }) => {
    const key = JSON.stringify([reference.project, reference.secret, reference.version]);
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}
