/** Runs cases by the hundred: each document must get no verdict that the oracle forbids. */
import fc from "fast-check";
import { type CheckInput, check } from "../../src/check.ts";
import type { Report } from "../../src/policy/report.ts";
import { examine, explain } from "./disagree.ts";
import { pass, undetermined, violation } from "./outcomes.ts";
import { count, kindOf, nothing, type Totals } from "./totals.ts";
import { build, type Seeded, seeded } from "./world.ts";

export interface Outcome {
  totals: Totals;
  /** The smallest case that was found to disagree, as text; undefined when all agree. */
  failure?: string;
}

/** Cases that belong together: one seed, one shrinking. */
const chunkSize = 500;

export interface Chunk {
  seed: number;
  cases: number;
}

/** The chunks of a run: the first has the seed itself, each further one the next number. */
export function chunks(seed: number, cases: number): Chunk[] {
  return Array.from({ length: Math.ceil(cases / chunkSize) }, (_, index) => ({
    seed: seed + index,
    cases: Math.min(chunkSize, cases - index * chunkSize),
  }));
}

/** Generates cases from a seed and holds each against the oracle, until one disagrees. */
export function prove({ seed, cases }: Chunk, checker: (input: CheckInput) => Report = check): Outcome {
  const totals = nothing();
  let shrinking = false;
  const property = fc.property(seeded, (numbers: Seeded) => {
    const subject = build(numbers);
    const { report, expected, disagreements } = examine(subject, checker);
    const strict = [pass, violation, undetermined].includes(expected.verdict);
    if (!shrinking) count(totals, kindOf(subject.rendering), report.verdict, strict);
    shrinking ||= disagreements.length > 0;
    return disagreements.length === 0;
  });
  const result = fc.check(property, { seed, numRuns: cases });
  if (!result.failed) return { totals };
  const [numbers] = result.counterexample ?? [];
  if (numbers === undefined) return { totals, failure: String(result.errorInstance) };
  return { totals, failure: tell(numbers, checker, { seed, cases }, result.errorInstance) };
}

function tell(
  numbers: Seeded,
  checker: (input: CheckInput) => Report,
  { seed, cases }: Chunk,
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
