/** Reads `pulumi stack export` and the checkpoints of a local backend. */
import { z } from "zod";
import { DocumentError } from "../error.ts";
import { parseShape } from "../shape.ts";
import { isObject } from "../text.ts";
import { type RawResource, type Stack, stackOf } from "./resource.ts";
import { isUsed, retained } from "./step.ts";
import { parseUrn } from "./urn.ts";

/** A deployment; every part may be missing from an empty stack. */
const Deployment = z
  .object({
    resources: z.array(z.unknown()).nullish(),
    pending_operations: z.array(z.unknown()).nullish(),
  })
  .nullish();

const State = z.object({
  version: z.number().nullish(),
  deployment: Deployment,
  checkpoint: z.object({ stack: z.string().nullish(), latest: Deployment }).nullish(),
});

const Entry = z.object({
  urn: z.string(),
  /** What is left of a replaced resource and waits for its deletion. */
  delete: z.boolean().nullish(),
  /** Deleted, and not created again yet. */
  pendingReplacement: z.boolean().nullish(),
});

/** The versions of the format whose resources look alike (sdk/go/common/apitype: DeploymentSchemaVersionCurrent). */
const readable: ReadonlySet<number> = new Set([3, 4]);

/** True for what looks like a state, good or bad. */
export function isState(value: unknown): boolean {
  return isObject(value) && ("deployment" in value || "checkpoint" in value);
}

/** True for what `Entry` takes as it is, which nearly all of a hundred thousand entries are. */
function isPlain(raw: unknown): raw is z.infer<typeof Entry> {
  return (
    isObject(raw) &&
    typeof raw.urn === "string" &&
    raw.delete === undefined &&
    raw.pendingReplacement === undefined
  );
}

/** @throws DocumentError for another version of the format, and for a state that is not shaped like one. */
export function readState(value: unknown, file: string): Stack {
  const state = parseShape(State, value, file, "");
  const { version, checkpoint } = state;
  if (version === undefined || version === null || !readable.has(version)) {
    const [age, advice] =
      typeof version === "number" && version > 4
        ? ["newer than this program", "use a newer jwt-secret"]
        : ["too old", "export it again with a current Pulumi, `pulumi stack export`"];
    throw new DocumentError(
      file,
      `the state's format is ${age} (version ${version ?? "not given"}; 3 and 4 are read): ${advice}`,
      { path: "version" },
    );
  }
  const latest = isObject(value) && "deployment" in value ? state.deployment : checkpoint?.latest;
  const where = state.deployment === undefined ? "checkpoint.latest" : "deployment";
  const name = checkpoint?.stack?.split("/").at(-1);
  const pending = pendingIn(latest);
  const stack = stackOf(
    sourcesIn(latest?.resources ?? [], cutOffIn(pending), where, file),
    { file, config: {}, ...(name ? { name } : {}) },
    { once: true },
  );
  const incomplete = unmade(pending, stack);
  return incomplete === undefined ? stack : { ...stack, incomplete };
}

const Operation = z.object({ type: z.string(), resource: z.object({ urn: z.string() }) });
/** An operation that was cut off, by a crash or a lost connection; undefined for one that cannot be read. */
type Pending = z.output<typeof Operation> | undefined;

function pendingIn(deployment: z.output<typeof Deployment>): Pending[] {
  return (deployment?.pending_operations ?? []).map((one) => Operation.safeParse(one).data);
}

/**
 * Whether a resource's last operation was cut off; one that cannot be read may be any's. A creation stays noted after a
 * later update has made the resource (seen with engine 3.259), so it says nothing of one that is there.
 */
function cutOffIn(pending: readonly Pending[]): (urn: string) => boolean {
  if (pending.includes(undefined)) return () => true;
  const urns = new Set(pending.flatMap((one) => (one && one.type !== "creating" ? [one.resource.urn] : [])));
  return (urn) => urns.has(urn);
}

/**
 * A service or a grant may have come to be while its creation was cut off, and the state does not have it. A secret or a
 * version that nobody refers to does no harm.
 */
function unmade(pending: readonly Pending[], { resources }: Stack): string | undefined {
  for (const one of pending) {
    const urn = one?.type === "creating" ? parseUrn(one.resource.urn) : undefined;
    if (urn === undefined || !isUsed(urn.type) || resources.has(urn.urn)) continue;
    return `the creation of ${urn.logicalName} was cut off: \`pulumi refresh\` tells whether it is there`;
  }
  return undefined;
}

/** One at a time: of most, nothing stays. */
function* sourcesIn(
  resources: readonly unknown[],
  cutOff: (urn: string) => boolean,
  where: string,
  file: string,
): Generator<RawResource> {
  for (const [index, raw] of resources.entries()) {
    const at = `${where}.resources[${index}]`;
    const entry = isPlain(raw) ? raw : parseShape(Entry, raw, file, at);
    if (entry.pendingReplacement === true) continue;
    if (entry.delete === true) {
      const left = retained(entry.urn, raw, at);
      if (left !== undefined) yield left;
      continue;
    }
    const doubt = cutOff(entry.urn)
      ? `an update of ${parseUrn(entry.urn)?.logicalName ?? "it"} was cut off: \`pulumi refresh\` tells what is there`
      : undefined;
    yield { urn: entry.urn, raw, outputsFrom: raw, fresh: false, changing: false, doubt, at };
  }
}
