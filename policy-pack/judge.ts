/** A stack held to the policy: facts by the readers, findings by the rules. */
import { gather } from "../src/documents/environments.ts";
import { DocumentError } from "../src/documents/error.ts";
import { readStack } from "../src/documents/pulumi/facts.ts";
import type { Stack } from "../src/documents/pulumi/resource.ts";
import { logicalName } from "../src/policy/describe.ts";
import type { Environment } from "../src/policy/facts.ts";
import { decide, rules } from "../src/policy/policy.ts";
import type { Finding, Rule } from "../src/policy/rule.ts";
import { hiddenBecause, jwtVariables } from "../src/policy/variables.ts";
import type { Options } from "./options.ts";

/** What no stack can answer, whatever it holds: the first needs live services, the second several environments. */
const beyond: ReadonlySet<string> = new Set(["serving-what-is-described", "environments-apart"]);

/** The rules that a stack can answer: one policy each. */
export const packedRules: readonly Rule[] = rules.filter(({ id }) => !beyond.has(id));

/** What the policy says of a stack. */
export interface Judgement {
  findings: readonly Finding[];
  /** Why a rule says nothing, by its id. */
  notApplicable: ReadonlyMap<string, string>;
}

/** A stack that has nothing to do with a JWT secret is none of the policy's business: a policy group holds many. */
function concerns({ services, declared }: Environment, { required }: Options): boolean {
  if (required) return true;
  const named = declared?.secrets.some(({ urn, secret }) =>
    [logicalName(urn), secret.kind === "known" ? secret.value : ""].some((name) => /jwt/i.test(name)),
  );
  return (
    named === true ||
    services.some(
      (service) =>
        service.role !== undefined ||
        hiddenBecause(service) !== undefined ||
        jwtVariables(service).length > 0,
    )
  );
}

const silent = (reason: string) => new Map(packedRules.map(({ id }) => [id, reason]));

/** A stack that cannot be read cannot pass. */
function unread(reason: string): Judgement {
  const rule = "services-present";
  const others = silent("the stack could not be read");
  others.delete(rule);
  const message = `Whether this stack's services share one JWT secret cannot be told (${reason}).`;
  const fix = "Mend the resource that is named: a stack that cannot be read is not let through.";
  return { findings: [{ rule, verdict: "undetermined", message, fix, services: [] }], notApplicable: others };
}

/** Judges the stack that `read` gives; whatever goes wrong on the way is a finding of a rule that is always mandatory. */
export function judge(read: () => Stack, options: Options): Judgement {
  try {
    const stack = read();
    const told = readStack(stack);
    const name = options.environment ?? told.stack;
    const facts = gather(
      [{ kind: "pulumi", file: stack.file, ...told, ...(name === undefined ? {} : { stack: name }) }],
      options,
    );
    const [environment] = facts.environments;
    if (environment === undefined || !concerns(environment, options)) {
      return { findings: [], notApplicable: silent("this stack carries no JWT secret") };
    }
    const report = decide(facts).environments[0];
    if (report === undefined) return unread("the policy gave no report");
    const notApplicable = new Map(report.notApplicable.map(({ rule, reason }) => [rule, reason]));
    return { findings: report.findings, notApplicable };
  } catch (error) {
    if (error instanceof DocumentError) return unread(error.describe());
    return unread(error instanceof Error ? error.message : String(error));
  }
}
