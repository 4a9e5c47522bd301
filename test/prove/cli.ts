/** `npm run prove`: holds the check against the oracle on many thousand generated documents, on all processors. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { add, chunks, nothing, type Outcome, prove, randomSeed, type Totals } from "./run.ts";

const help = `Proves the check: no false pass, no false violation, on generated documents.

Usage: npm run prove -- [options]
  --cases N     how many documents (default 100000)
  --seed N      repeat a run (default: another one each time, printed)
  --workers N   how many at once (default: one per processor)
  --help        this text

Exit codes: 0 all agree; 1 the check and the oracle disagree, with the smallest such document; 2 wrong usage.
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
    process.stderr.write(`prove: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

/** Hands out chunks to workers until there are none left; all that disagreed are kept. */
function runAll({ cases, seed, workers }: Settings): Promise<{ totals: Totals; failures: string[] }> {
  const waiting = chunks(seed, cases);
  const failures: string[] = [];
  let totals = nothing;
  let running = 0;
  const progress = startProgress(cases, () => totals.cases);
  return new Promise((resolve, reject) => {
    const start = (): void => {
      const worker = new Worker(new URL(import.meta.url), { workerData: "prove" });
      running += 1;
      const next = (): void => {
        const chunk = failures.length > 0 ? undefined : waiting.shift();
        if (chunk !== undefined) worker.postMessage(chunk);
        else void worker.terminate();
      };
      worker.on("message", (outcome: Outcome) => {
        totals = add(totals, outcome.totals);
        if (outcome.failure !== undefined) failures.push(outcome.failure);
        next();
      });
      worker.on("error", (error) => {
        progress.stop();
        reject(error);
      });
      worker.on("exit", () => {
        running -= 1;
        if (running > 0) return;
        progress.stop();
        resolve({ totals, failures });
      });
      next();
    };
    for (let index = 0; index < Math.min(workers, waiting.length); index++) start();
  });
}

/** A line on standard error every few seconds; on a terminal it is overwritten. */
function startProgress(cases: number, done: () => number): { stop(): void } {
  const terminal = process.stderr.isTTY === true;
  const began = Date.now();
  const timer = setInterval(
    () => {
      const left = done() === 0 ? "" : `, about ${remaining(cases, done(), Date.now() - began)} s left`;
      const line = `${done().toLocaleString("en")} of ${cases.toLocaleString("en")} cases${left}`;
      process.stderr.write(terminal ? `\r\u001b[K${line}` : `${line}\n`);
    },
    terminal ? 500 : 10_000,
  );
  return {
    stop: () => {
      clearInterval(timer);
      if (terminal) process.stderr.write("\r\u001b[K");
    },
  };
}

function remaining(cases: number, done: number, elapsed: number): number {
  return Math.ceil(((cases - done) / done) * (elapsed / 1000));
}

async function main(): Promise<void> {
  const settings = readSettings();
  const began = Date.now();
  process.stdout.write(`seed ${settings.seed}, ${settings.cases.toLocaleString("en")} cases\n`);
  const { totals, failures } = await runAll(settings);
  const seconds = Math.round((Date.now() - began) / 1000);
  for (const failure of failures) process.stdout.write(`\nThe check and the oracle disagree:\n${failure}\n`);
  const count = (number: number): string => number.toLocaleString("en");
  process.stdout.write(
    [
      `${count(totals.cases)} cases in ${seconds} s: ${count(totals.pass)} pass, ${count(totals.violation)} violation, ${count(totals.undetermined)} undetermined`,
      `${count(totals.strict)} of them had exactly one right verdict`,
      failures.length === 0
        ? "no false pass, no false violation"
        : `${failures.length} disagreement${failures.length === 1 ? "" : "s"}`,
      "",
    ].join("\n"),
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

if (isMainThread) await main();
else if (workerData === "prove") {
  parentPort?.on("message", (chunk: { seed: number; cases: number }) => {
    parentPort?.postMessage(prove(chunk));
  });
}
