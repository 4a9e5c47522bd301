import { list } from "../describe.ts";
import { type Environment, roles, type Service } from "../facts.ts";
import { hidden, judgedForBoth, undetermined, violation } from "../finding.ts";
import type { Finding, Rule } from "../rule.ts";
import { carriers, theOne } from "../services.ts";
import { type Carried, fingerprintVariables, hiddenBecause } from "../variables.ts";

const id = "fingerprint-agrees";

export const fingerprintAgrees: Rule = {
  id,
  description: "JWT_SECRET_FINGERPRINT, where it is present, is present on both services and equal.",
  severity: "mandatory",
  unwaivable: false,
  why: "The fingerprint tells which key a service was deployed with, without telling the key. Two different ones mean two keys, whatever the references say: a secret overwritten between the deployments, or a deployment that reached only one service.",
  remediation:
    "Deploy both services with the fingerprint of the key in use, or with none. Do not copy one by hand.",
  judge(environment) {
    const services = carriers(environment);
    const unseen = services.flatMap((service) => hidden(id, service, "its fingerprint") ?? []);
    const found = [...unseen, ...absence(environment), ...doubts(services), ...difference(services)];
    return judgedForBoth(found, environment);
  },
};

type Shown = { service: Service; carried: Carried };

function shown(services: readonly Service[]): Shown[] {
  return services.flatMap((service) =>
    fingerprintVariables(service).map((carried) => ({ service, carried })),
  );
}

/** The two services must both have one, or neither; further services need none. */
function absence(environment: Environment): Finding[] {
  const visible = roles
    .flatMap((role) => theOne(environment, role) ?? [])
    .filter((service) => hiddenBecause(service) === undefined);
  const [bare, having] = [
    visible.filter((service) => fingerprintVariables(service).length === 0),
    visible.filter((service) => fingerprintVariables(service).length > 0),
  ];
  if (bare.length === 0 || having.length === 0) return [];
  const names = (some: Service[]): string => list(some.map((service) => service.label));
  return [
    violation(id, {
      services: visible,
      message: `${names(having)} carries JWT_SECRET_FINGERPRINT and ${names(bare)} does not: the deployment reached only one of them.`,
      fix: "Deploy both services with the fingerprint of the key in use, or with none.",
    }),
  ];
}

const textOf = ({ carried: { variable } }: Shown): string | undefined =>
  variable.value.kind === "literal" && !variable.value.empty ? variable.value.text : undefined;

/** The version a fingerprint is computed from in the update, where the document settles it. */
const settledOf = ({ carried: { variable } }: Shown): string | undefined =>
  variable.value.kind === "unknown" ? variable.value.settled : undefined;

function doubts(services: readonly Service[]): Finding[] {
  const all = shown(services);
  // All of them computed from one version are one fingerprint, whatever it will be.
  const [first, ...others] = all.map(settledOf);
  if (first !== undefined && others.every((other) => other === first)) return [];
  return all
    .filter((one) => textOf(one) === undefined)
    .map(({ service, carried }) => {
      const { value } = carried.variable;
      const reason =
        value.kind === "unknown"
          ? value.reason
          : value.kind === "reference"
            ? "it comes from a secret"
            : "it is no fingerprint";
      return undetermined(id, {
        services: [service],
        message: `The JWT_SECRET_FINGERPRINT of ${service.label} is not known (${reason}), so whether both services hold one key cannot be told.`,
        fix: `Set JWT_SECRET_FINGERPRINT on ${service.label} as plain text, as the deployment prints it.`,
        at: carried,
      });
    });
}

function difference(services: readonly Service[]): Finding[] {
  const known = shown(services).filter((one) => textOf(one) !== undefined);
  const [first, ...others] = known;
  if (first === undefined) return [];
  const told = new Set<Service>();
  return others.flatMap((other): Finding[] => {
    const [one, another] = [textOf(first) ?? "", textOf(other) ?? ""];
    if (another === one || told.has(other.service)) return [];
    told.add(other.service);
    const alone = first.service === other.service;
    if (one.startsWith(another) || another.startsWith(one)) {
      return [
        undetermined(id, {
          services: alone ? [first.service] : [first.service, other.service],
          message: `${alone ? `${first.service.label} carries` : `${first.service.label} and ${other.service.label} carry`} JWT_SECRET_FINGERPRINT in different lengths that begin alike, so whether they hold one key cannot be told.`,
          fix: "Set JWT_SECRET_FINGERPRINT in one form on both services, as the deployment prints it.",
          at: other.carried,
        }),
      ];
    }
    return [
      violation(id, {
        services: alone ? [first.service] : [first.service, other.service],
        message: `${alone ? `${first.service.label} carries two different values` : `${first.service.label} and ${other.service.label} carry different values`} of JWT_SECRET_FINGERPRINT: they hold different keys, and tokens will be refused.`,
        fix: "Deploy both services again with the key in use.",
        at: other.carried,
      }),
    ];
  });
}
