/** What stands beside services in a list or a file, and is none: which of it has no part in them. */
import { isObject } from "../text.ts";

/** Kinds that run containers, in small letters: another spelling of them is a mistake, and no other kind. */
const kinds: ReadonlySet<string> = new Set(["service", "revision", "job", "workerpool"]);

/** The APIs of Cloud Run, Knative's and its own, and Config Connector's of it, with or without a version. */
const groups = /^(?:serving\.knative\.dev|run\.googleapis\.com|run\.cnrm\.cloud\.google\.com)(?:\/|$)/u;

/** Kubernetes' own jobs have a template too, and run elsewhere. */
const elsewhere = /^batch\//u;

/** Why an object that may carry a key is not passed over. */
export const unread =
  "runs containers and is of a kind or a version this check does not read: give the service, revision, job or worker pool";

/** An object of some kind, as Kubernetes tools write them. */
export function isKubernetes(
  value: unknown,
): value is Record<string, unknown> & { kind: string; apiVersion: string } {
  return isObject(value) && typeof value.kind === "string" && typeof value.apiVersion === "string";
}

/** Whether there is a template, or containers, where v1 or v2 have them. */
export function holdsContainers(value: unknown): boolean {
  return (
    isObject(value) &&
    [value, value.spec].some(
      (part) => isObject(part) && ((part.template ?? null) !== null || (part.containers ?? null) !== null),
    )
  );
}

/** True for an object of Cloud Run that runs containers and is none of those read, or is spelled like none. */
export function isUnread(value: unknown): boolean {
  if (!isKubernetes(value) || !holdsContainers(value)) return false;
  const { kind, apiVersion } = value;
  return groups.test(apiVersion) || (kinds.has(kind.toLowerCase()) && !elsewhere.test(apiVersion));
}
