import { type Comparison, compareSecrets, textOf } from "../compare.ts";
import { list, printCarried, printReference } from "../describe.ts";
import { type Reading, readings } from "../effective.ts";
import type { Environment, Service } from "../facts.ts";
import { judged, notApplicable, undetermined, violation } from "../finding.ts";
import { withRivals } from "../rivals.ts";
import type { Finding, Rule } from "../rule.ts";
import { hiddenStrangers, pairs } from "../services.ts";

const id = "same-jwt-secret";

export const sameJwtSecret: Rule = {
  id,
  description:
    "The effective references of both services, each the first variable present in that service's own read order, name one secret; so does any further service that carries a JWT variable, and where all that a service carries is named after other environments, nobody knows what it reads.",
  severity: "mandatory",
  unwaivable: true,
  why: "A token is signed by auth with its key and verified by backend with its own. When the two come from different secrets, backend refuses every token auth signs: users see HTTP 403 on each request and each WebSocket, while both services start, report healthy and carry variables of equal names.",
  remediation:
    "Make one secret per environment and let both services refer to it, in the same project, under every JWT variable they carry. Where a service reads its variables in an order of its own, tell the check: `--reads backend=JWT_SECRET_STAGING,JWT_SECRET_KEY`.",
  judge(environment) {
    const compared = pairs(environment)
      .map(([a, b]) => ({ a, b, left: readings(a, environment), right: readings(b, environment) }))
      .filter(({ left, right }) => left.length > 0 && right.length > 0);
    const strangers = hiddenStrangers(environment);
    const found = [
      ...compared.flatMap(({ a, b, left, right }) => judgePair(a, b, left, right, environment)),
      ...(strangers.length > 0 ? [unseen(strangers)] : []),
    ];
    const findings = withRivals(found, environment, (a, b) =>
      judgePair(a, b, readings(a, environment), readings(b, environment), environment),
    );
    if (compared.length === 0 && findings.length === 0) {
      return notApplicable("there are no two services with a JWT variable to compare");
    }
    return judged(findings);
  },
};

interface Compared {
  left: Reading;
  right: Reading;
  comparison: Comparison;
}

function compareReadings(left: Reading, right: Reading, environment: Environment): Comparison {
  if (left.kind === "undecided") return { kind: "undetermined", reason: left.reason };
  if (right.kind === "undecided") return { kind: "undetermined", reason: right.reason };
  // Plain text names no secret, so it cannot be the one the other service names, nor can two texts name one.
  if (left.kind === "literal" || right.kind === "literal") return { kind: "different" };
  return compareSecrets(left.reference, right.reference, environment.projects);
}

function judgePair(
  a: Service,
  b: Service,
  left: Reading[],
  right: Reading[],
  environment: Environment,
): Finding[] {
  const all: Compared[] = left.flatMap((one) =>
    right.map((other) => ({ left: one, right: other, comparison: compareReadings(one, other, environment) })),
  );
  if (all.every(({ comparison }) => comparison.kind === "same")) return [];
  const [first] = all;
  if (first !== undefined && all.every(({ comparison }) => comparison.kind === "different")) {
    return [differ(a, b, first)];
  }
  const doubt = all.find(({ comparison }) => comparison.kind === "undetermined");
  return [cannotTell(a, b, doubt ?? first)];
}

function sentence(a: Service, b: Service, { left, right }: Compared): string {
  const same =
    left.kind !== "undecided" && right.kind !== "undecided" && left.carried.name === right.carried.name;
  return `${a.label} reads ${source(left, false)}, ${b.label} reads ${source(right, same)}`;
}

function source(reading: Reading, again: boolean): string {
  if (reading.kind === "undecided") return "a key that cannot be told";
  const what = again ? "it" : printCarried(reading.carried);
  return reading.kind === "literal"
    ? `${what} as plain text`
    : `${what} from ${printReference(reading.reference)}`;
}

function consequence(a: Service, b: Service): string {
  return a.role === "backend"
    ? `${a.label} will refuse tokens that ${b.label} signs, and the other way round`
    : `${b.label} will refuse every token ${a.label} signs`;
}

function differ(a: Service, b: Service, first: Compared): Finding {
  const literal = first.left.kind === "literal" || first.right.kind === "literal";
  return violation(id, {
    services: [a, b],
    message: literal
      ? `${sentence(a, b, first)}: they name no common secret, and ${b.label} will refuse every token ${a.label} signs as soon as the two differ.`
      : `${sentence(a, b, first)}: ${consequence(a, b)}.`,
    fix: `Let every JWT variable of ${a.label} and ${b.label} refer to one secret.`,
    at: first.right.kind === "undecided" ? undefined : first.right.carried,
  });
}

function cannotTell(a: Service, b: Service, doubt: Compared | undefined): Finding {
  const reason =
    doubt?.comparison.kind === "undetermined"
      ? doubt.comparison.reason
      : "their containers read different secrets";
  const owner = doubt?.left.kind === "undecided" ? a : doubt?.right.kind === "undecided" ? b : undefined;
  const said =
    owner === undefined && doubt?.comparison.kind === "undetermined"
      ? `${sentence(a, b, doubt)}: whether these are one secret cannot be told (${reason}).`
      : `Whether ${a.label} and ${b.label} use one secret cannot be told (${owner === undefined ? "" : `${owner.label}: `}${reason}).`;
  return undetermined(id, {
    services: [a, b],
    message: said,
    fix: hangsOnProjects(doubt)
      ? "Say which project it is: --project ID where the documents name none, --project ID=NUMBER for the two names of one."
      : "Let every JWT variable carry one pinned reference, name the read order with --reads ROLE=VAR,VAR, or check a document that shows both references.",
  });
}

/** Two secrets of one name, in projects that the documents do not tell apart. */
function hangsOnProjects(doubt: Compared | undefined): boolean {
  if (doubt?.left.kind !== "reference" || doubt.right.kind !== "reference") return false;
  const [one, other] = [doubt.left.reference, doubt.right.reference].map(({ secret }) =>
    textOf(secret, "secret"),
  );
  return one !== undefined && one === other;
}

function unseen(strangers: Service[]): Finding {
  return undetermined(id, {
    services: strangers,
    message: `The document hides the containers of ${list(strangers.map((service) => service.label))}, so whether ${strangers.length === 1 ? "it uses" : "they use"} another JWT secret cannot be told.`,
    fix: "Check a document that shows their containers, such as the live services.",
  });
}
