/** Plain data, as documents hold it and as arguments of a resource are written. */
import { isDeepStrictEqual } from "node:util";

export type Tree = boolean | number | string | Tree[] | Branch;
/** A map of names to trees. */
export interface Branch {
  [name: string]: Tree;
}

/** True for a map. */
export function isBranch(value: unknown): value is Branch {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A map in a map; empty when there is none. */
export function branchOf(value: Tree | undefined, name?: string): Branch {
  const found = name === undefined ? value : isBranch(value) ? value[name] : undefined;
  return isBranch(found) ? found : {};
}

/** The maps in a list; empty when it is none. */
export function branchesOf(value: Tree | undefined): Branch[] {
  return Array.isArray(value) ? value.filter(isBranch) : [];
}

/** Text; undefined for anything else. */
export function textOf(value: Tree | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A map of what is there: entries that are undefined are left out. */
export function branch(entries: Readonly<Record<string, Tree | undefined>>): Branch {
  const result: Branch = {};
  for (const [name, value] of Object.entries(entries)) if (value !== undefined) result[name] = value;
  return result;
}

/** Any JSON value as a tree; what is null is left out, as if it were not there. */
export function treeOf(value: unknown): Tree | undefined {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.flatMap((item) => treeOf(item) ?? []);
  if (typeof value !== "object" || value === null) return undefined;
  return branch(Object.fromEntries(Object.entries(value).map(([name, item]) => [name, treeOf(item)])));
}

/**
 * A tree without what says nothing: false, 0, "" and empty lists and maps. The API leaves them out of its answers, and
 * the provider takes leaving out and saying so for one.
 */
export function tidy(value: Tree): Tree | undefined {
  if (Array.isArray(value)) {
    const items = value.flatMap((item) => tidy(item) ?? []);
    return items.length === 0 ? undefined : items;
  }
  if (!isBranch(value)) return value === false || value === 0 || value === "" ? undefined : value;
  const entries = Object.entries(value).map(([name, item]) => [name, tidy(item)] as const);
  const kept = branch(Object.fromEntries(entries));
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** Whether two trees say the same. */
export function same(a: Tree | undefined, b: Tree | undefined): boolean {
  const [left, right] = [a, b].map((tree) => (tree === undefined ? undefined : tidy(tree)));
  return isDeepStrictEqual(left, right);
}
