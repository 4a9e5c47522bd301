/** The rules on the resources around the services. */

import type { FullEnvironment, FullGrant, FullRef, FullService } from "../completions/full.ts";
import type { Options } from "../model.ts";
import { anything, notApplicable, type Outcomes, pass, undetermined, violation } from "../outcomes.ts";
import { carried, effective, pinned, previousOf, sameRef } from "./carried.ts";
import { type Judge, type JudgeEach, worst } from "./judge.ts";
import { clear, participants, refsOf } from "./services.ts";

export const declared: JudgeEach = (environment, options) =>
  environment.services.map((service) => declaredFor(service, environment, options));

function declaredFor(service: FullService, environment: FullEnvironment, options: Options): Outcomes {
  const { seen, secrets } = environment;
  if (!seen.pulumi) return notApplicable | pass;
  const all = carried(service, options);
  // A previous key that is not there may be told of as the current one is.
  const before = previousOf(service).map((ref): Outcomes => {
    const version = secrets
      .find(({ secret }) => secret === ref?.secret)
      ?.versions.find(({ number }) => number === ref?.version);
    return version?.enabled ? pass : anything;
  });
  if (all.length === 0) return worst([anything & ~violation, ...before]);
  const found = effective(service, options);
  if (found.kind !== "reference") return anything;
  const each = [declaredRef(found.ref, environment), ...before];
  // What is carried beside the effective reference is held to it by another rule.
  const beside = all.some(({ value }) => value.kind === "literal" || !sameRef(value.ref, found.ref));
  if (beside) each.push(anything);
  return worst(each);
}

function declaredRef(ref: FullRef, { seen, secrets }: FullEnvironment): Outcomes {
  const secret = secrets.find((candidate) => candidate.secret === ref.secret);
  if (!secret) return notMadeHere(seen);
  if (!pinned(ref)) return anything;
  const version = secret.versions.find(({ number }) => number === ref.version);
  if (!version) return notMadeHere(seen);
  return version.enabled ? pass : seen.source === "existing" ? anything : violation;
}

/** A document that may leave resources out, or that cannot show the source, does not tell where a secret is made. */
function notMadeHere({ source, incomplete }: FullEnvironment["seen"]): Outcomes {
  if (source === "existing") return pass | notApplicable;
  return source === "unseen" || incomplete ? undetermined : violation;
}

const readers = ["roles/secretmanager.secretAccessor", "roles/secretmanager.admin", "roles/owner"];

export const granted: JudgeEach = (environment, options) => {
  const { seen, secrets, grants } = environment;
  if (!seen.pulumi || seen.source === "existing") {
    return [notApplicable | pass | (seen.incomplete ? undetermined : 0)];
  }
  const taking = new Set(participants(environment, options));
  const unclear = !clear(environment);
  const each = environment.services.map((service): Outcomes => {
    if (!taking.has(service)) return pass | notApplicable;
    const found = effective(service, options);
    if (found.kind === "unclear") return anything;
    // What it carries must be read by its account, whether its code looks at it or not.
    if (found.kind !== "reference") {
      const carries = carried(service, options).length > 0 || previousOf(service).length > 0;
      return carries ? anything : anything & ~violation;
    }
    const { ref } = found;
    // What is carried beside it must be accessible too, and is held to it by another rule.
    const beside = carried(service, options).some(
      ({ value }) => value.kind === "reference" && value.ref.secret !== ref.secret,
    );
    // So must the key before it.
    if (beside || previousOf(service).some((one) => one !== null && one.secret !== ref.secret))
      return anything;
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
    const isMine = (candidate: string) => candidate === member || sameAccount(candidate, member);
    const mine = reading.filter(({ members }) => members.some(isMine));
    const kept = mine.filter((grant) => !relevant.some((other) => takesAway(other, grant, isMine)));
    if (kept.some(({ conditional }) => !conditional)) return pass;
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
    return membersOpen(seen) ? violation | undetermined : violation;
  });
  return unclear
    ? each.map((outcomes) => (outcomes === violation ? anything : outcomes | undetermined))
    : each;
};

/**
 * A binding has all members of its role under its condition and a policy all members at all: the provider takes from the
 * others what it does not list, and they put it back. Which was last is not in the document.
 */
function takesAway(other: FullGrant, grant: FullGrant, isMine: (member: string) => boolean): boolean {
  const sameTarget = other !== grant && (other.secret === null) === (grant.secret === null);
  if (!sameTarget || other.form.endsWith("member")) return false;
  const all = other.form.endsWith("policy");
  if (!all && (other.role !== grant.role || other.conditional !== grant.conditional)) return false;
  return !(!other.conditional && readers.includes(other.role) && other.members.some(isMine));
}

/** A member that is one of several accounts is not settled, even where none of them is the one that is asked for. */
function membersOpen({ grants }: FullEnvironment["seen"]): boolean {
  return grants.some(
    ({ grant, members, candidates }) =>
      readers.includes(grant.role) && members.includes(null) && candidates.length > 1,
  );
}

/** An account that is a resource goes by its URN or by the e-mail made of its name. */
function sameAccount(candidate: string, member: string | undefined): boolean {
  if (member === undefined || candidate.startsWith("urn:") === member.startsWith("urn:")) return false;
  const [urn, mail] = candidate.startsWith("urn:") ? [candidate, member] : [member, candidate];
  return mail.startsWith(`serviceAccount:${urn.split("::").at(-1) ?? ""}@`);
}

export const guarded: Judge = (environment, options) => {
  const { seen, secrets } = environment;
  if (!seen.pulumi) return pass | notApplicable;
  const named = new Set(refsOf(environment, options).map(({ secret }) => secret));
  const bad = ({ protect, ttl, versions }: FullEnvironment["secrets"][number]) =>
    !protect || ttl || versions.some(({ destroyed }) => destroyed);
  if (secrets.some((secret) => named.has(secret.secret) && bad(secret)))
    return clear(environment) ? violation : anything;
  // Other secrets of the stack may be asked for as much.
  // Whether a Secret that may be another one is guarded need not be said: nothing hangs on it.
  return secrets.some(bad) || seen.incomplete || !clear(environment) ? anything : anything & ~violation;
};
