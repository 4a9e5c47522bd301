/** Runs cases by the thousand: each document must get no verdict that the oracle forbids. */
import fc from "fast-check";
import { type CheckInput, check } from "../../src/check.ts";
import type { Report } from "../../src/policy/report.ts";
import { examine, explain } from "./disagree.ts";
import { pass, undetermined, violation } from "./outcomes.ts";
import { build, type Seeded, seeded } from "./world.ts";

export interface Totals {
  cases: number;
  pass: number;
  violation: number;
  undetermined: number;
  /** Cases in which the oracle left exactly one verdict open. */
  strict: number;
}

export interface Outcome {
  totals: Totals;
  /** The smallest case that was found to disagree, as text; undefined when all agree. */
  failure?: string;
}

export const nothing: Totals = { cases: 0, pass: 0, violation: 0, undetermined: 0, strict: 0 };

export function add(left: Totals, right: Totals): Totals {
  return {
    cases: left.cases + right.cases,
    pass: left.pass + right.pass,
    violation: left.violation + right.violation,
    undetermined: left.undetermined + right.undetermined,
    strict: left.strict + right.strict,
  };
}

/** Cases that belong together: one seed, one shrinking. */
export const chunkSize = 500;

/** The chunks of a run: the first has the seed itself, each further one the next number. */
export function chunks(seed: number, cases: number): { seed: number; cases: number }[] {
  return Array.from({ length: Math.ceil(cases / chunkSize) }, (_, index) => ({
    seed: seed + index,
    cases: Math.min(chunkSize, cases - index * chunkSize),
  }));
}

/** Any seed; small enough that adding chunks keeps it a 31-bit number. */
export function randomSeed(): number {
  return Math.floor(Math.random() * 1_000_000_000);
}

export function prove(
  { seed, cases }: { seed: number; cases: number },
  checker: (input: CheckInput) => Report = check,
): Outcome {
  const totals = { ...nothing };
  let shrinking = false;
  const property = fc.property(seeded, (numbers: Seeded) => {
    const { report, expected, disagreements } = examine(build(numbers), checker);
    if (!shrinking) {
      totals.cases += 1;
      totals[report.verdict] += 1;
      if ([pass, violation, undetermined].includes(expected.verdict)) totals.strict += 1;
    }
    shrinking ||= disagreements.length > 0;
    return disagreements.length === 0;
  });
  const result = fc.check(property, { seed, numRuns: cases });
  if (!result.failed) return { totals };
  const [numbers] = result.counterexample ?? [];
  if (numbers === undefined) return { totals, failure: String(result.errorInstance) };
  return { totals, failure: tell(numbers, checker, seed, cases, result.errorInstance) };
}

function tell(
  numbers: Seeded,
  checker: (input: CheckInput) => Report,
  seed: number,
  cases: number,
  error: unknown,
): string {
  const subject = build(numbers);
  const again = `again: npm run prove -- --seed ${seed} --cases ${cases}`;
  try {
    return `${explain(subject, examine(subject, checker))}\n${again}`;
  } catch (thrown) {
    const stack = thrown instanceof Error ? thrown.stack : String(thrown);
    return [`mutations: ${subject.mutations.join("; ")}`, stack ?? String(error), again].join("\n");
  }
}
