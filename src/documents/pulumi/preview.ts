/** Reads `pulumi preview --json` and `pulumi refresh --preview-only --json`. */
import { z } from "zod";
import { DocumentError } from "../error.ts";
import { anything, parseShape } from "../shape.ts";
import { isObject } from "../text.ts";
import { type RawResource, type Stack, stackOf } from "./resource.ts";

const Step = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: anything,
  newState: anything,
});

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

/**
 * Operations that speak of an old copy of a resource and leave the new one alone, and those that end a resource
 * (pulumi/pkg/resource/deploy/step.go, `StepOp`).
 */
const ofOldCopy: ReadonlySet<string> = new Set([
  "delete-replaced",
  "discard-replaced",
  "remove-pending-replace",
]);
const ending: ReadonlySet<string> = new Set(["delete", "discard", "read-discard"]);
/** The resource is there already, so that what it is called is known and stays. */
const keeping: ReadonlySet<string> = new Set(["same", "update", "refresh", "read", "import"]);

function readStep(
  raw: unknown,
  index: number,
  file: string,
): { urn: string; op: string; source?: RawResource } {
  const at = `steps[${index}]`;
  const step = parseShape(Step, raw, file, at);
  const { urn, op, oldState, newState } = step;
  if (ofOldCopy.has(op) || (ending.has(op) && isObject(oldState) && oldState.delete === true)) {
    return { urn, op: "none" };
  }
  if (ending.has(op) || !isObject(newState)) return { urn, op };
  const keeps = keeping.has(op);
  // New outputs are there for some operations only; those of the old state name the same resource.
  // A component's outputs, the stack's among them, are the program's own and so are new ones.
  const hasOutputs = isObject(newState.outputs) && (keeps || newState.custom === false);
  const outputsFrom = hasOutputs ? newState : keeps ? (oldState ?? newState) : undefined;
  return {
    urn,
    op,
    source: {
      urn,
      raw: newState,
      ...(outputsFrom === undefined ? {} : { outputsFrom }),
      fresh: !keeps,
      // The others only look at what is there.
      settled: keeps && op !== "update",
      // SDKs list the children of a local component instead of it, so a component that something depends on is a remote
      // one (sdk/nodejs/runtime/dependsOn.ts), whose outputs may change while its own step is `same`.
      changing: op !== "same" || newState.custom === false,
      at: `${at}.newState`,
    },
  };
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
  return [...ops].some(([urn, op]) => op === "refresh" && isRoot(urn));
}

function incompleteReason(
  preview: z.output<typeof Preview>,
  ops: ReadonlyMap<string, string>,
): string | undefined {
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
  for (const [index, raw] of (preview.steps ?? []).entries()) {
    const { urn, op, source } = readStep(raw, index, file);
    if (op === "none") continue;
    // The last step of a URN is what results: with --refresh its refresh comes first.
    sources.delete(urn);
    ops.set(urn, op);
    if (source !== undefined) sources.set(urn, source);
  }
  // What a refresh would update in the state is what is there already.
  if (isRefresh(ops)) for (const source of sources.values()) source.settled = true;
  const incomplete = incompleteReason(preview, ops);
  return stackOf(sources.values(), {
    file,
    config: preview.config ?? {},
    foretold: true,
    ...(incomplete === undefined ? {} : { incomplete }),
  });
}
