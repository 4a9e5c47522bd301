/**
 * Supplied keys in the sandbox. The committed ones are encrypted for the team's own secrets provider, which the
 * sandbox cannot open and should not: it has stand-ins of its own, random, made once, encrypted with its passphrase.
 */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { run } from "./engine/run.ts";
import { Failure } from "./failure.ts";

/** The configuration key of the supplied keys, one per generation. */
export const valuesKey = "jwt-secret:values";

const Values = z.record(z.string(), z.looseObject({ secure: z.string() }));

/**
 * Replaces the committed file's encrypted keys in `config` by those the sandbox's copy has, and gives the generations
 * that still need one.
 */
export function carryOver(config: Record<string, unknown>, copied: Record<string, unknown>): string[] {
  const committed = Values.safeParse(config[valuesKey]);
  if (!committed.success) return [];
  const known = Values.safeParse(copied[valuesKey]).data ?? {};
  const generations = Object.keys(committed.data);
  config[valuesKey] = Object.fromEntries(
    generations.flatMap((generation) => {
      const value = known[generation];
      return value === undefined ? [] : [[generation, value]];
    }),
  );
  return generations.filter((generation) => known[generation] === undefined);
}

/** Makes a stand-in for each generation. The values go through a pipe, never through a command line. */
export async function supply(
  generations: readonly string[],
  pulumi: { command: string; cwd: string; env: NodeJS.ProcessEnv; stack: string },
): Promise<void> {
  for (const generation of generations) {
    const path = `${valuesKey}["${generation}"]`;
    const args = ["config", "set", "--non-interactive", "--stack", pulumi.stack, "--path", path, "--secret"];
    const ran = await run(pulumi.command, args, { ...pulumi, input: randomBytes(48).toString("base64url") });
    if (ran.code !== 0) throw new Failure(`The sandbox cannot set ${path}: ${ran.stderr.trim()}`);
  }
}
