/** Answers that do not contradict each other: on projects, and on the numbers of versions. */
import type { ProjectAtom, SeenEnvironment, View } from "../view/view.ts";
import { atomsOf } from "./visible.ts";

/** Which atoms are one project, or undefined when the answers contradict each other. */
export function joinProjects(
  view: View,
  environments: readonly SeenEnvironment[],
  answers: ReadonlyMap<string, string>,
): Map<ProjectAtom, string> | undefined {
  const labels = new Map<ProjectAtom, string>();
  const atoms = atomsOf(environments);
  const resolve = (atom: ProjectAtom, depth = 0): string => {
    const answer = answers.get(`project ${atom}`);
    return answer === undefined || answer === atom || depth > atoms.length
      ? atom
      : resolve(answer, depth + 1);
  };
  for (const atom of atoms) labels.set(atom, resolve(atom));
  // One project has one ID and one number.
  const idOf = new Map<string, string>();
  const numberOf = new Map<string, string>();
  for (const [atom, label] of labels) {
    const table = atom.startsWith("id:") ? idOf : atom.startsWith("number:") ? numberOf : undefined;
    if (!table) continue;
    const other = table.get(label);
    if (other !== undefined && other !== atom) return undefined;
    table.set(label, atom);
  }
  for (const { id, number } of view.matches) {
    const left = labels.get(`id:${id}`);
    const right = labels.get(`number:${number}`);
    if (left !== undefined && right !== undefined && left !== right) return undefined;
    // A known project does not go by another number or another ID.
    if (left !== undefined && (numberOf.get(left) ?? `number:${number}`) !== `number:${number}`)
      return undefined;
    if (right !== undefined && (idOf.get(right) ?? `id:${id}`) !== `id:${id}`) return undefined;
  }
  return labels;
}

/** Two versions of one secret have two numbers. */
export function distinctNumbers(
  environments: readonly SeenEnvironment[],
  answers: ReadonlyMap<string, string>,
): boolean {
  return environments.every(({ secrets }) =>
    secrets.every(({ versions }) => {
      const numbers = versions.map(({ urn, number }) => number ?? answers.get(`number ${urn}`));
      return new Set(numbers).size === numbers.length;
    }),
  );
}
