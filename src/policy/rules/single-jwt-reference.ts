import { type CarriedReference, jwtReferences } from "../declared.ts";
import { list, printCarried, printReference } from "../describe.ts";
import type { Environment, Service } from "../facts.ts";
import { hidden, judged, notApplicable, undetermined, violation } from "../finding.ts";
import type { Finding, Rule } from "../rule.ts";
import { carriers } from "../services.ts";
import { type Carried, hiddenBecause, jwtVariables } from "../variables.ts";
import { compareReferencesIn } from "../versions.ts";

const id = "single-jwt-reference";

export const singleJwtReference: Rule = {
  id,
  description:
    "All JWT variables of a service, over all its containers and mounted files and one named after another environment too, carry one and the same reference, and no name is there twice.",
  severity: "mandatory",
  unwaivable: true,
  why: "Which variable a service reads first is code, not configuration. Two services that carry equal variables still use different keys when one reads `JWT_SECRET_STAGING` first and the other `JWT_SECRET_KEY`, and a change of that order breaks them without any change of the deployment. When every variable carries one reference, the order cannot matter.",
  remediation:
    "Let every JWT variable of the service refer to the same secret and the same version, or remove the variables that no code reads. Keep the key that was current before a rotation in `JWT_SECRET_PREVIOUS`.",
  judge(environment) {
    const services = carriers(environment);
    const any = services.some(
      (service) => hiddenBecause(service) !== undefined || jwtVariables(service).length > 0,
    );
    if (!any) return notApplicable("no service carries a JWT variable");
    return judged(services.flatMap((service) => judgeService(service, environment)));
  },
};

function judgeService(service: Service, environment: Environment): Finding[] {
  const unseen = hidden(id, service, "whether its JWT variables carry one reference");
  if (unseen !== undefined) return [unseen];
  const variables = jwtVariables(service);
  const twice = duplicate(variables);
  return [
    ...(twice === undefined ? [] : [duplicated(service, twice)]),
    ...(variables.length < 2
      ? []
      : disagreement(service, variables, jwtReferences(service, environment), environment)),
  ];
}

/** The first variable whose name its container has already. */
function duplicate(variables: readonly Carried[]): Carried | undefined {
  const seen = new Map<unknown, Set<string>>();
  return variables.find(({ container, variable }) => {
    const names = seen.get(container) ?? new Set();
    seen.set(container, names);
    const key = `${variable.via} ${variable.name}`;
    return names.has(key) || names.add(key) === undefined;
  });
}

function duplicated(service: Service, twice: Carried): Finding {
  return violation(id, {
    services: [service],
    message: `${service.label} carries ${printCarried(twice)} twice in one container: which of the two it gets is up to the platform.`,
    fix: `Keep ${printCarried(twice)} once on ${service.label}.`,
    at: twice,
  });
}

function disagreement(
  service: Service,
  variables: readonly Carried[],
  references: readonly CarriedReference[],
  environment: Environment,
): Finding[] {
  const fix = `Let every JWT variable of ${service.label} carry the same secret and version, or remove those that no code reads.`;
  const pair = firstPair(references, environment, "different");
  if (pair !== undefined) {
    const [a, b] = pair;
    return [
      violation(id, {
        services: [service],
        message: `${service.label} carries ${printCarried(a)} from ${printReference(a.reference)} and ${printCarried(b)} from ${printReference(b.reference)}: which key it uses depends on the order it reads them in.`,
        fix,
        at: b,
      }),
    ];
  }
  const plain = variables.filter((one) => one.variable.value.kind === "literal");
  if (plain.length > 0) {
    const others = variables.filter((one) => one.variable.value.kind !== "literal");
    return [
      violation(id, {
        services: [service],
        message: `${service.label} carries ${list(plain.map(printCarried))} as plain text${others.length > 0 ? ` beside ${list(others.map(printCarried))}` : ""}: which key it uses depends on the order it reads them in.`,
        fix,
        at: plain[0],
      }),
    ];
  }
  return doubt(service, variables, references, environment);
}

function doubt(
  service: Service,
  variables: readonly Carried[],
  references: readonly CarriedReference[],
  environment: Environment,
): Finding[] {
  const fix = `Check a document that shows the references of ${service.label} in full, such as the live service.`;
  const unknown = variables.find((one) => one.variable.value.kind === "unknown");
  if (unknown?.variable.value.kind === "unknown") {
    return [
      undetermined(id, {
        services: [service],
        message: `Whether ${printCarried(unknown)} of ${service.label} carries the same reference as its other JWT variables cannot be told (${unknown.variable.value.reason}).`,
        fix,
        at: unknown,
      }),
    ];
  }
  const pair = firstPair(references, environment, "undetermined");
  if (pair === undefined) return [];
  const [a, b] = pair;
  const comparison = compareReferencesIn(a.reference, b.reference, environment);
  return [
    undetermined(id, {
      services: [service],
      message: `${service.label} carries ${printCarried(a)} from ${printReference(a.reference)} and ${printCarried(b)} from ${printReference(b.reference)}: whether these are one cannot be told (${comparison.kind === "undetermined" ? comparison.reason : ""}).`,
      fix,
      at: b,
    }),
  ];
}

function firstPair(
  references: readonly CarriedReference[],
  environment: Environment,
  kind: "different" | "undetermined",
): [CarriedReference, CarriedReference] | undefined {
  for (const [index, b] of references.entries()) {
    for (const a of references.slice(0, index)) {
      if (compareReferencesIn(a.reference, b.reference, environment).kind === kind) return [a, b];
    }
  }
  return undefined;
}
