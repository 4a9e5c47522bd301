/** Where a description without a status sends its traffic: to what its template describes, or to a revision of before. */
import { z } from "zod";
import type { Serving } from "../policy/facts.ts";
import { anything } from "./shape.ts";
import { hiddenReason, readText, reveal } from "./text.ts";

/** v1: `revisionName` and `latestRevision`; v2: `revision`, beside a type. */
const Targets = z.array(
  z.object({
    percent: z.number().nullish(),
    latestRevision: anything,
    revisionName: anything,
    revision: anything,
  }),
);

/**
 * What is known of what serves from the traffic asked for: nothing when all of it goes to the latest revision, which
 * the template describes. A revision that is named was made before, unless the template has its name; no document but
 * its own shows what it carries.
 *
 * @param raw The targets, as v1, v2 or Pulumi write them.
 * @param template The revision's name in the template.
 */
export function servingAsAsked(raw: unknown, template: unknown): Serving | undefined {
  const value = reveal(raw);
  if (value === undefined || value === null) return undefined;
  const hidden = hiddenReason(value);
  if (hidden !== undefined) return { stale: `its traffic is not shown: ${hidden.reason}` };
  const targets = Targets.safeParse(value);
  if (!targets.success) return { stale: "its traffic cannot be read" };
  const own = readText(template);
  for (const { percent, latestRevision, revisionName, revision } of targets.data) {
    const name = readText(revisionName ?? revision);
    if ((percent ?? 0) === 0 || latestRevision === true || name.kind === "absent") continue;
    if (name.kind === "unknown")
      return { stale: `a revision that is not known gets ${percent} % of its traffic` };
    if (own.kind === "text" && own.text === name.text) continue;
    return {
      stale: `${percent} % of its traffic goes to the revision ${name.text}, which no document shows`,
    };
  }
  return undefined;
}
