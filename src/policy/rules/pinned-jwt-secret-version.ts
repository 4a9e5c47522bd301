import { pinning, whyUnknown } from "../compare.ts";
import { type CarriedReference, jwtReferences } from "../declared.ts";
import { list, printCarried, printReference } from "../describe.ts";
import type { Environment, Service } from "../facts.ts";
import { hidden, judged, notApplicable, undetermined, violation } from "../finding.ts";
import type { Finding, Rule } from "../rule.ts";
import { carriers } from "../services.ts";
import { type Carried, hiddenBecause, jwtVariables } from "../variables.ts";

const id = "pinned-jwt-secret-version";

export const pinnedJwtSecretVersion: Rule = {
  id,
  description:
    "Every JWT reference names its version by number: not `latest`, not an alias, and not left out.",
  severity: "mandatory",
  unwaivable: false,
  why: "Cloud Run resolves a reference when an instance starts. With `latest`, instances of one revision started before and after a rotation hold different keys, and the two services switch at different moments, so tokens are refused at random until every instance has been restarted. A pinned version makes a rotation a deployment, which can be ordered, watched and rolled back.",
  remediation:
    "Write the version's number into both services (`1`, not `latest`). With Pulumi, refer to the SecretVersion resource. To rotate, raise the number and deploy.",
  judge(environment) {
    const services = carriers(environment);
    const any = services.some(
      (service) =>
        hiddenBecause(service) !== undefined ||
        jwtVariables(service).some((one) => one.variable.value.kind !== "literal"),
    );
    if (!any) return notApplicable("no JWT variable carries a reference");
    return judged(services.flatMap((service) => judgeService(service, environment)));
  },
};

function judgeService(service: Service, environment: Environment): Finding[] {
  const unseen = hidden(id, service, "whether its version is pinned");
  if (unseen !== undefined) return [unseen];
  const references = jwtReferences(service, environment);
  const moving = references.filter((one) => pinning(one.reference.version) === "moving");
  if (moving.length > 0) return [notPinned(service, moving)];
  const unsure = references.find((one) => pinning(one.reference.version) === "unknown");
  if (unsure !== undefined)
    return [cannotTell(service, unsure, whyUnknown(unsure.reference.version, "version"))];
  const unknown = jwtVariables(service).find((one) => one.variable.value.kind === "unknown");
  if (unknown?.variable.value.kind !== "unknown") return [];
  return [cannotTell(service, unknown, unknown.variable.value.reason)];
}

function notPinned(service: Service, moving: CarriedReference[]): Finding {
  const references = list(moving.map((one) => printReference(one.reference)));
  return violation(id, {
    services: [service],
    message: `${service.label} reads ${list(moving.map(printCarried))} from ${references}, not pinned to a version number: after a rotation its instances will hold different keys, depending on when each was started.`,
    fix: `Replace the version on ${service.label} by the number of the version in use.`,
    at: moving[0],
  });
}

function cannotTell(service: Service, one: Carried, reason: string): Finding {
  return undetermined(id, {
    services: [service],
    message: `Whether ${printCarried(one)} of ${service.label} is pinned to a version number cannot be told (${reason}).`,
    fix: `Check a document that shows the version, such as the live service.`,
    at: one,
  });
}
