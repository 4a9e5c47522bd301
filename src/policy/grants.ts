/** Who may access a secret, as far as the stack's grants tell. */
import { compareProjects } from "./compare.ts";
import { compareNamed, type Named } from "./declared.ts";
import type { Declared, Environment, Grant, Part, Service } from "./facts.ts";
import { resolvePart } from "./resolve.ts";

export type Answer = "yes" | "no" | "maybe";

/** All must be so. */
const every = (answers: readonly Answer[]): Answer =>
  answers.includes("no") ? "no" : answers.includes("maybe") ? "maybe" : "yes";
/** One is enough. */
const some = (answers: readonly Answer[]): Answer =>
  answers.includes("yes") ? "yes" : answers.includes("maybe") ? "maybe" : "no";

/**
 * Roles with `secretmanager.versions.access`. Source: Google Cloud's reference of predefined roles, and of the basic
 * ones, of which Admin is the newer Owner (https://cloud.google.com/iam/docs/roles-overview#basic).
 */
const accessing = new Set([
  "roles/secretmanager.secretAccessor",
  "roles/secretmanager.admin",
  "roles/owner",
  "roles/admin",
]);

/**
 * Custom roles and the roles of Google's own agents may hold any permission, and so may Writer, the newer Editor, which is
 * a preview.
 */
function roleGives(role: Part): Answer {
  if (role.kind !== "known") return "maybe";
  if (accessing.has(role.value)) return "yes";
  const isOpen = !role.value.startsWith("roles/") || /serviceagent$/i.test(role.value);
  return isOpen || role.value === "roles/writer" ? "maybe" : "no";
}

/** Whether a grant is about a secret: on the secret itself, or on the project it lies in. */
function covers(grant: Grant, secret: Named, environment: Environment): Answer {
  const comparison =
    grant.secret.kind === "absent"
      ? compareProjects(
          resolvePart(grant.project, "project", environment),
          secret.project,
          environment.projects,
        )
      : compareNamed(grant, secret, environment);
  return comparison.kind === "same" ? "yes" : comparison.kind === "different" ? "no" : "maybe";
}

const defaultAccount = /^([0-9]+)-compute@developer\.gserviceaccount\.com$/;

/** E-mails are compared in lower case, as IAM does. */
function accountEmail(account: Part, declared: Declared): string | undefined {
  const known =
    account.kind === "settled" ? declared.accounts.find((one) => one.urn === account.urn)?.email : account;
  return known?.kind === "known" ? known.value.toLowerCase() : undefined;
}

function accountUrn(account: Part, declared: Declared): string | undefined {
  if (account.kind === "settled") return account.urn;
  if (account.kind !== "known") return undefined;
  if (account.settledBy !== undefined) return account.settledBy;
  const email = account.value.toLowerCase();
  return declared.accounts.find(
    (one) => one.email.kind === "known" && one.email.value.toLowerCase() === email,
  )?.urn;
}

/** Whether a member of a grant is the runtime account of a service. */
function isAccount(member: Part, service: Service, declared: Declared, environment: Environment): Answer {
  if (member.kind === "known" && member.value.toLowerCase().startsWith("user:")) return "no";
  if (member.kind === "known" && member.value.toLowerCase().startsWith("deleted:")) return "no";
  if (isPublic(member)) return "yes";
  const written = member.kind === "known" ? /^serviceAccount:(.+)$/i.exec(member.value)?.[1] : undefined;
  // A group, a domain or a principal set may hold the account: no document shows who is in it.
  if (member.kind === "known" && written === undefined) return "maybe";
  if (service.account.kind === "absent")
    return isDefaultAccount(written?.toLowerCase(), service, environment);
  const held =
    written?.toLowerCase() ?? (member.kind === "settled" ? accountEmail(member, declared) : undefined);
  const email = accountEmail(service.account, declared);
  if (held !== undefined && email !== undefined) return held === email ? "yes" : "no";
  const [urn, other] = [
    member.kind === "known"
      ? accountUrn({ ...member, value: written ?? "" }, declared)
      : accountUrn(member, declared),
    accountUrn(service.account, declared),
  ];
  if (urn === undefined || other === undefined) return "maybe";
  return urn === other ? "yes" : "no";
}

/**
 * Without an account of its own a service runs as NUMBER-compute@..., of the project it runs in. Anything but that
 * very account leaves it open: no document shows what the default account may do.
 */
function isDefaultAccount(email: string | undefined, service: Service, environment: Environment): Answer {
  const number = email === undefined ? undefined : defaultAccount.exec(email)?.[1];
  if (number === undefined) return "maybe";
  const comparison = compareProjects({ kind: "known", value: number }, service.project, environment.projects);
  return comparison.kind === "same" ? "yes" : "maybe";
}

/** Why what the runtime account of a service is granted may be of no use: it is disabled, or no longer there. */
export function accountDoubt({ account }: Service, declared: Declared): string | undefined {
  const [urn, email] = [accountUrn(account, declared), accountEmail(account, declared)];
  const doubted = declared.accounts.find(
    (one) =>
      one.unusable !== undefined &&
      (one.urn === urn || (email !== undefined && accountEmail(one.email, declared) === email)),
  );
  return doubted?.unusable;
}

/** Whether the runtime account of a service may access a secret through the stack's grants. */
export function mayAccess(
  service: Service,
  secret: Named,
  declared: Declared,
  environment: Environment,
): Answer {
  const includes = (grant: Grant): Answer =>
    some(grant.members.map((member) => isAccount(member, service, declared, environment)));
  const granted = some(
    declared.grants.map((grant) => {
      const answers: Answer[] = [
        roleGives(grant.role),
        covers(grant, secret, environment),
        grant.conditional === false ? "yes" : "maybe",
        includes(grant),
      ];
      const answer = every(answers);
      return answer === "yes" && isTakenAway(grant, secret, declared, environment, includes)
        ? "maybe"
        : answer;
    }),
  );
  return granted === "yes" && accountDoubt(service, declared) !== undefined ? "maybe" : granted;
}

/**
 * Whether another grant of the stack takes from others what this one gives: a binding has all members of its role under
 * its condition, a policy all members at all, and each update takes away what the other has put back. Source: the
 * provider's pages of `secretmanager.SecretIamPolicy` and `projects.IAMPolicy` ("they will fight over what your policy
 * should be"; a binding is "authoritative for a given role and condition combination").
 */
function isTakenAway(
  grant: Grant,
  secret: Named,
  declared: Declared,
  environment: Environment,
  includes: (grant: Grant) => Answer,
): boolean {
  const rivals = declared.grants.filter(
    (other) =>
      other.exclusive !== undefined &&
      (other.secret.kind === "absent") === (grant.secret.kind === "absent") &&
      covers(other, secret, environment) !== "no" &&
      (other.exclusive === "all" || (sameRole(other.role, grant.role) && sameCondition(other, grant))),
  );
  // A policy gives several roles: one that gives access to the account is enough, but for one that a condition may
  // withhold. What gives takes nothing away, itself included.
  const gives = ({ urn }: Grant): boolean =>
    rivals.some(
      (other) =>
        other.urn === urn &&
        other.conditional === false &&
        roleGives(other.role) === "yes" &&
        includes(other) === "yes",
    );
  return rivals.some((other) => !gives(other));
}

const sameRole = (a: Part, b: Part): boolean =>
  a.kind !== "known" || b.kind !== "known" || a.value === b.value;

/** False only where one is known to have a condition, and the other to have none. */
const sameCondition = (a: Grant, b: Grant): boolean =>
  typeof a.conditional === "string" || typeof b.conditional === "string" || a.conditional === b.conditional;

/** A member who is neither listed nor runs a service, and whether it may access the secret. */
export interface Stranger {
  answer: "yes" | "maybe";
  member: Part;
  grant: Grant;
}

/**
 * Members with access to a secret whom the configuration does not list and no service runs as. None where the list is
 * not shown. A condition is no excuse. Who may read through `isPublic` is another matter.
 */
export function strangers(
  secret: Named,
  services: readonly Service[],
  declared: Declared,
  environment: Environment,
): Stranger[] {
  if (declared.accessors === undefined) return [];
  const lowered = (members: readonly string[]) => new Set(members.map((member) => member.toLowerCase()));
  const [listed, disputed] = [lowered(declared.accessors), lowered(declared.disputedAccessors ?? [])];
  return declared.grants.flatMap((grant) => {
    const access = every([roleGives(grant.role), covers(grant, secret, environment)]);
    if (access === "no") return [];
    return grant.members.flatMap((member): Stranger[] => {
      if (isPublic(member) || isDeleted(member)) return [];
      if (member.kind === "known" && listed.has(member.value.toLowerCase())) return [];
      const runs = services.map((service) => isRuntime(member, service, declared, environment));
      if (runs.includes("yes")) return [];
      const doubted = member.kind === "known" && disputed.has(member.value.toLowerCase());
      const sure = access === "yes" && member.kind === "known" && !doubted && !runs.includes("maybe");
      return [{ answer: sure ? "yes" : "maybe", member, grant }];
    });
  });
}

const isDeleted = (member: Part) => member.kind === "known" && /^deleted:/i.test(member.value);

/** Whether a service runs as this very member: a group that may hold its account is somebody else. */
function isRuntime(member: Part, service: Service, declared: Declared, environment: Environment): Answer {
  if (member.kind === "known" && !/^serviceAccount:/i.test(member.value)) return "no";
  return isAccount(member, service, declared, environment);
}

function isPublic(member: Part): boolean {
  return member.kind === "known" && /^all(authenticated)?users$/i.test(member.value);
}

/** A grant through which anybody may access a secret, or may do so. A condition is no excuse. */
export function openToAnybody(
  secret: Named,
  declared: Declared,
  environment: Environment,
): { answer: "yes" | "maybe"; member: string; grant: Grant } | undefined {
  const found = declared.grants.flatMap((grant) => {
    const member = grant.members.find(isPublic);
    const answer = every([roleGives(grant.role), covers(grant, secret, environment)]);
    return member?.kind !== "known" || answer === "no" ? [] : [{ answer, member: member.value, grant }];
  });
  return found.find(({ answer }) => answer === "yes") ?? found[0];
}
