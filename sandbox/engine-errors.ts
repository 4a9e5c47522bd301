/** What the engine says when it fails, in one line a user can act on. */
import { CommandError, ConcurrentUpdateError } from "@pulumi/pulumi/automation/index.js";
import { visible } from "../src/reports/escape.ts";
import type { Watched } from "./events.ts";
import { Failure, messageOf } from "./failure.ts";

/** Failures with a known way out, by what the engine's output holds. */
const known: readonly { sign: RegExp; message: (environment: string) => string }[] = [
  {
    sign: /incorrect passphrase|passphrase must be set/i,
    message: () =>
      "The passphrase does not open this sandbox's state: restore .sandbox/passphrase, set PULUMI_CONFIG_PASSPHRASE " +
      "to the one it was made with, or start over with `npm run reset`. Nothing was changed.",
  },
  {
    sign: /stack is currently locked/i,
    message: (environment) =>
      `${environment} is locked by another update: wait for it to end, then run this again. Nothing was changed.`,
  },
];

/** Turns what an engine operation threw into a `Failure`; the resources' own errors come first. */
export function explainFailure(
  error: unknown,
  watched: Watched,
  settings: { environment: string; command: string },
): Failure {
  if (error instanceof Failure) return error;
  const output = error instanceof CommandError ? messageOf(error) : "";
  const all = `${watched.errors.join("\n")}\n${output}`;
  if (error instanceof ConcurrentUpdateError) {
    return new Failure(known[1]?.message(settings.environment) ?? messageOf(error));
  }
  for (const { sign, message } of known) {
    if (sign.test(all)) return new Failure(message(settings.environment));
  }
  const errors = watched.errors.filter((line) => !/^(update|preview|destroy) failed$/.test(line));
  if (errors.length > 0) {
    const command = settings.command === "up" ? "npm start" : `npm run ${settings.command}`;
    const named = settings.environment === "staging" ? command : `${command} -- ${settings.environment}`;
    return new Failure(
      [
        ...errors,
        `${settings.environment}: ${settings.command} failed; what was done is kept. Mend it and run \`${named}\` again.`,
      ].join("\n"),
      1,
    );
  }
  return new Failure(`The engine failed: ${visible(lastError(output) || messageOf(error))}`, 1);
}

function lastError(output: string): string {
  const lines = output.split("\n").filter((line) => /error/i.test(line));
  return lines.at(-1)?.trim() ?? "";
}
