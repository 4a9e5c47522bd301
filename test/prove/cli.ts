/** `npm run prove`: holds the check against the oracle on many thousand generated documents, on all processors. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { chunks } from "./run.ts";
import { randomSeed } from "./seed.ts";
import { table } from "./totals.ts";
import { runAll } from "./workers.ts";

const help = `Proves the check: no false pass, no false violation, on generated documents.

Usage: npm run prove -- [options]
  --cases N     how many documents (default 100000)
  --seed N      repeat a run (default: another one each time, printed)
  --workers N   how many at once (default: one per processor)
  --help        this text

Exit codes: 0 all agree; 1 the check and the oracle disagree, with the smallest such document; 2 wrong usage, or the
run could not go on.
`;

interface Settings {
  cases: number;
  seed: number;
  workers: number;
}

function wholeNumber(name: string, text: string | undefined, fallback: number, least: number): number {
  if (text === undefined) return fallback;
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  process.stderr.write(`prove: --${name} takes a whole number from ${least}, not "${text}"\n`);
  process.exit(2);
}

function readSettings(): Settings {
  try {
    const { values } = parseArgs({
      options: {
        cases: { type: "string" },
        seed: { type: "string" },
        workers: { type: "string" },
        help: { type: "boolean" },
      },
    });
    if (values.help) {
      process.stdout.write(help);
      process.exit(0);
    }
    return {
      cases: wholeNumber("cases", values.cases, 100_000, 1),
      seed: wholeNumber("seed", values.seed, randomSeed(), 0),
      workers: wholeNumber("workers", values.workers, availableParallelism(), 1),
    };
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    process.stderr.write(`prove: ${reason}\n`);
    process.exit(2);
  }
}

/** A line on standard error every few seconds; on a terminal it is overwritten. */
function startProgress(cases: number): { tick(done: number): void; stop(): void } {
  const terminal = process.stderr.isTTY === true;
  const began = Date.now();
  let done = 0;
  const timer = setInterval(
    () => {
      const left = Math.ceil((((cases - done) / done) * (Date.now() - began)) / 1000);
      const line = `${number(done)} of ${number(cases)} cases${done === 0 ? "" : `, about ${left} s left`}`;
      process.stderr.write(terminal ? `\r\u001b[K${line}` : `${line}\n`);
    },
    terminal ? 500 : 10_000,
  );
  return {
    tick: (now) => {
      done = now;
    },
    stop: () => {
      clearInterval(timer);
      if (terminal) process.stderr.write("\r\u001b[K");
    },
  };
}

function number(value: number): string {
  return value.toLocaleString("en");
}

async function main(): Promise<void> {
  const { cases, seed, workers } = readSettings();
  const began = Date.now();
  process.stdout.write(`seed ${seed}, ${number(cases)} cases\n`);
  const progress = startProgress(cases);
  const { totals, failures } = await runAll(chunks(seed, cases), workers, progress.tick).finally(
    progress.stop,
  );
  const seconds = Math.round((Date.now() - began) / 1000);
  for (const failure of failures) process.stdout.write(`\nThe check and the oracle disagree:\n${failure}\n`);
  const verdict =
    failures.length === 0
      ? "no false pass, no false violation"
      : `${failures.length} disagreement${failures.length === 1 ? "" : "s"}`;
  process.stdout.write(`
${table(totals)}

${number(totals.cases)} cases in ${seconds} s; in ${number(totals.strict)} exactly one verdict was right
${verdict}
`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    `prove: the run could not go on: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 2;
}
