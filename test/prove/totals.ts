/** How many cases of which kind of document got which verdict. */
import type { Verdict } from "../../src/policy/rule.ts";
import type { Rendering } from "./model.ts";

export type Counts = Record<Verdict, number>;

export interface Totals {
  cases: number;
  /** Cases in which the oracle left exactly one verdict open. */
  strict: number;
  verdicts: Counts;
  /** By kind of document, as `kindOf` calls it. */
  kinds: Record<string, Counts>;
}

/** No case yet; a new one each time, since totals are counted up in place. */
export function nothing(): Totals {
  return { cases: 0, strict: 0, verdicts: { pass: 0, violation: 0, undetermined: 0 }, kinds: {} };
}

/** What a person calls the documents of a case. */
export function kindOf({ family, pulumi, cloudrun }: Rendering): string {
  if (family === "cloudrun") return `Cloud Run ${cloudrun.kind}, ${cloudrun.syntax.toUpperCase()}`;
  const names = { preview: `preview, ${pulumi.phase}`, export: "stack export", checkpoint: "checkpoint" };
  return names[pulumi.kind];
}

export function count(totals: Totals, kind: string, verdict: Verdict, strict: boolean): void {
  const counts = totals.kinds[kind] ?? nothing().verdicts;
  totals.kinds[kind] = counts;
  counts[verdict] += 1;
  totals.verdicts[verdict] += 1;
  totals.cases += 1;
  if (strict) totals.strict += 1;
}

function addCounts(left: Counts, right: Counts): Counts {
  return {
    pass: left.pass + right.pass,
    violation: left.violation + right.violation,
    undetermined: left.undetermined + right.undetermined,
  };
}

export function add(left: Totals, right: Totals): Totals {
  const kinds = { ...left.kinds };
  for (const [kind, counts] of Object.entries(right.kinds)) {
    kinds[kind] = addCounts(kinds[kind] ?? nothing().verdicts, counts);
  }
  return {
    cases: left.cases + right.cases,
    strict: left.strict + right.strict,
    verdicts: addCounts(left.verdicts, right.verdicts),
    kinds,
  };
}

/** The totals as a table: a row per kind of document, a column per verdict. */
export function table({ verdicts, kinds }: Totals): string {
  const number = (value: number): string => value.toLocaleString("en");
  const row = (name: string, { pass, violation, undetermined }: Counts): string[] => [
    name,
    ...[pass, violation, undetermined, pass + violation + undetermined].map(number),
  ];
  const rows = [
    ["", "pass", "violation", "undetermined", "all"],
    ...Object.entries(kinds)
      .sort(([left], [right]) => left.localeCompare(right))
      .map(([kind, counts]) => row(kind, counts)),
    row("all", verdicts),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ");
  return rows.map(line).join("\n");
}
