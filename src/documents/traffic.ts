/** Where a description sends its traffic, or a worker pool its instances: to what its template describes, or elsewhere. */
import { z } from "zod";
import type { Serving } from "../policy/facts.ts";
import { anything } from "./shape.ts";
import { hiddenReason, lastSegment, readText, reveal } from "./text.ts";

/** What is split among revisions, as messages call it. */
export type Split = "traffic" | "instance split";

/** v1: `revisionName` and `latestRevision`; v2: `revision`, beside a type. */
const Targets = z.array(
  z.object({
    percent: z.number().nullish(),
    latestRevision: anything,
    revisionName: anything,
    revision: anything,
    type: anything,
  }),
);

/** True for the type of v2 that stands for whichever revision is the latest. */
export function isLatest(type: unknown): boolean {
  return type === "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST" || type === "INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST";
}

/**
 * What is known of what serves from the traffic asked for: nothing when all of it goes to the latest revision, which
 * the template describes. A revision that is named was made before, unless it is the template's own; no document but
 * its own shows what it carries.
 *
 * @param raw The targets, as v1, v2 or Pulumi write them.
 * @param template The revision of the template: its name there, or in the status.
 */
export function servingAsAsked(
  raw: unknown,
  template: unknown,
  split: Split = "traffic",
): Serving | undefined {
  const value = reveal(raw);
  if (value === undefined || value === null) return undefined;
  const hidden = hiddenReason(value);
  if (hidden !== undefined) return { stale: `its ${split} is not shown: ${hidden.reason}` };
  const targets = Targets.safeParse(value);
  if (!targets.success) return { stale: `its ${split} cannot be read` };
  const own = lastSegment(template);
  for (const { percent, latestRevision, revisionName, revision, type } of targets.data) {
    const name = readText(revisionName ?? revision);
    if ((percent ?? 0) === 0 || latestRevision === true || isLatest(type) || name.kind === "absent") continue;
    if (name.kind === "unknown")
      return { stale: `a revision that is not known gets ${percent} % of its ${split}` };
    const to = lastSegment(name.text);
    if (own !== undefined && own === to) continue;
    return { stale: `${percent} % of its ${split} goes to the revision ${to}, which no document shows` };
  }
  return undefined;
}
