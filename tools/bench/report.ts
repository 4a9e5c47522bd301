/** The results as a page: tables of medians and ratios, and what was asked for beside what came out. */
import { availableParallelism } from "node:os";
import type { Contestant } from "./contestants.ts";

/** Medians of one contestant on one document. */
export interface Result {
  contestant: Contestant;
  /** Bytes of the document. */
  size: number;
  /** Milliseconds. */
  time: number;
  /** Megabytes. */
  memory?: number;
  /** How many runs this is the median of. */
  runs: number;
}

/** All that was measured. */
export interface Results {
  runs: number;
  /** What else the machine did before and after, as processes that wanted a processor. */
  load: readonly number[];
  sizes: readonly number[];
  results: readonly Result[];
  /** Milliseconds and megabytes of an empty Node start. */
  idle: { time: number; memory?: number };
  /** One call with many environments. */
  many: { environments: number; time: number; memory?: number };
  missing: readonly string[];
}

/** `10 KB`, `1 MB`. */
export const sizeText = (bytes: number): string =>
  bytes < 900_000 ? `${Math.round(bytes / 1000)} KB` : `${Math.round(bytes / 1e6)} MB`;

export const timeText = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;

const memoryText = (megabytes: number | undefined) =>
  megabytes === undefined ? "-" : `${Math.round(megabytes)} MB`;
const ratio = (value: number | undefined, base: number | undefined) =>
  value === undefined || base === undefined ? "-" : `${(value / base).toFixed(2)}`;

const row = (...cells: string[]) => `| ${cells.join(" | ")} |`;

function find({ results }: Results, size: number, name: string): Result | undefined {
  return results.find((result) => result.size === size && result.contestant.name === name);
}

function table(all: Results, size: number): string[] {
  const floor = find(all, size, "JSON.parse");
  const rows = all.results
    .filter((result) => result.size === size)
    .map(({ contestant, time, memory, runs }) =>
      row(
        runs === all.runs ? contestant.name : `${contestant.name} (one run)`,
        timeText(time),
        ratio(time, floor?.time),
        memoryText(memory),
        ratio(memory, floor?.memory),
      ),
    );
  return [
    `## ${sizeText(size)}`,
    "",
    row("", "time", "of the floor", "peak memory", "of the floor"),
    "|---|--:|--:|--:|--:|",
    ...rows,
    "",
  ];
}

function target(text: string, value: number, limit: number): string {
  return row(text, `at most ${limit}`, value.toFixed(2), value <= limit ? "met" : "missed");
}

function targets(all: Results): string[] {
  const lines: string[] = [];
  const [small, large] = [all.sizes[0], all.sizes.at(-1)];
  const [first, last] = [small, large].map((size) => find(all, size ?? 0, "jwt-secret check"));
  const floor = find(all, large ?? 0, "JSON.parse");
  const [conftestSmall, conftestLarge] = [small, large].map((size) => find(all, size ?? 0, "conftest"));
  if (last && floor) {
    lines.push(target(`${sizeText(last.size)}: time, of the floor`, last.time / floor.time, 1.3));
    if (last.memory && floor.memory)
      lines.push(target(`${sizeText(last.size)}: memory, of the floor`, last.memory / floor.memory, 1.3));
    if (conftestLarge)
      lines.push(target(`${sizeText(last.size)}: time, of conftest`, last.time / conftestLarge.time, 0.25));
  }
  if (first) {
    lines.push(
      target(`${sizeText(first.size)}: time, of an empty Node start`, first.time / all.idle.time, 2.5),
    );
    if (conftestSmall)
      lines.push(target(`${sizeText(first.size)}: time, of conftest`, first.time / conftestSmall.time, 1));
  }
  lines.push(target(`${all.many.environments} environments in one call: seconds`, all.many.time / 1000, 10));
  const middle = find(all, all.sizes[1] ?? 0, "jwt-secret check");
  if (middle && last) {
    const growth = (last.time - all.idle.time) / (middle.time - all.idle.time) / (last.size / middle.size);
    lines.push(
      target(
        `from ${sizeText(middle.size)} to ${sizeText(last.size)}: growth of time over growth of size`,
        growth,
        1,
      ),
    );
  }
  return [row("target", "asked", "measured", ""), "|---|---|--:|---|", ...lines, ""];
}

/** `docs/benchmarks.md`. */
export function page(all: Results): string {
  const contestants = new Map(all.results.map(({ contestant }) => [contestant.name, contestant]));
  return `# Benchmarks

Made by \`npm run bench\`: medians of ${all.runs} runs, the programs taking turns, on ${availableParallelism()} processors
with Node ${process.versions.node}, where ${all.load.map((load) => load.toFixed(1)).join(" and ")} processes wanted one before and after (more than that of
one makes all figures worse, and those of a program with several threads most). Times are those of whole processes. The document is a state as \`pulumi stack export\`
prints it, with one mismatch; one of its resources in 250 is a Cloud Run service, one in 125 a grant.

${Array.from(contestants.values(), ({ name, note }) => `- ${name}: ${note}`).join("\n")}

${targets(all).join("\n")}
![Time and memory by size of the document](benchmarks.svg)

${all.sizes.flatMap((size) => table(all, size)).join("\n")}
An empty Node start takes ${timeText(all.idle.time)} and ${memoryText(all.idle.memory)}. ${all.many.environments} environments in one call, a state of
10 KB each, take ${timeText(all.many.time)} and ${memoryText(all.many.memory)}.${all.missing.length === 0 ? "" : ` Not installed, so not measured: ${all.missing.join(", ")}.`}
`;
}
