/** What documents of one environment declare, put together. */
import type { Declared } from "../policy/facts.ts";
import { contradiction, type Said } from "./moments.ts";

/** Two documents of one stack: the one that shows the source speaks; two that contradict each other show none. */
function mergeSource(a: Declared, b: Declared): Pick<Declared, "source" | "sourceUnseen"> {
  const shown = [a, b].filter(({ sourceUnseen }) => sourceUnseen === undefined);
  const [one, other] = shown.length > 0 ? shown : [a];
  const { source, sourceUnseen } = one ?? a;
  if (other !== undefined && other.source !== source) {
    return { sourceUnseen: "the documents do not say the same of the stack's output source" };
  }
  return {
    ...(source === undefined ? {} : { source }),
    ...(sourceUnseen === undefined ? {} : { sourceUnseen }),
  };
}

/** Two documents that list other accessors are of two moments, and nobody knows which counts. */
function mergeAccessors(a: Declared, b: Declared): Pick<Declared, "accessors" | "disputedAccessors"> {
  const lists = [a.accessors, b.accessors].filter((list) => list !== undefined);
  if (lists.length === 0) return {};
  const all = new Set([...lists.flat(), ...(a.disputedAccessors ?? []), ...(b.disputedAccessors ?? [])]);
  const accessors = [...all].filter((member) => lists.every((list) => list.includes(member)));
  const disputed = [...all].filter((member) => !accessors.includes(member));
  return { accessors, ...(disputed.length === 0 ? {} : { disputedAccessors: disputed }) };
}

/** Two documents of one stack show many things twice; what is equal but for its file counts once. */
export function distinct<T extends object>(items: readonly T[]): T[] {
  const seen = new Map<string, T>();
  for (const item of items) {
    const { location: _, ...content } = { location: undefined, ...item };
    const key = JSON.stringify(content);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

/** What two documents of one environment declare, or the one of them that declares anything. */
export function mergeDeclared(one: Said, other: Said): Declared | undefined {
  const [a, b] = [one.declared, other.declared];
  if (a === undefined || b === undefined) return a ?? b;
  const incomplete = [...new Set([a.incomplete, b.incomplete, contradiction(one, other)])]
    .filter((reason) => reason !== undefined)
    .join("; ");
  return {
    secrets: distinct([...a.secrets, ...b.secrets]),
    versions: distinct([...a.versions, ...b.versions]),
    grants: distinct([...a.grants, ...b.grants]),
    accounts: distinct([...a.accounts, ...b.accounts]),
    ...mergeAccessors(a, b),
    ...mergeSource(a, b),
    ...(incomplete === "" ? {} : { incomplete }),
  };
}
