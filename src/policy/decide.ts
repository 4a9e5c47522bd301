/** The verdict: facts, judged by every rule, weighed by the settings and the waivers. */
import type { z } from "zod";
import { effectiveReference } from "./effective.ts";
import type { Environment, Facts, Part, Reference, Service } from "./facts.ts";
import type {
  EnvironmentReport,
  Report,
  ReportedFinding,
  ReportedReference,
  ReportedService,
} from "./report.ts";
import { resolve } from "./resolve.ts";
import type { Finding, Outcome, Rule, Verdict } from "./rule.ts";
import { rules } from "./rules/index.ts";
import { FindingIssue, policySchema } from "./schema.ts";
import { servicesOf } from "./services.ts";
import { type Settings, severityOf } from "./settings.ts";
import { jwtVariables } from "./variables.ts";
import { type WaiverInput, Waivers, weigh } from "./waivers.ts";

/** Thrown when the facts are not what `facts.ts` says: a reader is at fault, and no verdict can be given. */
export class MalformedFacts extends Error {
  override name = "MalformedFacts";
}

/**
 * Judges facts by the policy.
 *
 * @param facts What the documents say, as the readers give it.
 * @param settings Severities that differ from the rules' own; a valid `Settings` (default: none).
 * @param waivers Waivers, as parsed from their file (default: none).
 * @param today The day the waivers are held against, `YYYY-MM-DD`; needed when there are any.
 * @throws MalformedFacts when the facts do not parse; RangeError when waivers are given without a valid `today`.
 */
export function decide(
  facts: z.input<typeof Facts>,
  settings: Settings = {},
  waivers: readonly WaiverInput[] = [],
  today?: string,
): Report {
  const outcomes = new Map<number, Map<Rule, Outcome>>();
  let environments: readonly Environment[] = [];
  const schema = policySchema((index, rule, outcome) => {
    const known = outcomes.get(index) ?? new Map<Rule, Outcome>();
    outcomes.set(index, known.set(rule, outcome));
  }).check((context) => {
    environments = context.value.environments;
  });
  const parsed = schema.safeParse(facts);
  const findings = parsed.success ? new Map<number, Finding[]>() : findingsOf(parsed.error);
  const weighed = weigh(Waivers.parse(waivers), today);
  const reports = environments.map((environment, index): EnvironmentReport => {
    const name = environment.name ?? null;
    const judged = (findings.get(index) ?? []).map((finding): ReportedFinding => {
      const waived = weighed.cover(finding, environment.name);
      const severity = severityOf(finding.rule, settings);
      return waived === undefined ? { ...finding, severity } : { ...finding, severity, waived };
    });
    const outcomeOf = (rule: Rule): Outcome | undefined => outcomes.get(index)?.get(rule);
    return {
      name,
      verdict: verdictOf(judged),
      services: servicesOf(environment).map((service) => reportService(service, environment)),
      findings: judged,
      notApplicable: rules.flatMap((rule) => {
        const outcome = outcomeOf(rule);
        return outcome?.applicable === false ? [{ rule: rule.id, reason: outcome.reason }] : [];
      }),
      passed: rules.flatMap((rule) => {
        const outcome = outcomeOf(rule);
        return outcome?.applicable === true && outcome.findings.length === 0 ? [rule.id] : [];
      }),
    };
  });
  return { verdict: worst(reports.map((one) => one.verdict)), environments: reports, notes: weighed.notes() };
}

/** The findings of a failed parse, by environment. */
function findingsOf(error: z.core.$ZodError): Map<number, Finding[]> {
  const found = new Map<number, Finding[]>();
  for (const issue of error.issues) {
    const told = FindingIssue.safeParse(issue);
    if (!told.success) {
      throw new MalformedFacts(
        `The facts are malformed at ${issue.path.join(".") || "their root"}: ${issue.message}`,
      );
    }
    const index = told.data.path[1];
    const known = found.get(index);
    if (known === undefined) found.set(index, [told.data.params]);
    else known.push(told.data.params);
  }
  return found;
}

/** Only mandatory findings that no waiver covers weigh. */
function verdictOf(findings: readonly ReportedFinding[]): Verdict {
  const weighing = findings.filter((one) => one.severity === "mandatory" && one.waived === undefined);
  return weighing.length === 0 ? "pass" : worst(weighing.map((one) => one.verdict));
}

/** Violation over undetermined over pass; nothing at all is undetermined. */
function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("violation")) return "violation";
  return verdicts.length === 0 || verdicts.includes("undetermined") ? "undetermined" : "pass";
}

function reportService(service: Service, environment: Environment): ReportedService {
  const reference = effectiveReference(service, environment);
  return {
    role: service.role ?? null,
    name: service.label,
    kind: service.kind,
    reference: reference === undefined ? null : reportReference(reference, environment),
    variables: jwtVariables(service).map(({ container, variable: { name, via, value } }) => ({
      name,
      via,
      container: container.name ?? null,
      reference: value.kind === "reference" ? reportReference(value.reference, environment) : null,
      state: value.kind,
    })),
    location: service.location,
  };
}

function reportReference(written: Reference, environment: Environment): ReportedReference {
  const reference = resolve(written, environment);
  const parts = [reference.project, reference.secret, reference.version];
  return {
    project: reference.project.kind === "known" ? reference.project.value : null,
    secret: shown(reference.secret),
    version: shown(reference.version),
    settled: parts.some(
      (part) => part.kind === "settled" || (part.kind === "known" && part.settledBy !== undefined),
    ),
  };
}

function shown(part: Part): string | null {
  if (part.kind === "settled") return part.urn;
  return part.kind === "known" ? part.value : null;
}
