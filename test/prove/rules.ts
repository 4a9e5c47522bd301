/**
 * The table of rules, written once more and as plainly as possible, for environments in which nothing is unknown.
 * Each rule answers with what may be said of it; more than one answer where the words of the table leave room.
 */
import type { FullEnvironment, FullRef, FullService, FullValue } from "./completions.ts";
import type { Options, Role } from "./model.ts";
import { anything, notApplicable, type Outcomes, pass, undetermined, violation } from "./outcomes.ts";
import { environmentOf } from "./view.ts";

/** A rule on a whole environment. */
type Judge = (environment: FullEnvironment, options: Options) => Outcomes;

/**
 * A rule on every service, or every pair of services, in a fixed order: a violation must be that of one service or
 * one pair in all completions, not of another one in each.
 */
type JudgeEach = (environment: FullEnvironment, options: Options) => Outcomes[];

/** Every rule asks the same of a service again; a case has one set of options, and a completion is never changed. */
function remembered<T extends object, R>(
  compute: (subject: T, options: Options) => R,
): (subject: T, options?: Options) => R {
  const known = new WeakMap<T, R>();
  const none: Options = { matched: [], services: {}, reads: {} };
  return (subject, options = none) => {
    const found = known.get(subject);
    if (found !== undefined) return found;
    const made = compute(subject, options);
    known.set(subject, made);
    return made;
  };
}

function ownNames(service: FullService, options: Options): string[] {
  const reads = service.role ? (options.reads[service.role] ?? []) : [];
  const own = environmentsOf(service)
    .filter((name) => name !== "")
    .map((name) => `JWT_SECRET_${name.toUpperCase().replaceAll("-", "_")}`);
  return [...new Set([...reads, ...own, "JWT_SECRET_KEY", "JWT_SECRET"])];
}

/** What the containers of a service say their ENVIRONMENT is, each once. */
function environmentsOf({ containers }: FullService): string[] {
  const texts = containers.flatMap(({ variables }) =>
    variables.flatMap(({ name, value }) =>
      name === "ENVIRONMENT" && value.kind === "literal" ? [value.text] : [],
    ),
  );
  return [...new Set(texts)];
}

/** Named after some environment, be it not the service's own. */
function namedAfterAny(name: string): boolean {
  return /^JWT_SECRET_[A-Z0-9_]+$/.test(name) && !/^JWT_SECRET_(PREVIOUS|FINGERPRINT|KEY)$/.test(name);
}

interface Carried {
  name: string;
  value: FullValue;
  container: number;
  via: "variable" | "file";
  own: boolean;
}

/** All JWT variables and files of a service. */
const carried = remembered((service: FullService, options: Options): Carried[] => {
  const own = ownNames(service, options);
  return service.containers.flatMap(({ variables, files }, container) => [
    ...variables
      .filter(({ name }) => own.includes(name) || namedAfterAny(name))
      .map(({ name, value }) => ({
        name,
        value,
        container,
        via: "variable" as const,
        own: own.includes(name),
      })),
    ...files
      .filter(({ file }) => own.includes(file) || namedAfterAny(file))
      .map(({ file, ref }) => ({
        name: file,
        value: { kind: "reference" as const, ref },
        container,
        via: "file" as const,
        own: true,
      })),
  ]);
});

function sameRef(left: FullRef, right: FullRef): boolean {
  return left.secret === right.secret && left.version === right.version;
}

/** A version number; numbers not known yet are numbers too. */
function pinned(ref: FullRef): boolean {
  return ref.version !== null && (/^\d+$/.test(ref.version) || ref.version.startsWith("new "));
}

/** The first variable present, in the service's own order: its reference, or why there is none. */
type Effective =
  | { kind: "reference"; ref: FullRef }
  | { kind: "none" }
  | { kind: "literal" }
  | { kind: "unclear" };

const effective = remembered((service: FullService, options: Options): Effective => {
  const everything = carried(service, options);
  if (everything.length > 1 && everything.some(({ value }) => value.kind === "literal"))
    return { kind: "unclear" };
  const all = everything.filter(({ own }) => own);
  const references = everything.flatMap(({ value }) => (value.kind === "reference" ? [value.ref] : []));
  const [one] = references;
  const disagree = one !== undefined && references.some((ref) => !sameRef(ref, one));
  const places = new Set(everything.map(({ container }) => container)).size;
  const bare = everything.some(
    ({ container }) => !service.containers[container]?.variables.some(({ name }) => name === "ENVIRONMENT"),
  );
  // Which of several containers or files counts, and what is read first without an ENVIRONMENT, nobody says.
  if (
    disagree &&
    (places > 1 || everything.some(({ via }) => via === "file") || bare || !service.environment)
  ) {
    return { kind: "unclear" };
  }
  for (const name of ownNames(service, options)) {
    const present = all.filter((variable) => variable.name === name);
    const [first, ...others] = present;
    if (!first) continue;
    if (first.value.kind === "literal") return { kind: others.length > 0 ? "unclear" : "literal" };
    for (const { value } of others) {
      if (value.kind === "literal" || !sameRef(value.ref, first.value.ref)) return { kind: "unclear" };
    }
    return first.value;
  }
  return { kind: "none" };
});

function inRole(environment: FullEnvironment, role: Role): FullService[] {
  return environment.services.filter((service) => service.role === role);
}

/** Copies of one service given twice. */
function distinct(services: readonly FullService[], environment: FullEnvironment): FullService[][] {
  const groups = new Map<string, FullService[]>();
  for (const service of services) {
    const { seen } = service;
    const key = `${environment.projectOf(seen.project)} ${seen.region} ${seen.name}`;
    groups.set(key, [...(groups.get(key) ?? []), service]);
  }
  return [...groups.values()];
}

const present = remembered((environment: FullEnvironment): Outcomes => {
  let outcomes: Outcomes = pass;
  for (const role of ["auth", "backend"] as const) {
    const groups = distinct(inRole(environment, role), environment);
    const [group, ...others] = groups;
    if (!group || others.length > 0) return undetermined;
    if (new Set(group.map(({ seen }) => seen.print)).size > 1) {
      // Copies that are the same in truth but are not written alike may count once or not at all.
      const alike = new Set(group.map(({ containers }) => JSON.stringify(containers.map(sorted))));
      const kinds = new Set(group.map(({ seen }) => seen.revision));
      outcomes = alike.size === 1 || kinds.size > 1 ? pass | undetermined : undetermined;
    }
  }
  return outcomes;
});

function sorted({ variables, files }: FullService["containers"][number]): unknown {
  const text = (item: unknown) => JSON.stringify(item);
  return [variables.map(text).sort(), files.map(text).sort()];
}

/** True when one service is given several times, and not alike: nobody knows which copy is right. */
export function conflicting(environment: FullEnvironment): boolean {
  return distinct(environment.services, environment).some(
    (group) => new Set(group.map(({ seen }) => seen.print)).size > 1,
  );
}

/** True when each role is filled by exactly one service: only then do comparisons have two clear sides. */
function clear(environment: FullEnvironment): boolean {
  return present(environment) === pass;
}

/** auth, backend, and everything else that carries a JWT variable. */
const participants = remembered((environment: FullEnvironment, options: Options): FullService[] => {
  return environment.services.filter(
    (service) => service.role !== undefined || carried(service, options).length > 0,
  );
});

function refsOf(environment: FullEnvironment, options: Options): FullRef[] {
  return participants(environment, options).flatMap((service) => {
    const found = effective(service, options);
    return found.kind === "reference" ? [found.ref] : [];
  });
}

/** What several services say, worst first; a definite violation of one is one of the whole. */
export function worst(each: readonly Outcomes[]): Outcomes {
  const definite = each.some((outcomes) => outcomes === violation);
  if (definite) return violation;
  if (each.length === 0) return pass | notApplicable;
  let all = 0;
  for (const outcomes of each) all |= outcomes;
  const good = pass | notApplicable;
  return each.every((outcomes) => (outcomes & good) !== 0) ? all : all & ~good;
}

const injected: JudgeEach = (environment, options) =>
  (["auth", "backend"] as const).map((role) => {
    const each = inRole(environment, role).map((service): Outcomes => {
      const all = carried(service, options);
      if (all.some(({ own }) => own)) return pass;
      // A variable of another environment is a JWT variable that nothing is known to read.
      return all.length > 0 ? anything : violation;
    });
    if (each.length === 0) return anything & ~violation;
    if (each.every((outcomes) => outcomes === violation)) return violation;
    // With several candidates, the one that carries nothing may be the one that is not meant.
    return each.length > 1 ? anything & ~violation : worst(each);
  });

const noPlaintext: JudgeEach = (environment, options) =>
  environment.services.map((service) => {
    const literals = carried(service, options).filter(({ value }) => value.kind === "literal");
    if (literals.some(({ own }) => own)) return violation;
    return literals.length > 0 ? violation | pass : pass;
  });

const single: JudgeEach = (environment, options) =>
  environment.services.map((service) => {
    const all = carried(service, options);
    const references = all.flatMap(({ value }) => (value.kind === "reference" ? [value.ref] : []));
    const names = all.map(({ name, container, via }) => `${container} ${via} ${name}`);
    if (new Set(names).size < names.length) return violation;
    if (new Set(references.map(({ secret }) => secret)).size > 1) return violation;
    const literals = all.length - references.length;
    const numbers = new Set(references.map(({ version }) => version));
    // A number beside `latest` or an alias may be the same version today; it is not one reference.
    if (numbers.size > 1) return references.every(pinned) ? violation : violation | undetermined;
    if (literals > 0) return all.length > 1 ? violation | pass : anything;
    return pass;
  });

/**
 * Whether some container of a service carries JWT variables of other environments only, beside a file or another
 * container that is known to be read: what is really read is left open.
 */
function half(service: FullService, options: Options): boolean {
  const all = carried(service, options).filter(({ via }) => via === "variable");
  return all.some((one) => !one.own && !all.some((other) => other.container === one.container && other.own));
}

/** All pairs of services, in a fixed order; a service that takes no part makes a pair that holds. */
function pairs(
  environment: FullEnvironment,
  options: Options,
  compare: (left: Effective, right: Effective, idle: boolean) => Outcomes,
): Outcomes[] {
  const { services } = environment;
  const taking = new Set(participants(environment, options));
  const unclear = !clear(environment);
  return services.flatMap((left, index) =>
    services.slice(index + 1).map((right) => {
      if (!taking.has(left) || !taking.has(right)) return pass | notApplicable;
      const sides = [left, right].map((service) => effective(service, options));
      const [first, second] = sides;
      if (!first || !second) return anything;
      const idle = [left, right].some(
        (service, side) =>
          sides[side]?.kind === "none" &&
          carried(service, options).length > 0 &&
          Boolean(environmentOf(service.seen)),
      );
      const mixed = [left, right].some((service) => half(service, options));
      const outcomes = compare(first, second, idle) | (mixed ? undetermined : 0);
      // Without two clear sides nothing need be compared, and what differs may still be said.
      return unclear ? (outcomes === violation ? anything : outcomes | undetermined) : outcomes;
    }),
  );
}

const same: JudgeEach = (environment, options) =>
  pairs(environment, options, (left, right, idle) => {
    if (left.kind === "reference" && right.kind === "reference") {
      return left.ref.secret === right.ref.secret ? pass : violation;
    }
    // One carries something, but nothing that it is known to read.
    if (idle && left.kind !== "literal" && right.kind !== "literal") return violation | undetermined;
    // Plain text, or nothing at all: other rules speak, and whether this one does too does not matter.
    return anything;
  });

const sameVersion: JudgeEach = (environment, options) =>
  pairs(environment, options, (left, right) => {
    if (left.kind !== "reference" || right.kind !== "reference") return anything;
    if (left.ref.secret !== right.ref.secret) return anything;
    if (!pinned(left.ref) || !pinned(right.ref)) {
      return pinned(left.ref) || pinned(right.ref) || left.ref.version !== right.ref.version
        ? anything
        : pass | notApplicable;
    }
    return left.ref.version === right.ref.version ? pass | notApplicable : violation;
  });

const pinnedVersion: JudgeEach = (environment, options) =>
  environment.services.map((service) => {
    if (service.role === undefined && carried(service, options).length === 0) return pass | notApplicable;
    const found = effective(service, options);
    const all = carried(service, options).flatMap(({ value }) =>
      value.kind === "reference" ? [value.ref] : [],
    );
    const loose = all.filter((ref) => !pinned(ref));
    if (found.kind === "reference" && !pinned(found.ref)) return violation;
    if (loose.length > 0) return anything;
    return pass | notApplicable;
  });

const environmentAgrees: Judge = (environment, options) => {
  const each = (["auth", "backend"] as const).flatMap((role) =>
    inRole(environment, role).map((service) => service.environment),
  );
  const name = environment.seen.name;
  // The table speaks of the two services; whether a container that reads a key needs an ENVIRONMENT of its own, and
  // whether further services must agree, is left open.
  const open =
    participants(environment, options).some((service) =>
      carried(service, options).some(
        ({ container }) =>
          !service.containers[container]?.variables.some(({ name: variable }) => variable === "ENVIRONMENT"),
      ),
    ) || participants(environment, options).some((service) => service.environment !== (name ?? each[0]));
  const secrets = new Set(refsOf(environment, options).map(({ secret }) => secret));
  const labels = environment.secrets.filter(({ secret }) => secrets.has(secret)).map(({ label }) => label);
  if (!clear(environment)) {
    const wrong =
      open ||
      labels.some((label) => label !== null && label !== name) ||
      new Set(each).size > 1 ||
      each.some((text) => !text || (name !== undefined && text !== name));
    return wrong ? anything : anything & ~violation;
  }
  if (each.some((text) => text === undefined || text === "")) return violation;
  if (new Set(each).size > 1) return violation;
  // Containers of one service that contradict each other.
  const split = environment.services.some((service) => service.role && environmentsOf(service).length > 1);
  if (split) return violation | undetermined;
  const wanted = name ?? each[0];
  if (each.some((text) => text !== wanted)) return violation;
  if (labels.some((label) => label !== null && label !== wanted)) {
    // A label counts where the document shows it: not where it may be that of an unknown secret.
    return guessed(environment) ? anything : violation;
  }
  const carriedToo = participants(environment, options).flatMap((service) =>
    carried(service, options).flatMap(({ value }) => (value.kind === "reference" ? [value.ref.secret] : [])),
  );
  const beside = environment.secrets.some(
    ({ secret, label }) => label !== null && label !== wanted && carriedToo.includes(secret),
  );
  return open || beside ? anything : pass;
};

/** True when some reference of the document names a secret that nobody knows. */
function guessed({ seen }: FullEnvironment): boolean {
  return seen.services.some(
    ({ containers }) =>
      containers === "hidden" ||
      containers.some(({ variables }) =>
        variables.some(({ value }) => {
          if (value.kind !== "reference") return false;
          const { secret } = value.ref;
          return secret.kind === "free" || (secret.kind === "one-of" && secret.urns.length !== 1);
        }),
      ),
  );
}

const declared: JudgeEach = (environment, options) =>
  environment.services.map((service) => declaredFor(service, environment, options));

function declaredFor(service: FullService, environment: FullEnvironment, options: Options): Outcomes {
  const { seen, secrets } = environment;
  if (!seen.pulumi) return notApplicable | pass;
  const all = carried(service, options);
  if (all.length === 0) return anything & ~violation;
  const found = effective(service, options);
  if (found.kind !== "reference") return anything;
  const each = [declaredRef(found.ref, environment)];
  // What is carried beside the effective reference is held to it by another rule.
  const beside = all.some(({ value }) => value.kind === "literal" || !sameRef(value.ref, found.ref));
  if (beside) each.push(anything);
  for (const ref of previousOf(service)) {
    const version = secrets
      .find(({ secret }) => secret === ref?.secret)
      ?.versions.find(({ number }) => number === ref?.version);
    if (!version?.enabled) each.push(anything);
  }
  return worst(each);
}

function declaredRef(ref: FullRef, { seen, secrets }: FullEnvironment): Outcomes {
  const secret = secrets.find((candidate) => candidate.secret === ref.secret);
  if (!secret) {
    if (seen.existing) return pass | notApplicable | (seen.preview ? undetermined : 0);
    // A preview does not hold the stack's outputs, and may leave out what stays the same.
    if (seen.preview) return seen.incomplete ? undetermined : violation | undetermined;
    return violation;
  }
  if (!pinned(ref)) return anything;
  const version = secret.versions.find(({ number }) => number === ref.version);
  if (!version) {
    if (seen.existing) return pass | notApplicable | undetermined;
    return seen.incomplete ? undetermined : violation;
  }
  return version.enabled ? pass : seen.existing ? anything : violation;
}

const readers = ["roles/secretmanager.secretAccessor", "roles/secretmanager.admin", "roles/owner"];

const granted: JudgeEach = (environment, options) => {
  const { seen, secrets, grants } = environment;
  if (!seen.pulumi || seen.existing) {
    return [notApplicable | pass | (seen.preview ? undetermined : 0)];
  }
  const taking = new Set(participants(environment, options));
  const unclear = !clear(environment);
  const each = environment.services.map((service): Outcomes => {
    if (!taking.has(service)) return pass | notApplicable;
    const found = effective(service, options);
    if (found.kind === "unclear") return anything;
    // A previous version of its own must be read too.
    if (found.kind !== "reference") return previousOf(service).length > 0 ? anything : anything & ~violation;
    const { ref } = found;
    if (!secrets.some(({ secret }) => secret === ref.secret)) return anything;
    const relevant = grants.filter(
      (grant) => grant.project === ref.project && (grant.secret === null || grant.secret === ref.name),
    );
    const reading = relevant.filter(({ role }) => readers.includes(role));
    const open = reading.filter(({ members }) =>
      members.some((member) => member === "allUsers" || member === "allAuthenticatedUsers"),
    );
    if (open.some(({ conditional }) => !conditional)) return violation;
    if (open.length > 0) return violation | undetermined;
    const { account } = service.seen;
    const member =
      account.kind === "member"
        ? account.member
        : account.kind === "urn"
          ? account.urn
          : environment.defaultAccount(environment.projectOf(service.seen.project));
    const mine = reading.filter(({ members }) =>
      members.some((candidate) => candidate === member || sameAccount(candidate, member)),
    );
    if (mine.some(({ conditional }) => !conditional)) return pass;
    if (mine.length > 0) return undetermined;
    if (reading.some(({ members }) => members.some((candidate) => candidate.startsWith("group:")))) {
      return violation | undetermined;
    }
    if (account.kind === "default") {
      const some = reading.some(({ members }) =>
        members.some((candidate) => candidate.endsWith("-compute@developer.gserviceaccount.com")),
      );
      return some && member === undefined ? undetermined : violation | undetermined;
    }
    if (seen.incomplete) return undetermined;
    // Whether a further service's account needs a grant of its own is left open.
    return service.role === undefined ? anything : violation;
  });
  return unclear
    ? each.map((outcomes) => (outcomes === violation ? anything : outcomes | undetermined))
    : each;
};

/** An account that is a resource goes by its URN or by the e-mail made of its name. */
function sameAccount(candidate: string, member: string | undefined): boolean {
  if (member === undefined || candidate.startsWith("urn:") === member.startsWith("urn:")) return false;
  const [urn, mail] = candidate.startsWith("urn:") ? [candidate, member] : [member, candidate];
  return mail.startsWith(`serviceAccount:${urn.split("::").at(-1) ?? ""}@`);
}

const serving: Judge = (environment) => {
  const each = environment.services
    .filter(({ role }) => role !== undefined)
    .map(({ seen }) => ["split", "pinned-old", "not-ready", "behind"].includes(seen.serving));
  const others = environment.services
    .filter(({ role }) => role === undefined)
    .some(({ seen }) => ["split", "pinned-old", "not-ready", "behind"].includes(seen.serving));
  if (each.includes(true)) return undetermined;
  // No revision says whether it gets traffic: honest to say so, and by the letter the rule does not apply.
  const revisions = environment.services.some(({ seen }) => seen.revision);
  return others || revisions ? anything & ~violation : pass | notApplicable;
};

function literalOf(service: FullService, name: string): string | undefined {
  for (const { variables } of service.containers) {
    for (const variable of variables) {
      if (variable.name === name && variable.value.kind === "literal") return variable.value.text;
    }
  }
  return undefined;
}

const fingerprint: Judge = (environment) => {
  const each = (["auth", "backend"] as const).flatMap((role) =>
    inRole(environment, role).flatMap((service) => literalOf(service, "JWT_SECRET_FINGERPRINT") ?? []),
  );
  const differ = new Set(each).size > 1;
  // What further services carry is not spoken of.
  const others = environment.services.flatMap(
    (service) => literalOf(service, "JWT_SECRET_FINGERPRINT") ?? [],
  );
  if (!differ && new Set(others).size > 1) return anything;
  if (!clear(environment)) return differ ? anything : anything & ~violation;
  // "Where present, equal on both": present on one alone may be read either way.
  if (each.length === 1) return pass | notApplicable | violation;
  return differ ? violation : pass | notApplicable;
};

const guarded: Judge = (environment, options) => {
  const { seen, secrets } = environment;
  if (!seen.pulumi) return pass | notApplicable;
  const named = new Set(refsOf(environment, options).map(({ secret }) => secret));
  const bad = ({ protect, ttl, versions }: FullEnvironment["secrets"][number]) =>
    !protect || ttl || versions.some(({ destroyed }) => destroyed);
  if (secrets.some((secret) => named.has(secret.secret) && bad(secret)))
    return clear(environment) ? violation : anything;
  // Other secrets of the stack may be asked for as much.
  return secrets.some(bad) || seen.incomplete || !clear(environment) ? anything : pass | notApplicable;
};

/** The previous reference of auth and of backend; null for one that is no reference. */
function previousRefs(environment: FullEnvironment): (FullRef | null)[] {
  return (["auth", "backend"] as const).flatMap((role) => inRole(environment, role).flatMap(previousOf));
}

function previousOf(service: FullService): (FullRef | null)[] {
  return service.containers.flatMap(({ variables }) =>
    variables
      .filter(({ name }) => name === "JWT_SECRET_PREVIOUS")
      .map(({ value }) => (value.kind === "reference" ? value.ref : null)),
  );
}

/** Auth alone, backend alone, and the two together. */
const previousAgrees: JudgeEach = (environment, options) => {
  const alone = (["auth", "backend"] as const).map((role): Outcomes => {
    const [service, ...others] = inRole(environment, role);
    if (!service || others.length > 0) return anything;
    const refs = previousOf(service);
    const [ref] = refs;
    if (refs.length === 0) return pass | notApplicable;
    if (service.invented || refs.length > 1) return anything;
    if (!ref) return violation | undetermined;
    const current = effective(service, options);
    if (current.kind !== "reference" || half(service, options)) return anything;
    if (!sameRef(current.ref, ref)) return pinned(ref) && pinned(current.ref) ? pass : anything;
    return pinned(ref) ? violation : violation | undetermined;
  });
  return [...alone, previousOnBoth(environment)];
};

function previousOnBoth(environment: FullEnvironment): Outcomes {
  const refs = previousRefs(environment);
  if (refs.length === 0) return pass | notApplicable;
  if (!clear(environment)) return anything;
  // What a hidden service may carry is not only what the other one does.
  if (environment.services.some(({ role, invented }) => role !== undefined && invented)) {
    return anything & ~violation;
  }
  const [first, second, ...more] = refs;
  if (more.length > 0) return anything;
  if (second === undefined) return violation;
  if (!first || !second) return violation | undetermined;
  if (sameRef(first, second)) return pinned(first) ? pass : anything;
  return pinned(first) && pinned(second) ? violation : violation | undetermined;
}

/** What may be said of each rule of the table, `environments-apart` excepted. */
export const judges: Readonly<Record<string, JudgeEach>> = {
  "services-present": whole(present),
  "jwt-secret-injected": injected,
  "no-plaintext-jwt-secret": noPlaintext,
  "single-jwt-reference": single,
  "same-jwt-secret": same,
  "same-jwt-secret-version": sameVersion,
  "pinned-jwt-secret-version": pinnedVersion,
  "environment-agrees": whole(environmentAgrees),
  "jwt-secret-declared": declared,
  "accessor-granted": granted,
  "serving-what-is-described": whole(serving),
  "fingerprint-agrees": whole(fingerprint),
  "jwt-secret-guarded": whole(guarded),
  "previous-version-agrees": previousAgrees,
};

function whole(rule: Judge): JudgeEach {
  return (environment, options) => [rule(environment, options)];
}

/** Rules whose findings do not change the verdict. */
export const advisory: ReadonlySet<string> = new Set(["jwt-secret-guarded"]);

/** `environments-apart` for two environments: they share no secret. */
export function apart(left: FullEnvironment, right: FullEnvironment, options: Options): Outcomes {
  const mine = new Set(refsOf(left, options).map(({ secret }) => secret));
  const theirs = refsOf(right, options).map(({ secret }) => secret);
  if (theirs.some((secret) => mine.has(secret))) {
    return clear(left) && clear(right) ? violation : anything;
  }
  const every = new Set(secretsOf(left, options));
  if (secretsOf(right, options).some((secret) => every.has(secret))) return anything;
  return clear(left) && clear(right) ? pass | notApplicable : anything & ~violation;
}

/** Every secret that has to do with tokens in an environment: effective or not, previous ones included. */
function secretsOf(environment: FullEnvironment, options: Options): string[] {
  return [
    ...participants(environment, options).flatMap((service) =>
      carried(service, options).flatMap(({ value }) =>
        value.kind === "reference" ? [value.ref.secret] : [],
      ),
    ),
    ...previousRefs(environment).flatMap((ref) => ref?.secret ?? []),
  ];
}
