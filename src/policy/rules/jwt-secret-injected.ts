import { roles } from "../facts.ts";
import { hidden, judgedForBoth, violation } from "../finding.ts";
import type { Finding, Rule } from "../rule.ts";
import { theOne } from "../services.ts";
import { jwtVariables } from "../variables.ts";

const id = "jwt-secret-injected";

export const jwtSecretInjected: Rule = {
  id,
  description:
    "Each of the two services carries at least one JWT variable, or a mounted file that stands for one.",
  severity: "mandatory",
  unwaivable: true,
  why: "A service without the variable falls back to whatever its code holds: a development default that anyone can read, or a key of its own. Tokens that one service signs are then refused by the other, and nothing in the deployment says why.",
  remediation:
    "Inject the environment's secret as `JWT_SECRET_KEY`, pinned to a version number, into both services. Where a service reads its key from a variable of another name, tell the check: `--reads auth=NAME`.",
  judge(environment) {
    const services = roles.flatMap((role) => theOne(environment, role) ?? []);
    return judgedForBoth(
      services.flatMap((service): Finding[] => {
        const unseen = hidden(id, service, "whether it carries a JWT variable");
        if (unseen !== undefined) return [unseen];
        if (jwtVariables(service).length > 0) return [];
        return [
          violation(id, {
            services: [service],
            message: `${service.label} carries no JWT variable: it will ${service.role === "auth" ? "sign with a default or fail to start" : "verify with a default, refuse every token or fail to start"}.`,
            fix: `Inject the environment's secret into ${service.label} as JWT_SECRET_KEY, or name the variable it reads with --reads ${service.role}=NAME.`,
          }),
        ];
      }),
      environment,
    );
  },
};
