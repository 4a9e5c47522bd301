/**
 * Measures the check beside the tools one would use instead: `npm run bench`. Writes `docs/benchmarks.md` and
 * `docs/benchmarks.svg`. Options: `--runs N` (default 11), `--sizes BYTES,BYTES`, `--output FOLDER`.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../generated.ts";
import { type Contestant, check, floor, idle, missing, others } from "./contestants.ts";
import { writeState } from "./documents.ts";
import { measure, median, type Run } from "./measure.ts";
import { plot } from "./plot.ts";
import { page, type Result, sizeText } from "./report.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "11" },
    sizes: { type: "string", default: "10000,1000000,10000000,100000000" },
    output: { type: "string", default: join(root, "docs") },
  },
});
const runs = Number(values.runs);
const asked = values.sizes.split(",").map(Number);
if (!Number.isInteger(runs) || runs < 1 || asked.some((size) => !(size > 0))) {
  throw new Error("--runs takes a number, --sizes numbers of bytes");
}

const environments = 1000;

/** Milliseconds. What takes longer is run once. */
const patience = 20_000;

function medians(all: readonly Run[]): { time: number; memory?: number } {
  const memory = all.flatMap((run) => (run.memory === undefined ? [] : [run.memory]));
  return {
    time: median(all.map(({ time }) => time)),
    ...(memory.length === 0 ? {} : { memory: median(memory) }),
  };
}

/** Each contestant in turn, again and again, so that what else the machine does meets all of them. */
function takeTurns(contestants: readonly Contestant[], file: string) {
  const all = new Map(contestants.map((contestant) => [contestant, [] as Run[]]));
  const once = ({ command, args, codes }: Contestant) => measure(command, args(file), codes);
  // The first run of each fills caches and is not counted, unless one is all there is time for.
  const slow = new Map<Contestant, Run>();
  for (const contestant of contestants) {
    const first = once(contestant);
    if (first.time > patience) slow.set(contestant, first);
  }
  for (let run = 0; run < runs; run += 1) {
    for (const [contestant, list] of all) if (!slow.has(contestant)) list.push(once(contestant));
  }
  return Array.from(all, ([contestant, list]) => {
    const first = slow.get(contestant);
    const counted = first === undefined ? list : [first];
    return { contestant, runs: counted.length, ...medians(counted) };
  });
}

/** Many environments, each a stack and a file of its own, with secrets and projects of its own. */
function writeEnvironments(folder: string): string[] {
  const template = join(folder, "template.json");
  writeState(template, 10_000);
  const text = readFileSync(template, "utf8");
  return Array.from({ length: environments }, (_, index) => {
    const file = join(folder, `environment-${index}.json`);
    const own = text
      .replaceAll("urn:pulumi:staging::", `urn:pulumi:environment-${index}::`)
      .replaceAll("netra-staging", `netra-${index}`)
      .replaceAll("701982941522", String(701982941522 + index));
    writeFileSync(file, own);
    return file;
  });
}

/** The mean of the last minute. */
const load = () => loadavg()[0] ?? 0;
const before = load();

const folder = mkdtempSync(join(tmpdir(), "jwt-secret-bench-"));
try {
  const program = check(join(folder, "package"));
  const contestants = [program, floor, ...others()];
  const results: Result[] = [];
  const sizes: number[] = [];
  let empty: ReturnType<typeof takeTurns>[number] | undefined;
  for (const size of asked) {
    const file = join(folder, "state.json");
    writeState(file, size);
    const actual = statSync(file).size;
    sizes.push(actual);
    process.stderr.write(`${sizeText(actual)} ...\n`);
    // The empty start takes its turns among the starts it is compared with.
    for (const result of takeTurns(size === asked[0] ? [idle, ...contestants] : contestants, file)) {
      if (result.contestant === idle) empty = result;
      else results.push({ ...result, size: actual });
    }
  }
  process.stderr.write(`${environments} environments ...\n`);
  const files = writeEnvironments(folder);
  const [many] = takeTurns(
    [{ ...program, args: () => [...program.args(files[0] ?? ""), ...files.slice(1)] }],
    "",
  );
  if (many === undefined || empty === undefined) throw new Error("nothing was measured");
  const all = {
    runs,
    load: [before, load()],
    sizes,
    results,
    idle: empty,
    many: { environments, ...many },
    missing: missing(),
  };
  writeFileSync(join(values.output, "benchmarks.md"), page(all));
  writeFileSync(join(values.output, "benchmarks.svg"), plot(all));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
