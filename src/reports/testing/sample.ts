/** A report for the tests of the writers: a valid baseline that each case changes in one place. */
import type {
  EnvironmentReport,
  Report,
  ReportedFinding,
  ReportedReference,
  ReportedService,
} from "../../policy/report.ts";
import type { Rule } from "../../policy/rule.ts";
import type { WriterOptions } from "../writer.ts";

function rule(id: string, description: string, more: Partial<Rule> = {}): Rule {
  return {
    id,
    description,
    severity: "mandatory",
    unwaivable: false,
    why: `What goes wrong without ${id}.`,
    remediation: `Mend ${id}.`,
    judge: () => ({ applicable: true, findings: [] }),
    ...more,
  };
}

export const rules: readonly Rule[] = [
  rule("services-present", "There is exactly one service in each role.", { unwaivable: true }),
  rule("same-jwt-secret", "The effective references name one secret.", { unwaivable: true }),
  rule("pinned-jwt-secret-version", "The version is a number."),
  rule("accessor-granted", "Each runtime account may access the secret."),
  rule("jwt-secret-guarded", "The Secret is protected.", { severity: "advisory" }),
];

export const options: WriterOptions = { rules, version: "0.1.0" };

export function reference(secret: string, more: Partial<ReportedReference> = {}): ReportedReference {
  return { project: "netra-staging", secret, version: "1", settled: false, ...more };
}

export function service(role: "auth" | "backend", secret = "jwt-secret-staging"): ReportedService {
  return {
    role,
    name: `${role}-staging`,
    kind: "service",
    reference: reference(secret),
    variables: [
      {
        name: "JWT_SECRET_KEY",
        via: "variable",
        container: null,
        reference: reference(secret),
        state: "reference",
      },
    ],
    location: { file: `${role}.json`, line: 7 },
  };
}

/** backend reads another secret than auth. */
export const mismatch: ReportedFinding = {
  rule: "same-jwt-secret",
  verdict: "violation",
  severity: "mandatory",
  message: "auth reads one secret, backend another: backend will refuse every token auth signs.",
  fix: "Give both services one reference.",
  services: ["auth-staging", "backend-staging"],
  location: {
    file: "preview.json",
    line: 12,
    urn: "urn:backend",
    sourcePosition: "project:///index.ts#23,10",
  },
};

export const unknownGrant: ReportedFinding = {
  rule: "accessor-granted",
  verdict: "undetermined",
  severity: "mandatory",
  message: "The document does not show who may access the secret.",
  fix: "Preview with --show-sames.",
  services: ["backend-staging"],
};

export const unguarded: ReportedFinding = {
  rule: "jwt-secret-guarded",
  verdict: "violation",
  severity: "advisory",
  message: "The Secret is not protected.",
  fix: "Set protect.",
  services: [],
};

export const unpinned: ReportedFinding = {
  rule: "pinned-jwt-secret-version",
  verdict: "violation",
  severity: "mandatory",
  message: "auth reads the secret at latest.",
  fix: "Pin a version.",
  services: ["auth-staging"],
  waived: { reason: "until the pipeline pins", expires: "2025-12-31" },
};

/** An environment in which all is well; one rule is not for this kind of document. */
export function passing(more: Partial<EnvironmentReport> = {}): EnvironmentReport {
  return {
    name: "staging",
    verdict: "pass",
    services: [service("auth"), service("backend")],
    findings: [],
    notApplicable: [{ rule: "accessor-granted", reason: "A Cloud Run service says nothing about grants." }],
    passed: rules.map(({ id }) => id).filter((id) => id !== "accessor-granted"),
    ...more,
  };
}

/** One of each kind of finding. */
export function failing(more: Partial<EnvironmentReport> = {}): EnvironmentReport {
  return passing({
    verdict: "violation",
    services: [service("auth"), service("backend", "jwt-secret-key-staging")],
    findings: [unguarded, unknownGrant, mismatch, unpinned],
    notApplicable: [],
    passed: ["services-present"],
    ...more,
  });
}

export function reportOf(...environments: EnvironmentReport[]): Report {
  const verdicts = environments.map(({ verdict }) => verdict);
  const worst = (["violation", "undetermined"] as const).find((verdict) => verdicts.includes(verdict));
  return { verdict: environments.length === 0 ? "undetermined" : (worst ?? "pass"), environments, notes: [] };
}
