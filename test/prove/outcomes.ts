/** Sets of outcomes as bits: what a checker may say of one rule without being wrong. */
export const pass = 1;
export const violation = 2;
export const undetermined = 4;
export const notApplicable = 8;
export const anything = 15;
/** May also be left aside as not applicable, though it does not hold. */
export const aside = 16;
export type Outcomes = number;

export function has(outcomes: Outcomes, outcome: Outcomes): boolean {
  return (outcomes & outcome) !== 0;
}

export function describe(outcomes: Outcomes): string {
  const names = ["pass", "violation", "undetermined", "not applicable", "left aside"];
  return names.filter((_, index) => has(outcomes, 1 << index)).join(" or ") || "nothing";
}

/**
 * What may be said of a rule, given what may be said of it in each completion: a violation when all are, a pass when
 * all are, undetermined when one is in itself or when two completions disagree.
 */
export function combine(each: readonly Outcomes[]): Outcomes {
  const good = pass | notApplicable;
  let combined = 0;
  if (each.every((outcomes) => has(outcomes, violation))) combined |= violation;
  if (each.every((outcomes) => has(outcomes, good))) {
    combined |= each.reduce((left, right) => left | (right & good), 0);
  }
  const disagree =
    each.some((outcomes) => !has(outcomes, violation)) && each.some((outcomes) => !has(outcomes, good));
  if (disagree || each.some((outcomes) => has(outcomes, undetermined))) combined |= undetermined;
  return combined;
}
