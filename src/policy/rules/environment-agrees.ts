import { keyReferences, matchSecret } from "../declared.ts";
import { printSecret } from "../describe.ts";
import type { Environment, Service } from "../facts.ts";
import { hidden, judgedForBoth, undetermined, violation } from "../finding.ts";
import type { Finding, Rule } from "../rule.ts";
import { carriers } from "../services.ts";
import { containersOf, environmentOf } from "../variables.ts";

const id = "environment-agrees";

export const environmentAgrees: Rule = {
  id,
  description:
    "ENVIRONMENT is present in at least one container of both services, and wherever it is present, on a further service too, it is equal and the environment being checked; the secret's `environment` label, where the document shows it, does not contradict.",
  severity: "mandatory",
  unwaivable: false,
  why: "A service chooses its key by its ENVIRONMENT: `JWT_SECRET_STAGING` on staging. A service that takes itself for another environment, or does not know which it is, reads another variable or a default. A secret labelled for production on staging means that a leak on staging opens production.",
  remediation:
    "Set ENVIRONMENT on both services, as plain text, to the name of the environment they are deployed to. Label the secret with the same name, and never let one environment refer to the secret of another.",
  judge(environment) {
    const services = carriers(environment);
    const said = services.flatMap((service) => statements(service));
    const found = [
      ...said.flatMap((one) => ("finding" in one ? [one.finding] : [])),
      ...contradictions(
        said.flatMap((one) => ("text" in one ? [one] : [])),
        environment,
      ),
      ...labels(services, environment),
    ];
    return judgedForBoth(found, environment);
  },
};

type Statement = { service: Service; text: string } | { finding: Finding };

/** What the containers of a service say of its ENVIRONMENT: auth and backend must say it once at least. */
function statements(service: Service): Statement[] {
  const unseen = hidden(id, service, "its ENVIRONMENT");
  if (unseen !== undefined) return [{ finding: unseen }];
  const all = containersOf(service).map(environmentOf);
  const found = all.flatMap((own): Statement[] => {
    if (own.kind === "absent") return [];
    if (own.kind === "known") return [{ service, text: own.text }];
    if (own.kind === "empty") return [{ finding: without(service, "has an empty") }];
    const finding = undetermined(id, {
      services: [service],
      message: `The ENVIRONMENT of ${service.label} is not known (${own.reason}), so whether it is the right one cannot be told.`,
      fix: `Set ENVIRONMENT on ${service.label} once, as plain text.`,
      at: { variable: own.variable },
    });
    return [{ finding }];
  });
  // A sidecar, or a further service, may have its key chosen for it.
  if (found.length === 0 && service.role !== undefined) return [{ finding: without(service, "has no") }];
  const seen = new Set<string>();
  return found.filter((one) => {
    const key = "text" in one ? `text ${one.text}` : `finding ${one.finding.message}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}

function without(service: Service, has: string): Finding {
  return violation(id, {
    services: [service],
    message: `${service.label} ${has} ENVIRONMENT: it cannot tell which environment's key to use.`,
    fix: `Set ENVIRONMENT on ${service.label} to the name of its environment.`,
  });
}

function contradictions(said: { service: Service; text: string }[], { name }: Environment): Finding[] {
  const [first] = said;
  if (first === undefined) return [];
  const expected = name ?? first.text;
  const wrong = said.filter((one) => one.text !== expected);
  const against =
    name === undefined
      ? `${first.service.label} has ENVIRONMENT=${first.text}`
      : `The environment checked is ${name}`;
  return wrong.map(({ service, text }) =>
    violation(id, {
      services: name === undefined ? [first.service, service] : [service],
      message: `${against}, but ${service.label} has ENVIRONMENT=${text}: a service that takes itself for another environment looks for another key.`,
      fix: `Set ENVIRONMENT of ${service.label} to ${expected}.`,
    }),
  );
}

/** A label holds less than a name may: lower-case letters, digits, `-` and `_` (Secret Manager, labels). */
const asLabel = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "-");

function labels(services: readonly Service[], environment: Environment): Finding[] {
  const { declared } = environment;
  if (declared === undefined) return [];
  const told = new Set<string>();
  return services.flatMap((service) => {
    const own = containersOf(service).flatMap((container) => {
      const one = environmentOf(container);
      return one.kind === "known" ? [one.text] : [];
    });
    const expected = environment.name ?? own[0];
    if (expected === undefined) return [];
    return keyReferences(service, environment).flatMap(({ reference, variable }): Finding[] => {
      const match = matchSecret(reference, declared, environment);
      if (match.kind !== "found") return [];
      const wrong = match.secrets.find(
        (secret) =>
          secret.environment.kind === "known" && asLabel(secret.environment.value) !== asLabel(expected),
      );
      if (wrong?.environment.kind !== "known" || told.has(`${service.label} ${wrong.urn}`)) return [];
      told.add(`${service.label} ${wrong.urn}`);
      return [
        violation(id, {
          services: [service],
          message: `${service.label} of ${expected} reads ${printSecret(reference)}, which is labelled environment=${wrong.environment.value}: two environments would share one key.`,
          fix: `Let ${service.label} refer to the secret of ${expected}, or correct the label.`,
          at: { variable },
        }),
      ];
    });
  });
}
