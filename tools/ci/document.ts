/** What the pipeline reads in `pulumi preview --json` and `pulumi refresh --preview-only --json` beside the policy. */
import { z } from "zod";
import { Failure } from "./world.ts";

const State = z.looseObject({
  type: z.string().optional(),
  id: z.string().optional(),
  delete: z.boolean().optional(),
  inputs: z.unknown().optional(),
});

const Step = z.looseObject({
  op: z.string(),
  urn: z.string(),
  oldState: State.nullish(),
  newState: State.nullish(),
  diffReasons: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.unknown()).nullish(),
});
export type Step = z.infer<typeof Step>;

/** A preview, as far as the pipeline reads it. */
export const PreviewDocument = z.looseObject({
  config: z.record(z.string(), z.unknown()).nullish(),
  steps: z
    .array(Step)
    .nullish()
    .transform((steps) => steps ?? []),
  diagnostics: z
    .array(z.looseObject({ severity: z.string().nullish(), message: z.string().nullish() }))
    .nullish()
    .transform((diagnostics) => diagnostics ?? []),
  changeSummary: z.record(z.string(), z.number()).nullish(),
});
export type PreviewDocument = z.infer<typeof PreviewDocument>;

/** The document in a text. @throws Failure */
export function readPreviewDocument(text: string, file: string): PreviewDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Failure(`${file} is not JSON: give what pulumi preview --json --show-sames prints`);
  }
  const result = PreviewDocument.safeParse(value);
  if (result.success) return result.data;
  const at = result.error.issues[0]?.path.join(".") ?? "";
  throw new Failure(`${file} is not a preview (${at}): give what pulumi preview --json --show-sames prints`);
}

/**
 * The error messages of a preview that failed, the guard's refusal among them, each once. The engine says one again with
 * its own words around it; that one is left out.
 */
export function errorsOf(document: PreviewDocument): string[] {
  const said = document.diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => (message ?? "an error without a message").replace(/^error: /, "").trim());
  return [...new Set(said)].filter((text) => !said.some((other) => other !== text && text.includes(other)));
}

/**
 * The same document as if nothing changed: what was deployed before, in a form that the check reads. Secret values are
 * masked in it as in any preview.
 */
export function beforeDocument(document: PreviewDocument): object {
  const before = new Map<string, Step>();
  for (const { urn, oldState } of document.steps) {
    // With a refresh in front, the first step shows the older state.
    if (!oldState || oldState.delete === true || before.has(urn)) continue;
    before.set(urn, { op: "same", urn, oldState, newState: oldState });
  }
  const steps = [...before.values()];
  return { config: document.config ?? {}, steps, changeSummary: { same: steps.length } };
}
