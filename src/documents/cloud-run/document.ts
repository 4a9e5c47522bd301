/** Reads what holds Cloud Run services: one, a list of them, or a list under a name. */
import type { Service } from "../../policy/facts.ts";
import { DocumentError } from "../error.ts";
import { isObject, readText } from "../text.ts";
import { holdsContainers, isKubernetes, isUnread, unread } from "./passed-over.ts";
import type { Place } from "./resource.ts";
import { isV1, readV1 } from "./v1.ts";
import { isV2, readV2 } from "./v2.ts";

/** Keys under which the APIs list: v1, then v2. */
const listKeys = ["items", "services", "revisions", "jobs", "workerPools"] as const;

/** What a list holds, with the path of each item; undefined for what is no list. */
function itemsOf(value: unknown): { at: string; item: unknown }[] | undefined {
  const under = (key: string, items: unknown[]) =>
    items.map((item, index) => ({ at: `${key}[${index}]`, item }));
  if (Array.isArray(value)) return under("", value);
  if (!isObject(value) || "spec" in value || "template" in value) return undefined;
  const lists = listKeys.flatMap((key) => {
    const items = value[key];
    return Array.isArray(items) ? [under(key, items)] : [];
  });
  return lists.length === 0 ? undefined : lists.flat();
}

/** Why a list is not whole: v1 says it in its metadata, v2 beside the items. */
function missingFrom(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const token = readText(
    value.nextPageToken ?? (isObject(value.metadata) ? value.metadata.continue : undefined),
  );
  if (token.kind !== "absent") return "is one page of a longer list: give all of it";
  const { unreachable } = value;
  return Array.isArray(unreachable) && unreachable.length > 0
    ? "is a list without the places that could not be reached: list again"
    : undefined;
}

const isOne = (value: unknown): boolean => isV1(value) || isV2(value);

/** True for a service or a list that holds one, or an empty list of services. */
export function isCloudRun(value: unknown): boolean {
  if (isOne(value)) return true;
  const list = itemsOf(value);
  return list !== undefined && (list.length === 0 || list.some(({ item }) => isOne(item)));
}

function readOne(value: unknown, place: Place): Service | undefined {
  if (isV1(value)) return readV1(value, place);
  if (isV2(value)) return readV2(value, place);
  return undefined;
}

/** True for what a list inside of a list holds that may carry a key. */
function mayCarry(value: unknown): boolean {
  if (isOne(value) || isUnread(value) || (!isKubernetes(value) && holdsContainers(value))) return true;
  return itemsOf(value)?.some(({ item }) => mayCarry(item)) ?? false;
}

/** Why what is no service may not be passed over; undefined for what may: a route, or Kubernetes' own service. */
function problemOf(value: unknown): string | undefined {
  if (itemsOf(value)?.some(({ item }) => mayCarry(item)))
    return "is a list in a list: give the services in one";
  if (isUnread(value)) return unread;
  return isKubernetes(value) ? undefined : "is no service";
}

/**
 * The services in a value. Kubernetes objects of other kinds are passed over, as in a folder of Knative YAML.
 * @throws DocumentError for a service that is not shaped like one, and for what may be one and cannot be read.
 */
export function readCloudRun(
  value: unknown,
  { file, scope, line }: { file: string; scope: string; line(path: string): number },
): Service[] {
  const read = (one: unknown, at: string): Service[] => {
    const service = readOne(one, { file, at, line: line(at), lineOf: line, scope });
    if (service !== undefined) return [service];
    const problem = problemOf(one);
    if (problem === undefined) return [];
    throw new DocumentError(file, problem, { line: line(at), path: at });
  };
  const list = itemsOf(value);
  if (list === undefined) return read(value, "");
  const missing = missingFrom(value);
  if (missing !== undefined) throw new DocumentError(file, missing, { line: line("") });
  return list.flatMap(({ at, item }) => read(item, at));
}
