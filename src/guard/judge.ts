/** What the policy says of the services, in the one line that a refusal shows. */
import type { Environment } from "../environment/environment.ts";
import { jwtVariableNames } from "../environment/names.ts";
import type { Facts, Service } from "../policy/facts.ts";
import { decide } from "../policy/policy.ts";
import type { ReportedFinding } from "../policy/report.ts";
import { visible } from "../reports/escape.ts";
import type { GuardedFacts } from "./facts.ts";

/**
 * The rules that a service's inputs answer. The others need what is not there when a service is registered: grants,
 * the live service, other environments, or the whole program.
 */
export const askedRules: ReadonlySet<string> = new Set([
  "jwt-secret-injected",
  "no-plaintext-jwt-secret",
  "single-jwt-reference",
  "same-jwt-secret",
  "same-jwt-secret-version",
  "pinned-jwt-secret-version",
  "environment-agrees",
  "jwt-secret-declared",
  "fingerprint-agrees",
  "previous-version-agrees",
]);

/** Violations first: what cannot be told may follow from them. */
const gravest = { violation: 0, undetermined: 1 } as const;

/**
 * The rules that look at the previous key: whether it differs from the current one, which has no number yet when the
 * rotation is previewed, and whether it is there.
 */
const ofRotation: ReadonlySet<string> = new Set(["previous-version-agrees", "jwt-secret-declared"]);

function findingsOf(facts: Facts): ReportedFinding[] {
  return decide(facts)
    .environments.flatMap((one) => one.findings)
    .filter(({ rule, severity }) => severity === "mandatory" && askedRules.has(rule));
}

/** Why services may not be deployed, in one line: the gravest finding of a mandatory rule. Undefined when they may. */
export function objection(
  { facts, rotation, own }: GuardedFacts,
  environment: Environment,
): string | undefined {
  const findings = [
    ...findingsOf(facts).filter(({ rule }) => rule !== "previous-version-agrees"),
    ...findingsOf(rotation).filter(({ rule }) => ofRotation.has(rule)),
  ].sort((a, b) => gravest[a.verdict] - gravest[b.verdict]);
  const [first] = findings;
  return first === undefined ? missingVariable(own, environment) : line(first);
}

function line({ rule, message, fix }: Pick<ReportedFinding, "rule" | "message" | "fix">): string {
  return visible(`${rule}: ${message} ${fix}`);
}

/**
 * This project's own services carry the reference under every name a service may read it by; one that lost some on
 * the way still passes the policy, which cannot know which name its code reads.
 */
function missingVariable(own: readonly Service[], environment: Environment): string | undefined {
  for (const { role, label, containers } of own) {
    if (role === undefined || !Array.isArray(containers)) continue;
    const names = new Set(containers.flatMap(({ variables }) => variables.map(({ name }) => name)));
    const expected = [
      ...jwtVariableNames(environment.name),
      ...(environment.services[role].jwtVariables ?? []),
    ];
    const missing = expected.find((name) => !names.has(name));
    if (missing === undefined) continue;
    return line({
      rule: "jwt-secret-injected",
      message: `${label} carries no ${missing}: if its code reads that one, it will fall back to a default or fail to start.`,
      fix: "Remove what takes the variable away: a transformation, a transform or an override.",
    });
  }
  return undefined;
}
