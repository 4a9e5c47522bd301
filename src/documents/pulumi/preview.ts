/** Reads `pulumi preview --json` and `pulumi refresh --preview-only --json`. */
import { z } from "zod";
import { DocumentError } from "../error.ts";
import { parseShape } from "../shape.ts";
import { isObject } from "../text.ts";
import { type RawResource, type Stack, stackOf } from "./resource.ts";
import { readStep } from "./step.ts";

const Preview = z.object({
  config: z.record(z.string(), z.unknown()).nullish(),
  steps: z.array(z.unknown()).nullish(),
  changeSummary: z.record(z.string(), z.number()).nullish(),
  diagnostics: z.array(z.looseObject({ severity: z.string().nullish() })).nullish(),
});

/** True for what looks like a preview, good or bad. */
export function isPreview(value: unknown): boolean {
  return isObject(value) && ("steps" in value || "changeSummary" in value || "diagnostics" in value);
}

function count(of: number): string {
  return of === 1 ? "1 unchanged resource" : `${of} unchanged resources`;
}

const isRoot = (urn: string): boolean => urn.includes("::pulumi:pulumi:Stack::");

/**
 * True for `pulumi refresh --preview-only --json`. It prints a `refresh` step for each resource without drift, which it
 * counts as same, and an `update` step for each with it (seen with engine 3.259). The root says which command it was: a
 * preview never ends it with `refresh`.
 */
function isRefresh(ops: ReadonlyMap<string, string>): boolean {
  for (const [urn, op] of ops) if (op === "refresh" && isRoot(urn)) return true;
  return false;
}

/** Why resources that are only read may not be shown: nobody knows what is read off one that is not. */
function readsLeftOut(
  { changeSummary }: z.output<typeof Preview>,
  ops: ReadonlyMap<string, string>,
): string | undefined {
  const shown = [...ops.values()].filter((op) => op === "read").length;
  return (changeSummary?.read ?? 0) > shown
    ? "the preview leaves out resources that it reads: make it again with a current Pulumi"
    : undefined;
}

/** Why unchanged resources may not be shown. */
function leftOut(preview: z.output<typeof Preview>, ops: ReadonlyMap<string, string>): string | undefined {
  const advice = "make it with `pulumi preview --json --show-sames`";
  const refreshed = isRefresh(ops);
  const unchanged = (op: string) => op === "same" || (refreshed && op === "refresh");
  const sames = [...ops].filter(([, op]) => unchanged(op)).map(([urn]) => urn);
  if (preview.changeSummary) {
    const omitted = (preview.changeSummary.same ?? 0) - sames.length;
    return omitted > 0 ? `the preview leaves out ${count(omitted)}: ${advice}` : undefined;
  }
  // Without a summary, the root of the stack is the one `same` step that is printed either way.
  const existed = [...ops.values()].some((op) => op !== "create");
  const shown = sames.some((urn) => !isRoot(urn));
  return existed && !shown ? `the preview may leave out unchanged resources: ${advice}` : undefined;
}

/** A preview that failed shows the resources it had come to; what would follow is not in it. */
function refuseFailed(preview: z.output<typeof Preview>, file: string): void {
  const index = preview.diagnostics?.findIndex(({ severity }) => severity === "error") ?? -1;
  if (index === -1) return;
  throw new DocumentError(file, "the preview ended in an error: mend what it names, then preview again", {
    path: `diagnostics[${index}]`,
  });
}

/** @throws DocumentError for a preview that is not shaped like one, and for one that failed. */
export function readPreview(value: unknown, file: string): Stack {
  const preview = parseShape(Preview, value, file, "");
  refuseFailed(preview, file);
  const ops = new Map<string, string>();
  const sources = new Map<string, RawResource>();
  const retained: RawResource[] = [];
  const missing: string[] = [];
  for (const [index, raw] of (preview.steps ?? []).entries()) {
    const step = readStep(raw, index, file);
    if (step.retained !== undefined) retained.push(step.retained);
    if (step.op === undefined) continue;
    // The last step of a URN is what results: with --refresh its refresh comes first.
    sources.delete(step.urn);
    ops.set(step.urn, step.op);
    if (step.source !== undefined) sources.set(step.urn, step.source);
    if (step.missing !== undefined) missing.push(step.missing);
  }
  // What a refresh would update in the state is what is there already.
  if (isRefresh(ops)) for (const source of sources.values()) source.settled = true;
  const [incomplete] = [leftOut(preview, ops), readsLeftOut(preview, ops), ...missing].filter(
    (reason) => reason !== undefined,
  );
  return stackOf([...sources.values(), ...retained], {
    file,
    config: preview.config ?? {},
    foretold: true,
    ...(incomplete === undefined ? {} : { incomplete }),
  });
}
