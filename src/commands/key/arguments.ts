/** The arguments that `token` and `smoke` share: which version of which secret, and reading flags at all. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { z } from "zod";
import { readVersionName } from "../../google/version-name.ts";
import { readClaims } from "../../tokens/claims.ts";
import { readDuration } from "../../tokens/duration.ts";
import { UsageError } from "../command.ts";

/** As `parseArgs` takes them. */
export const keyFlags = {
  stack: { type: "string" },
  state: { type: "string" },
  sandbox: { type: "boolean" },
  "secret-version": { type: "string" },
  production: { type: "boolean" },
  subject: { type: "string" },
  claim: { type: "string", multiple: true },
} as const satisfies NonNullable<ParseArgsConfig["options"]>;

const given = (what: string) => z.string().min(1, `takes ${what}`).optional();

/** A span of time within bounds, in seconds. */
export const span = (least: number, most: number, example: string) =>
  z.string().transform((text, context) => {
    const seconds = readDuration(text);
    if (seconds !== undefined && seconds >= least && seconds <= most) return seconds;
    context.addIssue({
      code: "custom",
      message: `takes ${least} to ${most} seconds, written ${example}, not "${text}"`,
    });
    return z.NEVER;
  });

/** What the shared flags hold. */
export const KeyValues = z.object({
  stack: given("the name of a stack"),
  state: given("a file"),
  sandbox: z.boolean().default(false),
  "secret-version": z
    .string()
    .transform((text, context) => {
      const name = readVersionName(text);
      if (name !== undefined) return name;
      context.addIssue({
        code: "custom",
        message: `takes projects/PROJECT/secrets/SECRET/versions/NUMBER, not "${text}"`,
      });
      return z.NEVER;
    })
    .optional(),
  production: z.boolean().default(false),
  subject: given("whom the token speaks for"),
  claim: z
    .array(z.string())
    .default([])
    .transform((written, context) => {
      try {
        return readClaims(written);
      } catch (error) {
        context.addIssue({ code: "custom", message: error instanceof Error ? error.message : "is wrong" });
        return z.NEVER;
      }
    }),
});
export type KeyValues = z.output<typeof KeyValues>;

/** Reads arguments into a schema of flags. @throws UsageError for the first that cannot be meant. */
export function readArguments<S extends z.ZodType>(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig["options"]>,
  schema: S,
): z.output<S> {
  let values: unknown;
  try {
    values = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const message = error instanceof Error ? (error.message.split(/\.\s/u)[0] ?? "") : "wrong options";
    throw new UsageError(message.charAt(0).toLowerCase() + message.slice(1));
  }
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UsageError(`--${String(issue?.path[0])} ${issue?.message ?? "is wrong"}`);
}
