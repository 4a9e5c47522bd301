import { type Comparison, compareSecrets, pinning, whyUnknown } from "../compare.ts";
import { printCarried, printReference } from "../describe.ts";
import { type Reading, readings } from "../effective.ts";
import type { Environment, Service } from "../facts.ts";
import { judged, notApplicable, undetermined, violation } from "../finding.ts";
import { withRivals } from "../rivals.ts";
import type { Finding, Rule } from "../rule.ts";
import { pairs } from "../services.ts";
import { compareVersionsOf } from "../versions.ts";

const id = "same-jwt-secret-version";

export const sameJwtSecretVersion: Rule = {
  id,
  description: "The effective references of both services name one version of the secret.",
  severity: "mandatory",
  unwaivable: false,
  why: "Two versions of one secret are two keys. A service on version 2 refuses what a service on version 1 has signed, and a service on `latest` changes its key whenever one of its instances starts after a rotation, while the pinned one keeps it.",
  remediation:
    "Give both services the same version number. To rotate, deploy the verifier first with the new key as current and the old one in `JWT_SECRET_PREVIOUS`, then the signer.",
  judge(environment) {
    const compared = pairs(environment).flatMap(([a, b]) => compareServices(a, b, environment));
    const found = withRivals(oneEach(compared.flatMap(judgePair)), environment, (a, b) =>
      compareServices(a, b, environment).flatMap(judgePair),
    );
    if (compared.length === 0 && found.length === 0) {
      return notApplicable(
        "no two services carry pinned references of one secret; the other rules speak of that",
      );
    }
    if (found.length === 0 && undecided(environment)) {
      return notApplicable("what some service reads cannot be told; same-jwt-secret speaks of that");
    }
    return judged(found);
  },
};

/** Whether some service does not say what it reads: `same-jwt-secret` tells so, and here nothing holds. */
function undecided(environment: Environment): boolean {
  return pairs(environment)
    .flat()
    .some((service) => readings(service, environment).some(({ kind }) => kind === "undecided"));
}

interface Compared {
  a: Service;
  b: Service;
  left: Reading;
  right: Reading;
  comparison: Comparison;
}

function compareServices(a: Service, b: Service, environment: Environment): Compared[] {
  return readings(a, environment).flatMap((left) =>
    readings(b, environment).flatMap((right) => {
      const comparison = compare(left, right, environment);
      return comparison === undefined ? [] : [{ a, b, left, right, comparison }];
    }),
  );
}

/** Undefined where another rule speaks: no reference, two secrets, or a version that moves on both sides. */
function compare(left: Reading, right: Reading, environment: Environment): Comparison | undefined {
  if (left.kind !== "reference" || right.kind !== "reference") return undefined;
  if (compareSecrets(left.reference, right.reference, environment.projects).kind === "different")
    return undefined;
  const [a, b] = [left.reference.version, right.reference.version];
  const [one, other] = [pinning(a), pinning(b)];
  if (one === "moving" && other === "moving") return undefined;
  if (one === "unknown" && other === "moving")
    return { kind: "undetermined", reason: whyUnknown(a, "version") };
  if (one === "moving" && other === "unknown")
    return { kind: "undetermined", reason: whyUnknown(b, "version") };
  if (one !== other && one !== "unknown" && other !== "unknown") return { kind: "different" };
  return compareVersionsOf(left.reference, right.reference, environment);
}

function judgePair({ a, b, left, right, comparison }: Compared): Finding[] {
  if (comparison.kind === "same" || left.kind !== "reference" || right.kind !== "reference") return [];
  const again = left.carried.name === right.carried.name ? "it" : printCarried(right.carried);
  const said = `${a.label} reads ${printCarried(left.carried)} from ${printReference(left.reference)}, ${b.label} reads ${again} from ${printReference(right.reference)}`;
  const at = right.carried;
  if (comparison.kind === "undetermined") {
    return [
      undetermined(id, {
        services: [a, b],
        message: `${said}: whether these are one version cannot be told (${comparison.reason}).`,
        fix: `Pin both to the same version number, or check a document that shows both versions.`,
        at,
      }),
    ];
  }
  const moving = [left, right].some(({ reference }) => pinning(reference.version) === "moving");
  return [
    violation(id, {
      services: [a, b],
      message: moving
        ? `${said}: after the next rotation ${b.label} and ${a.label} will hold different keys and refuse each other's tokens.`
        : `${said}: ${b.label} will refuse every token ${a.label} signs.`,
      fix: `Pin ${a.label} and ${b.label} to the same version number.`,
      at,
    }),
  ];
}

/** One finding per pair of services: the gravest. */
function oneEach(findings: Finding[]): Finding[] {
  const byPair = new Map<string, Finding>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.services, finding.location?.file, finding.location?.urn]);
    const known = byPair.get(key);
    if (known === undefined || (known.verdict === "undetermined" && finding.verdict === "violation")) {
      byPair.set(key, finding);
    }
  }
  return [...byPair.values()];
}
