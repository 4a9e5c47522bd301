import { list } from "../describe.ts";
import { type Role, roles, type Service } from "../facts.ts";
import { hidden, judgedForBoth, undetermined, violation } from "../finding.ts";
import type { Finding, Rule } from "../rule.ts";
import { inRole } from "../services.ts";
import { type Carried, hiddenBecause, jwtVariables } from "../variables.ts";

const id = "jwt-secret-injected";

export const jwtSecretInjected: Rule = {
  id,
  description:
    "Each of the two services carries at least one JWT variable, or a mounted file that stands for one, in more than its init containers.",
  severity: "mandatory",
  unwaivable: true,
  why: "A service without the variable falls back to whatever its code holds: a development default that anyone can read, or a key of its own. Tokens that one service signs are then refused by the other, and nothing in the deployment says why.",
  remediation:
    "Inject the environment's secret as `JWT_SECRET_KEY`, pinned to a version number, into both services. Where a service reads its key from a variable of another name, tell the check: `--reads auth=NAME`.",
  judge(environment) {
    return judgedForBoth(
      roles.flatMap((role) => judgeRole(role, inRole(environment, role))),
      environment,
    );
  },
};

/** Where several may be in a role, whichever it is carries none only when none of them does. */
function judgeRole(role: Role, candidates: Service[]): Finding[] {
  const [service, ...others] = candidates;
  if (service === undefined) return [];
  const unseen = others.length === 0 ? hidden(id, service, "whether it carries a JWT variable") : undefined;
  if (unseen !== undefined) return [unseen];
  if (candidates.some((one) => hiddenBecause(one) !== undefined || isInjected(one))) return [];
  const inInit = candidates.flatMap(jwtVariables);
  if (inInit.length > 0) return others.length === 0 ? [handedOn(role, service, inInit)] : [];
  const labels = list([...new Set(candidates.map(({ label }) => label))]);
  return [
    violation(id, {
      services: candidates,
      message:
        others.length === 0
          ? `${labels} carries no JWT variable: it will ${consequence[role]}.`
          : `${labels} may each be ${role}, and none carries a JWT variable: whichever it is will ${consequence[role]}.`,
      fix: `Inject the environment's secret into ${labels} as JWT_SECRET_KEY, or name the variable it reads with --reads ${role}=NAME.`,
    }),
  ];
}

/** Whether a container that serves carries a JWT variable. */
function isInjected(service: Service): boolean {
  return jwtVariables(service).some(({ container }) => container.init !== true);
}

/** An init container may write the key to where the others find it, or keep it to itself. */
function handedOn(role: Role, service: Service, carried: Carried[]): Finding {
  const names = list([...new Set(carried.map(({ name }) => name))]);
  return undetermined(id, {
    services: [service],
    message: `${service.label} carries ${names} in init containers alone: whether the container that serves gets the key from them cannot be told.`,
    fix: `Inject the environment's secret into the container of ${service.label} that serves as JWT_SECRET_KEY, or name the variable it reads with --reads ${role}=NAME.`,
    ...(carried[0] === undefined ? {} : { at: carried[0] }),
  });
}

const consequence: Readonly<Record<Role, string>> = {
  auth: "sign with a default or fail to start",
  backend: "verify with a default, refuse every token or fail to start",
};
