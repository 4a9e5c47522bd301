import { all, type Comparison, compareSecrets, pinning } from "../compare.ts";
import { type CarriedReference, previousReferences } from "../declared.ts";
import { list, printReference } from "../describe.ts";
import { readings } from "../effective.ts";
import { type Environment, type Reference, roles, type Service } from "../facts.ts";
import { hidden, judgedForBoth, undetermined, violation } from "../finding.ts";
import type { Finding, Rule } from "../rule.ts";
import { carriers, theOne } from "../services.ts";
import { hiddenBecause, previousVariables } from "../variables.ts";
import { compareReferencesIn, compareVersionsOf } from "../versions.ts";

const id = "previous-version-agrees";

export const previousVersionAgrees: Rule = {
  id,
  description:
    "JWT_SECRET_PREVIOUS is injected into both services or neither, carries the same reference on both, and is not the current version.",
  severity: "mandatory",
  unwaivable: false,
  why: "In a rotation the verifier accepts the old key beside the new one until the last old token has expired. With the previous key on one service only, or another one on each, tokens that are still valid are refused; with the current key as the previous one, the overlap that the rotation counts on does not exist.",
  remediation:
    "Let `JWT_SECRET_PREVIOUS` on both services refer to the version that was current before, pinned to its number. Remove it from both once the longest-lived old token has expired.",
  judge(environment) {
    const services = carriers(environment);
    const unseen = services.flatMap((service) => hidden(id, service, "its previous key") ?? []);
    const found = [
      ...unseen,
      ...oneSided(environment),
      ...services.flatMap((service) => withoutReference(service)),
      ...disagreement(services, environment),
      ...services.flatMap((service) => isCurrent(service, environment)),
    ];
    return judgedForBoth(found, environment);
  },
};

function oneSided(environment: Environment): Finding[] {
  const visible = roles
    .flatMap((role) => theOne(environment, role) ?? [])
    .filter((service) => hiddenBecause(service) === undefined);
  const bare = visible.filter((service) => previousVariables(service).length === 0);
  const having = visible.filter((service) => previousVariables(service).length > 0);
  if (bare.length === 0 || having.length === 0) return [];
  const names = (some: Service[]): string => list(some.map((service) => service.label));
  return [
    violation(id, {
      services: visible,
      message: `${names(having)} carries JWT_SECRET_PREVIOUS and ${names(bare)} does not: ${names(bare)} will refuse tokens signed before the rotation.`,
      fix: `Inject JWT_SECRET_PREVIOUS into both services, or remove it from both.`,
    }),
  ];
}

function withoutReference(service: Service): Finding[] {
  return previousVariables(service).flatMap((one): Finding[] => {
    const { value } = one.variable;
    if (value.kind === "reference") return [];
    if (value.kind === "literal") {
      return [
        violation(id, {
          services: [service],
          message: `${service.label} carries JWT_SECRET_PREVIOUS as plain text: everyone who may see the service can sign tokens that are still accepted.`,
          fix: `Let JWT_SECRET_PREVIOUS of ${service.label} refer to the previous version of the secret, or remove it.`,
          at: one,
        }),
      ];
    }
    return [
      undetermined(id, {
        services: [service],
        message: `What JWT_SECRET_PREVIOUS of ${service.label} carries cannot be told (${value.reason}).`,
        fix: `Check a document that shows JWT_SECRET_PREVIOUS of ${service.label}, such as the live service.`,
        at: one,
      }),
    ];
  });
}

interface Previous {
  service: Service;
  carried: CarriedReference;
}

/** Each previous key that is not the same as one before it, held against the one it is farthest from. */
function disagreement(services: readonly Service[], environment: Environment): Finding[] {
  const before: Previous[] = [];
  return services.flatMap((service) =>
    previousReferences(service, environment).flatMap((carried): Finding[] => {
      const current = { service, carried };
      const compared = before.map((other) => ({
        other,
        comparison: compareReferencesIn(other.carried.reference, carried.reference, environment),
      }));
      const worst =
        compared.find(({ comparison }) => comparison.kind === "different") ??
        compared.find(({ comparison }) => comparison.kind === "undetermined");
      // One that equals an earlier one adds nothing for those that follow: the list stays short.
      if (compared.every(({ comparison }) => comparison.kind !== "same")) before.push(current);
      return worst === undefined ? [] : [disagree(worst.other, current, worst.comparison)];
    }),
  );
}

function disagree(one: Previous, other: Previous, comparison: Comparison): Finding {
  const [a, b] = [one, other].map(
    ({ service, carried }) =>
      `${service.label} reads JWT_SECRET_PREVIOUS from ${printReference(carried.reference)}`,
  );
  const rest = {
    services: [one.service, other.service],
    fix: "Let JWT_SECRET_PREVIOUS refer to the same version on both services.",
    at: other.carried,
  };
  return comparison.kind === "undetermined"
    ? undetermined(id, {
        ...rest,
        message: `${a}, ${b}: whether these are one version cannot be told (${comparison.reason}).`,
      })
    : violation(id, {
        ...rest,
        message: `${a}, ${b}: one of them will refuse tokens signed before the rotation.`,
      });
}

/** Whether two references are one key. A version that moves may be any number. */
function sameKey(a: Reference, b: Reference, environment: Environment): Comparison {
  const versions = compareVersionsOf(a, b, environment);
  const moves = pinning(a.version) !== "pinned" || pinning(b.version) !== "pinned";
  const told: Comparison =
    versions.kind === "different" && moves
      ? { kind: "undetermined", reason: "which version it is at a time is not in the document" }
      : versions;
  return all([compareSecrets(a, b, environment.projects), told]);
}

function isCurrent(service: Service, environment: Environment): Finding[] {
  const previous = previousReferences(service, environment);
  if (previous.length === 0) return [];
  const compared = previous.flatMap((one) =>
    readings(service, environment).flatMap((reading): { one: CarriedReference; comparison: Comparison }[] => {
      if (reading.kind === "literal") return [];
      const comparison: Comparison =
        reading.kind === "undecided"
          ? { kind: "undetermined", reason: reading.reason }
          : sameKey(one.reference, reading.reference, environment);
      return [{ one, comparison }];
    }),
  );
  const current = compared.find(({ comparison }) => comparison.kind === "same");
  if (current !== undefined) {
    return [
      violation(id, {
        services: [service],
        message: `${service.label} carries the current key ${printReference(current.one.reference)} as JWT_SECRET_PREVIOUS too: tokens signed before the rotation will be refused.`,
        fix: `Let JWT_SECRET_PREVIOUS of ${service.label} refer to the version that was current before, or remove it.`,
        at: current.one,
      }),
    ];
  }
  const doubt = compared.find(({ comparison }) => comparison.kind === "undetermined");
  if (doubt?.comparison.kind !== "undetermined") return [];
  return [
    undetermined(id, {
      services: [service],
      message: `Whether JWT_SECRET_PREVIOUS of ${service.label}, from ${printReference(doubt.one.reference)}, is the current key cannot be told (${doubt.comparison.reason}).`,
      fix: `Pin both the current and the previous version of ${service.label} to their numbers.`,
      at: doubt.one,
    }),
  ];
}
