import { list } from "../describe.ts";
import { type Role, roles, type Service } from "../facts.ts";
import { judged, undetermined } from "../finding.ts";
import type { Finding, Rule } from "../rule.ts";
import { contradictionsIn, inRole, servicesOf } from "../services.ts";
import { hiddenBecause, jwtVariables } from "../variables.ts";

const id = "services-present";
const task = { auth: "signs", backend: "verifies" } as const;

export const servicesPresent: Rule = {
  id,
  description:
    "There is exactly one service in each role: auth, which signs tokens, and backend, which verifies them.",
  severity: "mandatory",
  unwaivable: true,
  why: "Whether two services agree can only be told when both are known. A check that finds one of them, or takes another service for it, would call a broken environment sound.",
  remediation:
    "Give the check every document that speaks of the environment. Name the services where their names do not tell: `--service auth=NAME --service backend=NAME`. Take a Pulumi preview with `--show-sames`, which shows the services that do not change too. Where one service is given twice, leave the older document out.",
  judge(environment) {
    const contradictions = contradictionsIn(environment).filter((entries) =>
      entries.some(
        (one) => one.role !== undefined || hiddenBecause(one) !== undefined || jwtVariables(one).length > 0,
      ),
    );
    const { incomplete } = environment.declared ?? {};
    const found = [
      ...contradictions.map(contradictory),
      ...roles.flatMap((role): Finding[] => {
        const found = inRole(environment, role);
        if (found.length === 0) {
          return [missing(role, servicesOf(environment), incomplete)];
        }
        const said = contradictions.some(
          (entries) => entries.length === found.length && entries[0]?.role === role,
        );
        return found.length === 1 || said ? [] : [ambiguous(role, found)];
      }),
    ];
    return judged(found.length > 0 || incomplete === undefined ? found : [leftOut(incomplete)]);
  },
};

function missing(role: Role, seen: readonly Service[], incomplete: string | undefined): Finding {
  const names = seen.map((service) => service.label);
  const others =
    names.length === 0 ? "the documents show no service at all" : `the documents show ${list(names)}`;
  return undetermined(id, {
    services: [],
    message: `No service is known to be ${role}, which ${task[role]} tokens: ${others}${incomplete === undefined ? "" : `, and the document is not complete (${incomplete})`}.`,
    fix:
      incomplete === undefined
        ? `Add the document of ${role}, or name the service with --service ${role}=NAME.`
        : `Complete the document in the way the message names, or name the service with --service ${role}=NAME.`,
  });
}

/** What is left out may be a second candidate, a further service with another key, or a grant to anybody. */
function leftOut(incomplete: string): Finding {
  return undetermined(id, {
    services: [],
    message: `Whether these are all services that use the key, and all grants of it, cannot be told (${incomplete}).`,
    fix: "Complete the document in the way the message names.",
  });
}

function ambiguous(role: Role, found: Service[]): Finding {
  const names = [...new Set(found.map((service) => service.label))];
  const regions = [...new Set(found.flatMap(({ region }) => region ?? []))];
  const apart = names.length === 1 && regions.length > 1;
  return undetermined(id, {
    services: found,
    message: `${found.length} services may be ${role}, which ${task[role]} tokens: ${list(names)}${apart ? ` in ${list(regions)}` : ""}.`,
    fix: apart
      ? "Give the documents of one region at a time: gcloud run services list --region REGION."
      : `Name the one that is with --service ${role}=NAME.`,
  });
}

function contradictory(entries: Service[]): Finding {
  const label = entries[0]?.label ?? "";
  return undetermined(id, {
    services: entries,
    message: `${label} is given more than once, and the documents do not say the same of it.`,
    fix: `Give only the document of ${label} that is to be checked.`,
  });
}
