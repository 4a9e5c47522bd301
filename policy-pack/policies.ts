/** The rules as Pulumi policies: one per rule, each asked about every resource and about the whole stack. */
import type {
  ReportViolation,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Finding, Rule } from "../src/policy/rule.ts";
import { servicesPresent } from "../src/policy/rules/services-present.ts";
import { visible } from "../src/reports/escape.ts";
import { packedRules } from "./judge.ts";
import { configSchema } from "./options.ts";
import { type Question, Session } from "./session.ts";

/** A policy that speaks twice: of each resource before it is changed, and of the stack. */
type TwofoldPolicy = ResourceValidationPolicy & StackValidationPolicy;

/** In Pulumi's words: how much a breach weighs, which enforcement does not change. */
function severityOf(rule: Rule): Severity {
  if (rule.unwaivable) return "critical";
  return rule.severity === "mandatory" ? "high" : "medium";
}

/** Where a rule is explained; relative to the project where nobody says where that is browsed. */
function pageOf(rule: Rule, homepage: string | undefined): string {
  const page = `docs/rules/${rule.id}.md`;
  return homepage === undefined ? page : `${homepage.replace(/\/$/, "")}/${page}`;
}

/** One line; a name from the program can neither break it nor colour it (the engine's marks are `<{%...%}>`). */
function textOf({ message, fix }: Finding): string {
  return visible(`${message} ${fix}`).replaceAll("<{%", "<\\u{7b}%");
}

const byId = new Map(packedRules.map((rule) => [rule.id, rule]));
const always = packedRules.filter(({ unwaivable }) => unwaivable);

/**
 * Reports under the name of a rule that is always mandatory, whatever the configuration says of its policy. The SDK
 * takes an object too, with the policy's name and level (@pulumi/policy 1.21, server.ts, `makeReportViolationFun`);
 * its types know the text alone.
 */
function insist(rule: Rule, finding: Finding, report: ReportViolation): void {
  const { id: name, description } = rule;
  const message = `${description}\n${textOf(finding)}`;
  const said = { name, description, message, enforcementLevel: "mandatory", severity: "critical" };
  Reflect.apply(report, undefined, [{ ...said, urn: finding.location?.urn ?? "" }]);
}

/**
 * Tells a policy's findings. The first policy that is asked tells those of the rules that are always mandatory too: one
 * that is disabled is never asked itself. Findings of a rule that has no policy are told as those of the first rule.
 */
function tell(rule: Rule, { judgement, told }: Question, report: ReportViolation): void {
  const { findings } = judgement;
  for (const kept of always.filter(({ id }) => !told.has(id))) {
    told.add(kept.id);
    for (const finding of findings) {
      const owner = byId.get(finding.rule) ?? servicesPresent;
      if (owner === kept) insist(kept, finding, report);
    }
  }
  if (told.has(rule.id)) return;
  told.add(rule.id);
  for (const finding of findings) {
    if (finding.rule === rule.id) report(textOf(finding), finding.location?.urn);
  }
}

const onlyAtTheEnd = "nothing is wrong yet; the whole stack is judged at the end";

function policyOf(rule: Rule, session: Session, homepage: string | undefined): TwofoldPolicy {
  const configure = (configuration: unknown) => {
    if (rule === servicesPresent) session.configure(configuration);
  };
  return {
    name: rule.id,
    displayName: rule.id,
    description: rule.description,
    enforcementLevel: rule.severity,
    severity: severityOf(rule),
    remediationSteps: rule.remediation,
    url: pageOf(rule, homepage),
    tags: ["jwt"],
    ...(rule === servicesPresent ? { configSchema } : {}),
    validateResource(args, report) {
      configure(args.getConfig());
      const question = session.resource(rule.id, args);
      if (question === undefined) return args.notApplicable("no fact is made of this type");
      tell(rule, question, report);
      if (!question.judgement.findings.some((finding) => finding.rule === rule.id)) {
        args.notApplicable(question.judgement.notApplicable.get(rule.id) ?? onlyAtTheEnd);
      }
    },
    validateStack(args, report) {
      configure(args.getConfig());
      const question = session.stack(rule.id, args.resources);
      tell(rule, question, report);
      const reason = question.judgement.notApplicable.get(rule.id);
      if (reason !== undefined) args.notApplicable(reason);
    },
  };
}

/** The pack's policies, for one operation. `homepage` is where the project's files are browsed. */
export function policiesFor(homepage?: string, session = new Session()): TwofoldPolicy[] {
  return packedRules.map((rule) => policyOf(rule, session, homepage));
}
