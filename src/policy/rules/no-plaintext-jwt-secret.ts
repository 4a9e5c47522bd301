import { list, printCarried } from "../describe.ts";
import type { Service } from "../facts.ts";
import { hidden, judged, notApplicable, undetermined, violation } from "../finding.ts";
import type { Finding, Rule } from "../rule.ts";
import { carriers } from "../services.ts";
import { type Carried, hiddenBecause, jwtVariables } from "../variables.ts";

const id = "no-plaintext-jwt-secret";

export const noPlaintextJwtSecret: Rule = {
  id,
  description: "No JWT variable holds its key as plain text; an empty text counts as one.",
  severity: "mandatory",
  unwaivable: false,
  why: "A key in a service's description can be read by everyone who may look at the service, stays in every old revision, in the state and in the history of the repository, and cannot be taken back. Two copies of one text also drift apart. An empty text makes the service fall back to a default or sign with nothing.",
  remediation:
    "Treat the key as leaked: make a new one in Secret Manager. Replace the plain value by a reference to the secret and a version number, in every service. Never print the old value while doing so.",
  judge(environment) {
    const services = carriers(environment);
    const any = services.some(
      (service) => hiddenBecause(service) !== undefined || jwtVariables(service).length > 0,
    );
    return any ? judged(services.flatMap(judgeService)) : notApplicable("no service carries a JWT variable");
  },
};

function judgeService(service: Service): Finding[] {
  const unseen = hidden(id, service, "whether it carries a key as plain text");
  if (unseen !== undefined) return [unseen];
  const variables = jwtVariables(service).filter((one) => one.variable.via === "variable");
  const plain = variables.filter((one) => one.variable.value.kind === "literal");
  const unknown = variables.filter((one) => one.variable.value.kind === "unknown");
  return [
    ...(plain.length > 0 ? [plaintext(service, plain)] : []),
    ...unknown.slice(0, 1).map((one) => unseenValue(service, one)),
  ];
}

function plaintext(service: Service, plain: Carried[]): Finding {
  const empty = plain.every((one) => one.variable.value.kind === "literal" && one.variable.value.empty);
  return violation(id, {
    services: [service],
    message: `${service.label} carries ${list(plain.map(printCarried))} as ${empty ? "empty " : "plain "}text: ${
      empty
        ? "it will fall back to a default or run without a key"
        : "everyone who may see the service can sign tokens"
    }.`,
    fix: empty
      ? `Replace the empty text on ${service.label} by a reference to the environment's secret.`
      : `Make a new key, since this one is burnt, and let ${service.label} refer to it in Secret Manager.`,
    at: plain[0],
  });
}

function unseenValue(service: Service, one: Carried): Finding {
  const reason = one.variable.value.kind === "unknown" ? one.variable.value.reason : "";
  return undetermined(id, {
    services: [service],
    message: `Whether ${service.label} carries ${printCarried(one)} as plain text cannot be told (${reason}).`,
    fix: `Check a document that shows ${printCarried(one)} of ${service.label}, such as the live service.`,
    at: one,
  });
}
