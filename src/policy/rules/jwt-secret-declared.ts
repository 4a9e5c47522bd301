import { compareVersions, pinning } from "../compare.ts";
import { type CarriedReference, distinct, keyReferences, matchSecret, versionsOf } from "../declared.ts";
import { printCarried, printReference } from "../describe.ts";
import type { Declared, DeclaredSecret, Environment, Service } from "../facts.ts";
import { hidden, judged, notApplicable, undetermined, violation } from "../finding.ts";
import { resolvePart } from "../resolve.ts";
import type { Finding, Rule } from "../rule.ts";
import { carriers } from "../services.ts";

const id = "jwt-secret-declared";

export const jwtSecretDeclared: Rule = {
  id,
  description:
    "The referenced secrets and versions, the previous key's too, are resources of this stack and enabled, unless the stack's output says that its source is `existing`; where the document cannot show that output, nobody knows.",
  severity: "mandatory",
  unwaivable: false,
  why: "A reference to a secret that the stack does not make may point at nothing, at a disabled version or at the secret of another environment. Cloud Run then refuses the revision, or an instance fails to start long after the deployment went well.",
  remediation:
    "Refer to the Secret and SecretVersion of the stack rather than to a name written by hand. Where the secret is made elsewhere on purpose, set `source: existing` in `jwt-secret:secret` and export it as the output `source`. Enable the version that is in use.",
  judge(environment) {
    const { declared } = environment;
    if (declared === undefined)
      return notApplicable("this kind of document does not show the resources around the services");
    const services = carriers(environment);
    const judgements = services.flatMap((service): Finding[][] => {
      const unseen = hidden(id, service, "whether its secret is a resource of this stack");
      if (unseen !== undefined) return [[unseen]];
      // What is not there keeps an instance from starting, whichever variable asks for it.
      return distinct(keyReferences(service, environment)).map((one) =>
        judgeReference(service, one, declared, environment),
      );
    });
    return judgements.length === 0
      ? notApplicable("no JWT variable carries a reference")
      : judged(judgements.flat());
  },
};

/** What is known of the version: it is there and enabled, surely not, or neither. */
type Standing = { kind: "fine" | "disabled" | "missing" } | { kind: "undetermined"; reason: string };

function judgeReference(
  service: Service,
  one: CarriedReference,
  declared: Declared,
  environment: Environment,
): Finding[] {
  const said = `${service.label} reads ${printCarried(one)} from ${printReference(one.reference)}`;
  const match = matchSecret(one.reference, declared, environment);
  const standing =
    match.kind === "found" ? versionStanding(one, match.secrets, declared, environment) : undefined;
  const services = [service];
  /** Were it this secret, no enabled version would be meant. */
  const makesNone = (secret: DeclaredSecret): boolean =>
    ["disabled", "missing"].includes(versionStanding(one, [secret], declared, environment).kind);
  if (standing?.kind === "disabled") {
    return [
      violation(id, {
        services,
        message: `${said}, a version that is not enabled: ${service.label} will not start.`,
        fix: `Enable the version, or let ${service.label} refer to one that is enabled.`,
        at: one,
      }),
    ];
  }
  if (standing?.kind === "fine" || declared.source === "existing") return [];
  const elsewhere = declared.incomplete ?? declared.sourceUnseen;
  const broken = match.kind === "undetermined" && match.secrets.every(makesNone);
  const doubt =
    match.kind === "undetermined" && !broken
      ? match.reason
      : standing?.kind === "undetermined"
        ? standing.reason
        : elsewhere;
  if (doubt !== undefined) {
    return [
      undetermined(id, {
        services,
        message: `${said}: whether that is an enabled version made by this stack cannot be told (${doubt}).`,
        fix: "Pin the version, and check a document that shows the stack's Secret, SecretVersion and output source, such as a preview with --show-sames or a stack export.",
        at: one,
      }),
    ];
  }
  return [
    violation(id, {
      services,
      message: `${said}, but this stack makes no such ${standing === undefined && !broken ? "secret" : "enabled version"}: it may not exist, or belong to another environment.`,
      fix: "Refer to the stack's own Secret and SecretVersion, or set the source to existing where they are made elsewhere.",
      at: one,
    }),
  ];
}

function versionStanding(
  { reference }: CarriedReference,
  secrets: readonly DeclaredSecret[],
  declared: Declared,
  environment: Environment,
): Standing {
  if (pinning(reference.version) === "moving") {
    return { kind: "undetermined", reason: "which version it is at a time is not in the document" };
  }
  let doubt: string | undefined;
  const standings = new Set<boolean | string>();
  for (const { version, doubt: unsure } of secrets.flatMap((one) => versionsOf(one, declared, environment))) {
    const number = resolvePart({ kind: "settled", urn: version.urn }, "version", environment);
    const comparison = compareVersions(reference.version, number);
    if (comparison.kind === "different") continue;
    if (comparison.kind === "undetermined" || unsure !== undefined) {
      // Whether it is this one or none at all, no enabled version is meant.
      if (version.enabled === false) continue;
      doubt ??= comparison.kind === "undetermined" ? comparison.reason : unsure;
      continue;
    }
    standings.add(version.enabled);
  }
  const [enabled, ...others] = standings;
  if (others.length > 0) {
    return { kind: "undetermined", reason: "the documents do not say the same of that version" };
  }
  if (typeof enabled === "string") return { kind: "undetermined", reason: enabled };
  if (enabled !== undefined) return { kind: enabled ? "fine" : "disabled" };
  return doubt === undefined ? { kind: "missing" } : { kind: "undetermined", reason: doubt };
}
