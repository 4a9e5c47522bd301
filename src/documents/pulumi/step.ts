/** One step of a preview: what it leaves of a resource. */
import { z } from "zod";
import { DocumentError } from "../error.ts";
import { anything, parseShape } from "../shape.ts";
import { isObject, readText } from "../text.ts";
import { isGrant } from "./grants.ts";
import { isService, type RawResource, relevant, types } from "./resource.ts";
import { parseUrn } from "./urn.ts";

const Step = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: anything,
  newState: anything,
});
type Step = z.output<typeof Step>;

/**
 * Operations by what they leave (pulumi/pkg/resource/deploy/step.go, `StepOp`; its `diff` is no step that is printed):
 * the resource that was there already, so that what it is called is known and stays; a new one; none; or, where they
 * speak of an old copy alone, whatever the others do.
 */
const operations: Readonly<Record<string, "kept" | "new" | "none" | "copy">> = {
  same: "kept",
  update: "kept",
  refresh: "kept",
  read: "kept",
  import: "kept",
  create: "new",
  replace: "new",
  "create-replacement": "new",
  "read-replacement": "new",
  "import-replacement": "new",
  delete: "none",
  discard: "none",
  "delete-replaced": "copy",
  "discard-replaced": "copy",
  "remove-pending-replace": "copy",
};

/** The operations that would end a resource itself. */
const deleting: ReadonlySet<string> = new Set(["delete", "delete-replaced"]);

/** What a step tells. */
export interface ReadStep {
  urn: string;
  /** Absent for one that speaks of an old copy alone. */
  op?: string;
  /** The resource that results, if any. */
  source?: RawResource;
  /** What leaves the stack and stays where it is. */
  retained?: RawResource;
  /** Why the preview does not show all there will be. */
  missing?: string;
}

/** What is there, and this update does not touch. */
function standing(urn: string, raw: unknown, at: string): RawResource {
  return { urn, raw, outputsFrom: raw, fresh: false, changing: false, at };
}

/** What can be used counts, also where the stack does not have it: grants, services, jobs and worker pools. */
export const isUsed = (type: string): boolean => isGrant({ type }) || isService({ type });

/** What the engine deletes from the state alone (`retainOnDelete`); one of the same URN may stand beside it. */
export function retained(urn: string, raw: unknown, at: string): RawResource | undefined {
  if (!isObject(raw) || raw.retainOnDelete !== true || !isUsed(parseUrn(urn)?.type ?? "")) return undefined;
  return { ...standing(urn, raw, at), beside: true };
}

/** An account that ends takes what it was granted with it, though whoever names it names it still. */
function ended({ op, urn, oldState }: Step, at: string): ReadStep {
  if (parseUrn(urn)?.type !== types.account || !isObject(oldState)) return { urn, op };
  if (op === "discard" || oldState.retainOnDelete === true) return { urn, op };
  return { urn, op, source: { ...standing(urn, oldState, `${at}.oldState`), gone: true } };
}

/**
 * Under `--target` the engine prints a resource that it will not create as unchanged, with a copy of its new state for
 * the old one (step.go, `NewSkippedCreateStep`). Whatever is there has an ID.
 */
function isSkipped({ op, urn, oldState }: Step, newState: Record<string, unknown>): boolean {
  if (op !== "same" || newState.custom === false || !isObject(oldState) || oldState.id) return false;
  return relevant.has(parseUrn(urn)?.type ?? "");
}

/** @throws DocumentError for one that is not shaped like a step, and for an operation that the engine does not have. */
export function readStep(raw: unknown, index: number, file: string): ReadStep {
  const at = `steps[${index}]`;
  const step = parseShape(Step, raw, file, at);
  const { urn, op, oldState, newState } = step;
  const leaves = Object.hasOwn(operations, op) ? operations[op] : undefined;
  if (leaves === undefined) {
    throw new DocumentError(file, "is no operation that this check knows: use a newer jwt-secret", {
      path: `${at}.op`,
    });
  }
  if (leaves !== "new" && leaves !== "kept") {
    const left = deleting.has(op) ? retained(urn, oldState, `${at}.oldState`) : undefined;
    const ofCopy = leaves === "copy" || (isObject(oldState) && oldState.delete === true);
    return { ...(ofCopy ? { urn } : ended(step, at)), ...(left === undefined ? {} : { retained: left }) };
  }
  if (!isObject(newState)) return ended(step, at);
  if (isSkipped(step, newState)) {
    const name = parseUrn(urn)?.logicalName ?? "a resource";
    return { urn, op, missing: `the preview leaves out the creation of ${name}: make it without --target` };
  }
  const keeps = leaves === "kept";
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
      // A resource is read in the preview already, where its ID is known (step.go, `ReadStep.Apply`).
      // SDKs list the children of a local component instead of it, so a component that something depends on is a remote
      // one (sdk/nodejs/runtime/dependsOn.ts), whose outputs may change while its own step is `same`.
      changing:
        newState.custom === false || (op === "read" ? readText(newState.id).kind !== "text" : op !== "same"),
      at: `${at}.newState`,
    },
  };
}
