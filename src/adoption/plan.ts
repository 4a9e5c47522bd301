/** The plan: the configuration, the overrides, what is imported and what the first update changes. */
import { stringify } from "yaml";
import type { Environment, Role } from "../environment/environment.ts";
import { roles } from "../environment/environment.ts";
import { isAccountEmail } from "../environment/names.ts";
import { ConfigurationError } from "../environment/problems.ts";
import { readEnvironment } from "../environment/read.ts";
import { compareProjects } from "../policy/compare.ts";
import type { Environment as Facts } from "../policy/facts.ts";
import { type Change, changesOf } from "./changes.ts";
import { type Existing, importText } from "./import-file.ts";
import type { KnownAccount } from "./inventory.ts";
import type { Key } from "./key.ts";
import { applied, type Difference, differenceOf, wantedArgs } from "./override.ts";
import type { Place } from "./place.ts";
import { plannedArgs } from "./planned.ts";
import { type Problem, problem } from "./problem.ts";
import type { Pair } from "./roles.ts";
import { type Entry, entryOf, type Surroundings, textOfName } from "./settings.ts";
import { overrideSource } from "./source.ts";
import { type Branch, branch, branchOf, same, textOf } from "./tree.ts";

/** What planning needs to know. */
export interface PlanInput {
  readonly environment: string;
  readonly pair: Pair;
  readonly place: Place;
  readonly key: Key;
  readonly projects: Facts["projects"];
  readonly accounts: readonly KnownAccount[];
  /** Members who may read a secret, by its name. */
  readonly accessors: ReadonlyMap<string, readonly string[]>;
}

/** A grant on the secret that stays. */
export interface Grant {
  readonly role: Role;
  readonly member: string;
  /** Whether it is there, and imported; otherwise the first update makes it. */
  readonly exists: boolean;
}

/** Everything that is written and said. */
export interface Plan {
  /** The file's configuration, as `Pulumi.<environment>.yaml` holds it. */
  readonly config: Branch;
  /** `overrides/<environment>.ts`; undefined: not needed. */
  readonly overrides: string | undefined;
  /** What each override changes. */
  readonly differences: Readonly<Partial<Record<Role, Difference>>>;
  readonly imported: string;
  readonly existing: Existing;
  readonly changes: readonly Change[];
  readonly grants: readonly Grant[];
  /** How the services name the secret that stays. */
  readonly secretName: string;
  /** E-mail of the runtime account of each service. */
  readonly accounts: Readonly<Record<Role, string>>;
  readonly settings: Environment["services"];
}

/** The default compute account, which Cloud Run uses where none is named. */
export const defaultAccount = (number: string): string => `${number}-compute@developer.gserviceaccount.com`;

function accountOf(role: Role, { pair, place }: PlanInput): string | Problem {
  const { args, name } = pair.definitions[role];
  const given = textOf(branchOf(args, "template").serviceAccount);
  if (given !== undefined) return given;
  if (place.number !== undefined) return defaultAccount(place.number);
  return problem(
    `${role} (${name}) names no account and so runs as the project's default one, whose name needs the project's number: give it with --project ${place.project}=NUMBER`,
  );
}

/** An account is this program's own when its description says so, word for word. */
function isMadeHere(role: Role, account: string, { environment, place, accounts }: PlanInput): boolean {
  const known = accounts.find(({ email }) => email === account);
  return (
    known?.displayName === `Runtime account of ${role} in ${environment}` &&
    account.endsWith(`@${place.project}.iam.gserviceaccount.com`)
  );
}

function authUrlOf({ pair, place }: PlanInput): string | undefined {
  return place.number === undefined
    ? undefined
    : `https://${pair.definitions.auth.name}-${place.number}.${place.region}.run.app`;
}

/** The short name in the services' own project, the full one in another: what the program writes into the services. */
function secretNames({ key, place, projects }: PlanInput): {
  readonly written: string;
  readonly full: string;
} {
  const [own, its] = [place.project, key.project].map((value) => ({ kind: "known", value }) as const);
  const here = own === undefined || its === undefined || compareProjects(own, its, projects).kind === "same";
  const project = here ? place.project : key.project;
  const full = `projects/${project}/secrets/${key.secret}`;
  return { written: here ? key.secret : full, full };
}

function configOf(input: PlanInput, entries: Readonly<Record<Role, Entry>>, secretName: string): Branch {
  const { key, place } = input;
  return branch({
    "gcp:project": place.project,
    "gcp:region": place.region,
    "jwt-secret:secret": branch({
      source: "existing",
      name: secretName,
      current: key.current,
      previous: key.previous,
    }),
    "jwt-secret:projectNumber": place.number,
    "jwt-secret:services": { auth: entries.auth.settings, backend: entries.backend.settings },
  });
}

/** Reads the configuration back as the program will. */
function environmentOf(name: string, config: Branch): Environment | Problem[] {
  const values = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  try {
    return readEnvironment({
      environment: name,
      values: Object.fromEntries(values),
      secretKeys: new Set(),
    });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map(({ key, text }) =>
      problem(`what runs does not fit this program's configuration: ${key} ${text}`),
    );
  }
}

function grantsOf(input: PlanInput, accounts: Readonly<Record<Role, string>>, full: string): Grant[] {
  const members = input.accessors.get(full) ?? input.accessors.get(input.key.secret) ?? [];
  // Backend comes first in the program; an account that both run as is granted access once.
  const order: Role[] = accounts.auth === accounts.backend ? ["backend"] : ["backend", "auth"];
  return order.map((role) => {
    const member = `serviceAccount:${accounts[role]}`;
    return { role, member, exists: members.includes(member) };
  });
}

/** Plans, or says why not. */
export function planOf(input: PlanInput): { readonly plan?: Plan; readonly problems: readonly Problem[] } {
  const { environment, pair, place, key } = input;
  const [auth, backend] = [accountOf("auth", input), accountOf("backend", input)];
  if (typeof auth !== "string" || typeof backend !== "string") {
    return { problems: [auth, backend].flatMap((one) => (typeof one === "string" ? [] : [one])) };
  }
  const accounts = { auth, backend };
  const authUrl = authUrlOf(input);
  const around = (role: Role): Surroundings => ({
    role,
    environment,
    reads: pair.facts[role].reads,
    account: accounts[role],
    madeHere: auth !== backend && isMadeHere(role, accounts[role], input),
    authUrl,
  });
  const entries = {
    auth: entryOf(pair.definitions.auth, around("auth")),
    backend: entryOf(pair.definitions.backend, around("backend")),
  };
  const problems = [...entries.auth.problems, ...entries.backend.problems];
  const names = secretNames(input);
  const config = configOf(input, entries, names.written);
  const read = environmentOf(environment, config);
  if (Array.isArray(read) || problems.length > 0) {
    return { problems: [...problems, ...(Array.isArray(read) ? read : [])] };
  }
  const differences: Partial<Record<Role, Difference>> = {};
  const changes: Change[] = [];
  for (const role of ["backend", "auth"] as const) {
    const { args, name } = pair.definitions[role];
    const settings = read.services[role];
    const planned = plannedArgs(environment, settings);
    const wanted = wantedArgs(args, around(role));
    const difference = differenceOf(planned, wanted);
    const final = applied(planned, difference);
    if (difference !== undefined) differences[role] = difference;
    problems.push(...unlike(role, name, final, wanted));
    const said = { environment, key, secretName: names.written, authUrl };
    changes.push(...changesOf(role, args, final, settings, said));
  }
  if (problems.length > 0) return { problems };
  const grants = grantsOf(input, accounts, names.full);
  const existing: Existing = {
    place,
    services: { auth: pair.definitions.auth.name, backend: pair.definitions.backend.name },
    accounts: Object.fromEntries(
      roles.flatMap((role) => (isAccountEmail(read.services[role].account) ? [] : [[role, accounts[role]]])),
    ),
    grants: Object.fromEntries(
      grants.filter(({ exists }) => exists).map(({ role, member }) => [role, { secret: names.full, member }]),
    ),
  };
  const overrides = overrideSource(environment, differences);
  const plan = { config, overrides, differences, imported: importText(existing), existing, changes, grants };
  return { plan: { ...plan, secretName: names.written, accounts, settings: read.services }, problems };
}

/** The configuration and the override together must give what runs. That they do not is a fault of this program. */
function unlike(role: Role, name: string, final: Branch, wanted: Branch): Problem[] {
  const { deletionProtection: _, ...rest } = final;
  return same(comparable(rest), comparable(wanted))
    ? []
    : [
        problem(
          `${role} (${name}) cannot be expressed faithfully; please report this with the file, its values removed`,
        ),
      ];
}

/** Variables have no order. */
function comparable(args: Branch): Branch {
  const template = branchOf(args, "template");
  const containers = Array.isArray(template.containers) ? template.containers : [];
  return {
    ...args,
    template: {
      ...template,
      containers: containers.map((container) => {
        const envs = branchOf(container).envs;
        const list = Array.isArray(envs) ? envs : [];
        return {
          ...branchOf(container),
          envs: list.toSorted((a, b) => (textOfName(branchOf(a)) < textOfName(branchOf(b)) ? -1 : 1)),
        };
      }),
    },
  };
}

/** The text of `Pulumi.<environment>.yaml`, with what another file had beside our keys. */
export function stackText(config: Branch, kept: Readonly<Record<string, unknown>> = {}): string {
  const { config: others, ...top } = kept;
  const beside = typeof others === "object" && others !== null ? others : {};
  return stringify({ ...top, config: { ...beside, ...config } }, { lineWidth: 0 });
}
