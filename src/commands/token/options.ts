/** The arguments of `token`. */
import { z } from "zod";
import { KeyValues, keyFlags, readArguments, span } from "../key/arguments.ts";

/** Seconds a token lives unless told otherwise: a test run's worth. */
export const defaultLifetime = 300;
/** Seconds a token may live: nobody can take one back. */
export const longestLifetime = 3600;

const Values = KeyValues.extend({
  ttl: span(1, longestLifetime, "90s or 15m").default(defaultLifetime),
  format: z
    .enum(["text", "json"], { error: (issue) => `takes text or json, not "${String(issue.input)}"` })
    .default("text"),
  confirm: z.string().optional(),
});
export type TokenOptions = z.output<typeof Values>;

/** @throws UsageError */
export function readOptions(args: readonly string[]): TokenOptions {
  const flags = {
    ...keyFlags,
    ttl: { type: "string" },
    format: { type: "string" },
    confirm: { type: "string" },
  } as const;
  return readArguments(args, flags, Values);
}
