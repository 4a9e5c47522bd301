/** Making findings: services in order, a place to point at, one sentence and its fix. */
import type { Environment, Location, Service } from "./facts.ts";
import type { Finding, Outcome } from "./rule.ts";
import { incompletePair } from "./services.ts";
import { type Carried, hiddenBecause } from "./variables.ts";

/** Where to point: the variable's line, within the service's file and resource. */
export function placeOf(service: Service, carried?: Pick<Carried, "variable">): Location {
  return { ...service.location, ...carried?.variable.location };
}

/** What a rule has to say about one finding. */
export interface Said {
  services: readonly Service[];
  message: string;
  fix: string;
  /** What keeps other rules from deciding too, as the beginning of a sentence. */
  cause?: string;
  /** The variable to point at, on the last of the services; without it, that service. */
  at?: Pick<Carried, "variable">;
}

function finding(
  rule: string,
  verdict: Finding["verdict"],
  { services, message, fix, at, cause }: Said,
): Finding {
  const concerned = services.at(-1);
  const location = concerned === undefined ? undefined : placeOf(concerned, at);
  return {
    rule,
    verdict,
    message,
    fix,
    services: [...new Set(services.map((service) => service.label))],
    ...(cause === undefined ? {} : { cause }),
    ...(location === undefined || Object.keys(location).length === 0 ? {} : { location }),
  };
}

/** A finding that the rule is broken. */
export const violation = (rule: string, said: Said): Finding => finding(rule, "violation", said);
/** A finding that the document does not hold the answer. */
export const undetermined = (rule: string, said: Said): Finding => finding(rule, "undetermined", said);

/** A service whose containers the document hides; `so` says what cannot be told. Undefined when they are there. */
export function hidden(rule: string, service: Service, so: string): Finding | undefined {
  const reason = hiddenBecause(service);
  if (reason === undefined) return undefined;
  const cause = `The document hides the containers of ${service.label} (${reason})`;
  return undetermined(rule, {
    services: [service],
    cause,
    message: `${cause}, so ${so} cannot be told.`,
    fix: `Check a document that shows the containers of ${service.label}, such as the live service.`,
  });
}

/** The outcome of a rule that can speak: without findings, it holds. */
export const judged = (findings: Finding[]): Outcome => ({ applicable: true, findings });
/** Findings of a rule about both services: where there is none, it holds only if both are known. */
export const judgedForBoth = (findings: Finding[], environment: Environment): Outcome => {
  const incomplete = findings.length === 0 ? incompletePair(environment) : undefined;
  return incomplete === undefined ? judged(findings) : notApplicable(incomplete);
};
/** The outcome of a rule that this kind of document cannot answer. */
export const notApplicable = (reason: string): Outcome => ({ applicable: false, reason });
