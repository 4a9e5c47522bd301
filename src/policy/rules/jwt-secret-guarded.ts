import { distinct, keyReferences, matchSecret, versionsOf } from "../declared.ts";
import { logicalName, printCarried, printReference } from "../describe.ts";
import type { Declared, DeclaredSecret, Environment, Location, Service } from "../facts.ts";
import { hidden, judged, notApplicable, undetermined, violation } from "../finding.ts";
import type { Finding, Rule } from "../rule.ts";
import { carriers } from "../services.ts";

const id = "jwt-secret-guarded";

export const jwtSecretGuarded: Rule = {
  id,
  description:
    "The secret is protected, never expires, and none of its versions is destroyed when its resource is replaced.",
  severity: "advisory",
  unwaivable: false,
  why: "A secret that is replaced is deleted first, and one with a `ttl` or an `expireTime` is deleted for good when its time comes; every service then fails at its next start. A version that is destroyed on replacement takes the way back with it: the revision that refers to it cannot start again.",
  remediation:
    'Set `protect: true` on the Secret. Remove `ttl` and `expireTime`. Set `deletionPolicy: "DISABLE"` or `"ABANDON"` on each SecretVersion; the provider\'s default is `DELETE`.',
  judge(environment) {
    const { declared } = environment;
    if (declared === undefined)
      return notApplicable("this kind of document does not show how the secret is guarded");
    const seen = new Set<string>();
    const judgements = carriers(environment).flatMap((service): Finding[][] => {
      const unseen = hidden(id, service, "which secret to look at");
      if (unseen !== undefined) return [[unseen]];
      return distinct(keyReferences(service, environment)).flatMap((one): Finding[][] => {
        const match = matchSecret(one.reference, declared, environment);
        if (match.kind === "elsewhere") return [];
        if (match.kind === "found") {
          const own = match.secrets.filter(({ external }) => external !== true);
          if (own.length === 0) return [];
          const unjudged = own.filter(({ urn }) => !seen.has(urn));
          for (const { urn } of unjudged) seen.add(urn);
          return [unjudged.flatMap((secret) => judgeSecret(service, secret, declared, environment))];
        }
        return [
          [
            undetermined(id, {
              services: [service],
              message: `${service.label} reads ${printCarried(one)} from ${printReference(one.reference)}: whether that secret is guarded cannot be told (${match.reason}).`,
              fix,
              at: one,
            }),
          ],
        ];
      });
    });
    if (judgements.length === 0)
      return notApplicable("no secret that a service refers to is made by this stack");
    return judged(judgements.flat());
  },
};

const fix = "Check a document that shows the whole stack, such as a preview with --show-sames.";

function judgeSecret(
  service: Service,
  secret: DeclaredSecret,
  declared: Declared,
  environment: Environment,
): Finding[] {
  const name = logicalName(secret.urn);
  const found: Finding[] = [];
  const add = (make: typeof violation, location: Location, message: string, how: string): void => {
    found.push({ ...make(id, { services: [service], message, fix: how }), location });
  };
  if (!secret.protected) {
    add(
      violation,
      secret.location,
      `The secret ${name}, which ${service.label} reads, is not protected: a replacement deletes it with every version of the key.`,
      `Set protect: true on ${name}.`,
    );
  }
  if (secret.expires === true) {
    add(
      violation,
      secret.location,
      `The secret ${name}, which ${service.label} reads, expires: it will be deleted for good, and ${service.label} will not start again.`,
      `Remove ttl and expireTime from ${name}.`,
    );
  }
  if (typeof secret.expires === "string") {
    add(
      undetermined,
      secret.location,
      `Whether the secret ${name}, which ${service.label} reads, expires cannot be told (${secret.expires}).`,
      fix,
    );
  }
  for (const { version, doubt } of versionsOf(secret, declared, environment)) {
    const { destroyedOnReplacement: destroyed } = version;
    if (destroyed === false) continue;
    const which = `the version ${logicalName(version.urn)} of ${name}, which ${service.label} reads,`;
    const reason = typeof destroyed === "string" ? destroyed : doubt;
    if (reason === undefined) {
      add(
        violation,
        version.location,
        `A replacement destroys ${which} and with it the way back to an older revision.`,
        `Set deletionPolicy to DISABLE or ABANDON on ${logicalName(version.urn)}.`,
      );
    } else {
      add(
        undetermined,
        version.location,
        `Whether a replacement destroys ${which} cannot be told (${reason}).`,
        fix,
      );
    }
  }
  if (found.length === 0 && declared.incomplete !== undefined) {
    add(
      undetermined,
      secret.location,
      `Whether every version of the secret ${name}, which ${service.label} reads, is guarded cannot be told (${declared.incomplete}).`,
      fix,
    );
  }
  return found;
}
