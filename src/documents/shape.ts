/** The structure of documents, for zod: objects and lists any of which Pulumi may mask, encrypt or leave unknown. */
import { z } from "zod";
import { DocumentError } from "./error.ts";
import { hiddenReason, reveal } from "./text.ts";

/** Stands where a document hides a whole object or list. */
export class Hidden {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** A value that may be anything, or missing; a reader judges it where it is used. */
export const anything = z.unknown().optional();

/** What `schema` takes, or `Hidden`; `null` and a missing value are undefined, as in Go's JSON and in provider outputs. */
export function maskable<S extends z.ZodType>(schema: S) {
  return anything.transform((value, context): z.output<S> | Hidden | undefined => {
    if (value === undefined || value === null) return undefined;
    const hidden = hiddenReason(value);
    if (hidden !== undefined) return new Hidden(hidden.reason);
    const result = schema.safeParse(reveal(value));
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      context.addIssue({ code: "custom", message: issue.message, path: [...issue.path] });
    }
    return z.NEVER;
  });
}

/** `steps[3].newState.inputs`, from zod's path. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./u, "");
}

/**
 * Parses, or throws a `DocumentError` for the first thing that is not as it must be; `at` is the path of `value`, and
 * `lineOf` tells the line of any part of it, where that is known.
 */
export function parseShape<S extends z.ZodType>(
  schema: S,
  value: unknown,
  file: string,
  at: string,
  lineOf?: (path: string) => number,
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = [at, pathText(issue?.path ?? [])]
    .filter((part) => part !== "")
    .join(".")
    .replaceAll(".[", "[");
  throw new DocumentError(file, plain(issue?.message ?? "is not as expected"), {
    ...(lineOf === undefined ? {} : { line: lineOf(path) }),
    path,
  });
}

/** zod's messages say which type was expected and which was found, never the value. */
function plain(message: string): string {
  const text = message.replace(/^Invalid input: /u, "");
  return text.charAt(0).toLowerCase() + text.slice(1);
}
