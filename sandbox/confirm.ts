/** Asks before something is thrown away. */
import { createInterface } from "node:readline/promises";
import { Failure } from "./failure.ts";

/** Goes on when the user types `expected`. Throws a `Failure` when not, or when there is nobody to ask. */
export async function confirm(question: string, expected: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (process.stdin.isTTY !== true) throw new Failure(`${question} Give --yes to go on without being asked.`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} Type ${expected} to go on: `);
    if (answer.trim() !== expected) throw new Failure("Nothing was changed.");
  } finally {
    lines.close();
  }
}
