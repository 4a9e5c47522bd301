import { compareSecrets, textOf } from "../compare.ts";
import { type CarriedReference, keyReferences } from "../declared.ts";
import { list, printCarried, printSecret } from "../describe.ts";
import type { Environment, Service } from "../facts.ts";
import { hidden, judged, notApplicable, undetermined, violation } from "../finding.ts";
import type { Finding, Rule } from "../rule.ts";
import { carriers, reliable } from "../services.ts";
import { jwtVariables, previousVariables } from "../variables.ts";

const id = "environments-apart";

export const environmentsApart: Rule = {
  id,
  description:
    "Environments checked together share no secret, neither as the current key nor as the previous one.",
  severity: "mandatory",
  unwaivable: false,
  why: "With one key in two environments, a token signed on staging is accepted on production. Whoever can sign in on the weaker environment is anybody on the stronger one, and a leak or a rotation on one hits the other.",
  remediation:
    "Make one secret per environment, best in a project of its own, and give each environment's services access to their own alone. Rotate the shared key on both, since each has seen the other's tokens.",
  judge(environment, environments) {
    if (environments.length < 2) return notApplicable("only one environment is checked");
    const used = usesOf(environment);
    const doubts = unseen(environment);
    if (used.length === 0 && doubts.length === 0)
      return notApplicable("no service carries a reference to a secret");
    return judged([...doubts, ...used.flatMap((one) => judgeUse(one, environment, indexOf(environments)))]);
  },
};

/** A secret an environment refers to, with one place where it does. */
interface Use {
  service: Service;
  carried: CarriedReference;
}

/** The environments that refer to secrets of one name in one project, as the documents spell them. */
interface Group {
  use: Use;
  environments: Environment[];
}

interface Index {
  /** By secret name; those whose name is not known stand under undefined. */
  groups: Map<string | undefined, Map<string, Group>>;
  /** What all documents together tell of IDs and numbers. */
  projects: Environment["projects"];
}

const uses = new WeakMap<Environment, Use[]>();
const indexes = new WeakMap<readonly Environment[], Index>();

/** How a document spells a secret. */
function spelling({ reference: { project, secret } }: CarriedReference): string {
  const spelled = [project, secret].map((part) => {
    if (part.kind === "known") return [part.value];
    if (part.kind === "settled") return [part.kind, part.urn];
    return part.kind === "unknown" ? [part.kind, part.scope ?? null, part.reason] : [part.kind];
  });
  return JSON.stringify(spelled);
}

function usesOf(environment: Environment): Use[] {
  const known = uses.get(environment);
  if (known !== undefined) return known;
  const found = new Map<string, Use>();
  for (const service of reliable(environment)) {
    for (const carried of keyReferences(service, environment)) {
      const key = spelling(carried);
      if (!found.has(key)) found.set(key, { service, carried });
    }
  }
  const all = [...found.values()];
  uses.set(environment, all);
  return all;
}

function indexOf(environments: readonly Environment[]): Index {
  const known = indexes.get(environments);
  if (known !== undefined) return known;
  const index: Index = { groups: new Map(), projects: environments.flatMap((one) => one.projects) };
  for (const environment of environments) {
    for (const use of usesOf(environment)) {
      const name = textOf(use.carried.reference.secret, "secret");
      const groups = index.groups.get(name) ?? new Map<string, Group>();
      index.groups.set(name, groups);
      // What is unknown may be spelled alike and differ: comparing the spellings says so.
      const key = spelling(use.carried);
      const group = groups.get(key) ?? { use, environments: [] };
      group.environments.push(environment);
      groups.set(key, group);
    }
  }
  indexes.set(environments, index);
  return index;
}

/** Only equal names can be one secret; a name that is not known may be any. */
function* candidates(name: string | undefined, index: Index): Iterable<Group> {
  if (name === undefined) {
    for (const groups of index.groups.values()) yield* groups.values();
  } else {
    for (const same of [name, undefined]) yield* index.groups.get(same)?.values() ?? [];
  }
}

function judgeUse({ service, carried }: Use, environment: Environment, index: Index): Finding[] {
  const name = textOf(carried.reference.secret, "secret");
  const sharing: Environment[] = [];
  let doubt: { other: Environment; reason: string } | undefined;
  for (const group of candidates(name, index)) {
    const others = group.environments.filter((one) => one !== environment);
    const [other] = others;
    if (other === undefined) continue;
    const comparison = compareSecrets(carried.reference, group.use.carried.reference, index.projects);
    if (comparison.kind === "same") sharing.push(...others);
    if (comparison.kind === "undetermined") doubt ??= { other, reason: comparison.reason };
  }
  const said = `${service.label} of ${nameOf(environment)} reads ${printCarried(carried)} from ${printSecret(carried.reference)}`;
  if (sharing.length > 0) {
    return [
      violation(id, {
        services: [service],
        message: `${said}, which ${list(sharing.map(nameOf))} ${sharing.length === 1 ? "refers" : "refer"} to as well: tokens signed in one environment are accepted in the other.`,
        fix: `Give ${nameOf(environment)} a secret of its own.`,
        at: carried,
      }),
    ];
  }
  if (doubt === undefined) return [];
  return [
    undetermined(id, {
      services: [service],
      message: `${said}: whether ${nameOf(doubt.other)} refers to the same secret cannot be told (${doubt.reason}).`,
      fix: "Name the projects with --project ID, or check documents that show both references in full.",
      at: carried,
    }),
  ];
}

/** How a message calls an environment. */
function nameOf(environment: Environment): string {
  return environment.name ?? `the environment of ${environment.services[0]?.label ?? "no service"}`;
}

/** Services whose secrets the document does not show. */
function unseen(environment: Environment): Finding[] {
  return carriers(environment).flatMap((service): Finding[] => {
    const so = `whether ${nameOf(environment)} shares a secret with another environment`;
    const finding = hidden(id, service, so);
    if (finding !== undefined) return [finding];
    const unknown = [...jwtVariables(service), ...previousVariables(service)].find(
      (one) => one.variable.value.kind === "unknown",
    );
    if (unknown?.variable.value.kind !== "unknown") return [];
    return [
      undetermined(id, {
        services: [service],
        message: `What ${printCarried(unknown)} of ${service.label} carries is not known (${unknown.variable.value.reason}), so ${so} cannot be told.`,
        fix: `Check a document that shows ${printCarried(unknown)} of ${service.label}, such as the live service.`,
        at: unknown,
      }),
    ];
  });
}
