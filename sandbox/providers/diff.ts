/** How two sets of properties differ, in the paths that the engine prints. */
import { isDeepStrictEqual } from "node:util";
import { isPlainObject, type Properties, type Value } from "./values.ts";

export type ChangeKind = "add" | "update" | "delete";

/** The paths at which two sets of inputs differ (`template.containers[0].image`), and how. */
export function changes(
  before: Properties,
  after: Properties,
  same: Sameness = () => false,
): Map<string, ChangeKind> {
  const found = new Map<string, ChangeKind>();
  compare(before, after, "", same, found);
  return found;
}

/** Says of two different values at a path, one of them perhaps missing, that they mean the same. */
export type Sameness = (path: string, before: Value | undefined, after: Value | undefined) => boolean;

function compare(
  before: Value | undefined,
  after: Value | undefined,
  path: string,
  same: Sameness,
  found: Map<string, ChangeKind>,
): void {
  const [old, next] = [before ?? undefined, after ?? undefined];
  if (isDeepStrictEqual(old, next)) return;
  if (same(path, old, next)) return;
  if (old === undefined) found.set(path, "add");
  else if (next === undefined) found.set(path, "delete");
  else if (isPlainObject(old) && isPlainObject(next)) {
    for (const name of new Set([...Object.keys(old), ...Object.keys(next)])) {
      compare(old[name], next[name], path === "" ? key(name) : `${path}${index(name)}`, same, found);
    }
  } else if (Array.isArray(old) && Array.isArray(next)) {
    for (let at = 0; at < Math.max(old.length, next.length); at += 1) {
      compare(old[at], next[at], `${path}[${at}]`, same, found);
    }
  } else found.set(path, "update");
}

/** The property a path begins with. */
export function topLevel(path: string): string {
  return /^\["(.*?)"\]/.exec(path)?.[1] ?? path.split(/[.[]/)[0] ?? path;
}

function key(name: string): string {
  return /^[\w$]+$/.test(name) ? name : `[${JSON.stringify(name)}]`;
}

function index(name: string): string {
  return /^[\w$]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
