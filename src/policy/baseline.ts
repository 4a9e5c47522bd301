/** For tests: a sound environment, and the small changes that cases make to it. */
import type {
  Container,
  Declared,
  Environment,
  Grant,
  Part,
  Reference,
  Role,
  Service,
  Variable,
} from "./facts.ts";
import type { Finding, Outcome, Rule } from "./rule.ts";

export const known = (value: string, settledBy?: string): Part =>
  settledBy === undefined ? { kind: "known", value } : { kind: "known", value, settledBy };
export const settled = (urn: string): Part => ({ kind: "settled", urn });
export const absent: Part = { kind: "absent" };
export const unknown = (reason: string, scope?: string): Part =>
  scope === undefined ? { kind: "unknown", reason } : { kind: "unknown", reason, scope };

/** What a template leaves where a name should be. */
export const placeholder = `$\{SECRET}`;

/** A reference from its text; each part can be given as something else than known text. */
export function reference(
  secret: string | Part = "jwt-secret-staging",
  version: string | Part = "1",
  project: string | Part = "netra-staging",
): Reference {
  const part = (one: string | Part): Part => (typeof one === "string" ? known(one) : one);
  return { project: part(project), secret: part(secret), version: part(version) };
}

export const fromSecret = (name: string, to: Reference = reference()): Variable => ({
  name,
  via: "variable",
  value: { kind: "reference", reference: to },
});
export const file = (path: string, to: Reference = reference()): Variable => ({
  ...fromSecret(path, to),
  via: "file",
});
/** Plain text; its text is kept for ENVIRONMENT and fingerprints, as readers do. */
export const literal = (name: string, text?: string): Variable => ({
  name,
  via: "variable",
  value:
    text === undefined
      ? { kind: "literal", empty: false }
      : text === ""
        ? { kind: "literal", empty: true }
        : { kind: "literal", empty: false, text },
});
export const unseen = (name: string, reason = "the document masks it"): Variable => ({
  name,
  via: "variable",
  value: { kind: "unknown", reason },
});

/** The variables of a sound service of staging. */
export const variables = (): Variable[] => [
  literal("ENVIRONMENT", "staging"),
  fromSecret("JWT_SECRET_KEY"),
  fromSecret("JWT_SECRET_STAGING"),
];

export const container = (...given: Variable[]): Container => ({ variables: given });

/** A sound service; without a role when the label is not one. */
export function service(label: string, change: Partial<Service> = {}): Service {
  const role: Role | undefined = label === "auth" || label === "backend" ? label : undefined;
  return {
    kind: "service",
    ...(role === undefined ? {} : { role }),
    name: known(`${label}-staging`),
    label,
    project: known("netra-staging"),
    region: "us-central1",
    location: { file: "services.json" },
    account: known(`${label}@netra-staging.iam.gserviceaccount.com`),
    containers: [container(...variables())],
    reads: [],
    ...change,
  };
}

/** A service with these variables in one container; ENVIRONMENT is put before them. */
export const carrying = (label: string, ...given: Variable[]): Service =>
  service(label, { containers: [container(literal("ENVIRONMENT", "staging"), ...given)] });

export const hiddenService = (label: string): Service =>
  service(label, { containers: { kind: "unknown", reason: "containers are masked" } });

/** Staging as the live services show it. */
export function staging(change: Partial<Environment> = {}): Environment {
  return { name: "staging", services: [service("auth"), service("backend")], projects: [], ...change };
}

export const secretUrn = "urn:pulumi:staging::jwt-secret::gcp:secretmanager/secret:Secret::jwt-secret";
export const versionUrn =
  "urn:pulumi:staging::jwt-secret::gcp:secretmanager/secretVersion:SecretVersion::jwt-secret-1";
export const grantUrn = (label: string): string =>
  `urn:pulumi:staging::jwt-secret::gcp:secretmanager/secretIamMember:SecretIamMember::${label}`;

export const grant = (label: string, change: Partial<Grant> = {}): Grant => ({
  urn: grantUrn(label),
  project: known("netra-staging"),
  secret: known("jwt-secret-staging"),
  role: known("roles/secretmanager.secretAccessor"),
  members: [known(`serviceAccount:${label}@netra-staging.iam.gserviceaccount.com`)],
  conditional: false,
  location: { urn: grantUrn(label) },
  ...change,
});

export function declared(change: Partial<Declared> = {}): Declared {
  return {
    secrets: [declaredSecret()],
    versions: [declaredVersion()],
    grants: [grant("auth"), grant("backend")],
    accounts: [],
    ...change,
  };
}

export const declaredSecret = (
  change: Partial<Declared["secrets"][number]> = {},
): Declared["secrets"][number] => ({
  urn: secretUrn,
  project: known("netra-staging"),
  secret: known("jwt-secret-staging"),
  environment: known("staging"),
  protected: true,
  expires: false,
  location: { urn: secretUrn },
  ...change,
});

export const declaredVersion = (
  change: Partial<Declared["versions"][number]> = {},
): Declared["versions"][number] => ({
  urn: versionUrn,
  project: known("netra-staging"),
  secret: known("jwt-secret-staging"),
  version: known("1"),
  enabled: true,
  destroyedOnReplacement: false,
  location: { urn: versionUrn },
  ...change,
});

/** Staging as a Pulumi document shows it. */
export const stack = (change: Partial<Environment> = {}, around: Partial<Declared> = {}): Environment =>
  staging({ declared: declared(around), ...change });

/** Fails the test of whoever gets a message that is no sentence: an empty one, or one with a gap where a word belongs. */
function readable(text: string, sentence: boolean): void {
  const gap = /^\s|\s$|\(\)| {2}| [,.:;)]|\( |undefined|\[object |Stryker/u.test(text);
  if (text === "" || gap || (sentence && !text.endsWith("."))) throw new Error(`not readable: "${text}"`);
}

/** What a rule says, with every message in it proven readable and every finding to be of a service. */
function judgement(rule: Rule, environment: Environment, all: readonly Environment[]): Outcome {
  const outcome: Outcome = rule.judge(environment, all);
  if (!outcome.applicable) {
    readable(outcome.reason, false);
    return outcome;
  }
  for (const { message, fix, services } of outcome.findings) {
    for (const text of [message, fix]) readable(text, true);
    const missing = rule.id === "services-present";
    if (services.length === 0 && !missing) throw new Error(`of no service: ${message}`);
  }
  return outcome;
}

/** What a rule says in short: "holds", "not applicable", or the verdicts of its findings. */
export function verdictOf(rule: Rule, environment: Environment, all?: readonly Environment[]): string {
  const outcome = judgement(rule, environment, all ?? [environment]);
  if (!outcome.applicable) return "not applicable";
  const verdicts = [...new Set(outcome.findings.map((one) => one.verdict))].sort();
  return verdicts.length === 0 ? "holds" : verdicts.join(" and ");
}

/** The findings of a rule; none where it does not apply. */
export function findingsOf(rule: Rule, environment: Environment, all?: readonly Environment[]): Finding[] {
  const outcome = judgement(rule, environment, all ?? [environment]);
  return outcome.applicable ? outcome.findings : [];
}

/** The one finding of a rule; fails the test when there is none or more than one. */
export function only(rule: Rule, environment: Environment, all?: readonly Environment[]): Finding {
  const [finding, ...others] = findingsOf(rule, environment, all);
  if (finding === undefined || others.length > 0) {
    throw new Error(`expected one finding of ${rule.id}, got ${others.length + (finding ? 1 : 0)}`);
  }
  return finding;
}
