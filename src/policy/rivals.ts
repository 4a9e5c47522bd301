/** Services that are compared with each other where comparing each with auth could not tell. */
import { type Reading, readings } from "./effective.ts";
import type { Environment, Service } from "./facts.ts";
import type { Finding } from "./rule.ts";
import { carriers, pairs } from "./services.ts";

/**
 * The findings, and where they leave a doubt the first violation between two services that were not compared yet:
 * two that differ are wrong whatever the one in doubt carries.
 */
export function withRivals(
  findings: Finding[],
  environment: Environment,
  judge: (a: Service, b: Service) => Finding[],
): Finding[] {
  if (findings.some(({ verdict }) => verdict === "violation")) return findings;
  const [[anchor] = []] = pairs(environment);
  const rivals = carriers(environment).filter((service) => service !== anchor);
  if (anchor === undefined || (findings.length === 0 && tells(anchor, environment))) return findings;
  return [...findings, ...firstViolation(oneOfEach(rivals, environment), judge)];
}

/** Whether a service says what it reads, so that what agrees with it agrees with all others. */
function tells(service: Service, environment: Environment): boolean {
  const all = readings(service, environment);
  return all.length > 0 && all.every(({ kind }) => kind !== "undecided");
}

function firstViolation(rivals: readonly Service[], judge: (a: Service, b: Service) => Finding[]): Finding[] {
  for (const [index, b] of rivals.entries()) {
    for (const a of rivals.slice(0, index)) {
      const violation = judge(a, b).find(({ verdict }) => verdict === "violation");
      if (violation !== undefined) return [violation];
    }
  }
  return [];
}

/** One service for each thing that is read, so that a thousand alike are compared once. */
function oneOfEach(services: readonly Service[], environment: Environment): Service[] {
  const found = new Map<string, Service>();
  for (const service of services) {
    const key = JSON.stringify(readings(service, environment).map(read));
    if (!found.has(key)) found.set(key, service);
  }
  return [...found.values()];
}

function read(reading: Reading): unknown {
  return reading.kind === "reference" ? reading.reference : reading.kind;
}
