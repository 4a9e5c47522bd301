/** Reads what holds Cloud Run services: one, a list of them, or a list under a name. */
import type { Service } from "../../policy/facts.ts";
import { DocumentError } from "../error.ts";
import { isObject } from "../text.ts";
import type { Place } from "./resource.ts";
import { isV1, readV1 } from "./v1.ts";
import { isV2, readV2 } from "./v2.ts";

/** Keys under which the APIs list: v1, then v2. */
const listKeys = ["items", "services", "revisions", "jobs", "workerPools"] as const;

/** A list's items with their paths, or undefined for what is no list. */
function itemsOf(value: unknown): { key: string; items: unknown[] } | undefined {
  if (Array.isArray(value)) return { key: "", items: value };
  if (!isObject(value) || "spec" in value || "template" in value) return undefined;
  for (const key of listKeys) {
    const items = value[key];
    if (Array.isArray(items)) return { key, items };
  }
  return undefined;
}

const isOne = (value: unknown): boolean => isV1(value) || isV2(value);

/** True for a service or a list that holds one, or an empty list of services. */
export function isCloudRun(value: unknown): boolean {
  if (isOne(value)) return true;
  const list = itemsOf(value);
  return list !== undefined && (list.items.length === 0 || list.items.some(isOne));
}

function readOne(value: unknown, place: Place): Service | undefined {
  if (isV1(value)) return readV1(value, place);
  if (isV2(value)) return readV2(value, place);
  return undefined;
}

/**
 * The services in a value. Items of other kinds are passed over, as in a folder of Knative YAML.
 * @throws DocumentError for a service that is not shaped like one.
 */
export function readCloudRun(
  value: unknown,
  { file, scope, line }: { file: string; scope: string; line(path: string): number },
): Service[] {
  const list = itemsOf(value);
  if (list === undefined) {
    const one = readOne(value, { file, at: "", line: line(""), lineOf: line, scope });
    return one === undefined ? [] : [one];
  }
  return list.items.flatMap((item, index) => {
    const at = `${list.key}[${index}]`;
    if (!isObject(item)) throw new DocumentError(file, "is no service", { line: line(at), path: at });
    return readOne(item, { file, at, line: line(at), lineOf: line, scope }) ?? [];
  });
}
