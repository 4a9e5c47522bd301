/** Spreads the chunks of a run over worker threads. */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { type Chunk, type Outcome, prove } from "./run.ts";
import { add, nothing, type Totals } from "./totals.ts";

/** What tells a worker of this file from any other. */
const mark = "prove";

export interface Result {
  totals: Totals;
  /** What disagreed, as text: at most one case of each worker, since a run ends with the first. */
  failures: string[];
}

/**
 * Hands out chunks until there are none left, or one disagrees. `tick` is told of every chunk that is done.
 * @throws Error when a worker could not go on, for want of memory say
 */
export function runAll(
  waiting: Chunk[],
  workers: number,
  tick: (done: number) => void = () => {},
): Promise<Result> {
  const failures: string[] = [];
  let totals = nothing();
  let running = 0;
  return new Promise((resolve, reject) => {
    const start = (): void => {
      const worker = new Worker(new URL(import.meta.url), { workerData: mark });
      running += 1;
      const next = (): void => {
        const chunk = failures.length > 0 ? undefined : waiting.shift();
        if (chunk !== undefined) worker.postMessage(chunk);
        else void worker.terminate();
      };
      worker.on("message", (outcome: Outcome) => {
        totals = add(totals, outcome.totals);
        tick(totals.cases);
        if (outcome.failure !== undefined) failures.push(outcome.failure);
        next();
      });
      worker.on("error", reject);
      worker.on("exit", () => {
        running -= 1;
        if (running === 0) resolve({ totals, failures });
      });
      next();
    };
    for (let index = Math.min(workers, waiting.length); index > 0; index--) start();
  });
}

if (!isMainThread && workerData === mark) {
  parentPort?.on("message", (chunk: Chunk) => {
    parentPort?.postMessage(prove(chunk));
  });
}
