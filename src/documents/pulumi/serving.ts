/**
 * What serves, as far as a Pulumi document shows it. Its inputs say what is wanted. Its outputs may show that something
 * else serves; that they show nothing of the kind proves nothing, because they are as old as the state.
 */
import { z } from "zod";
import type { Service, Serving, Variable } from "../../policy/facts.ts";
import { anything } from "../shape.ts";
import { isObject, lastSegment, readText, reveal } from "../text.ts";
import { servingAsAsked } from "../traffic.ts";
import type { Resource } from "./resource.ts";

/** Where the traffic goes, as v1 (`revisionName`) or v2 (`revision`) write it; empty where it goes to the latest. */
const Targets = z.array(
  z.object({ percent: z.number().nullish(), revisionName: anything, revision: anything }),
);
const Conditions = z.array(z.object({ type: anything, status: anything, state: anything }));

/** What the inputs of a service say of what is to serve. */
export interface Wanted {
  traffics: unknown;
  /** The name the template gives its revision. */
  revision: unknown;
}

function revisionsIn(raw: unknown): { percent: number; revision: string }[] {
  const targets = Targets.safeParse(reveal(raw)).data ?? [];
  return targets.flatMap(({ percent, revisionName, revision }) => {
    const name = lastSegment(readText(revisionName).kind === "absent" ? revision : revisionName);
    return name === undefined || !percent ? [] : [{ percent, revision: name }];
  });
}

/** The last condition of a service that failed: v1's `Ready`, or v2's only one. */
function hasFailed(raw: unknown): boolean {
  const conditions = Conditions.safeParse(reveal(raw)).data ?? [];
  return conditions.some(
    ({ type, status, state }) => type === "Ready" && (status === "False" || state === "CONDITION_FAILED"),
  );
}

/** The same of both versions: v1 says it in `statuses[0]` and adds `Name` to a revision's key. */
function statusOf({ outputs }: Resource) {
  const list = reveal(outputs.statuses);
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  const v1 = isObject(first) ? first : {};
  return {
    created: lastSegment(outputs.latestCreatedRevision) ?? lastSegment(v1.latestCreatedRevisionName),
    ready: lastSegment(outputs.latestReadyRevision) ?? lastSegment(v1.latestReadyRevisionName),
    failed: hasFailed(outputs.terminalConditions) || hasFailed(v1.conditions),
    targets: [outputs.trafficStatuses, v1.traffics, outputs.traffics].flatMap(revisionsIn),
  };
}

/** Why the outputs show that the service does not serve what its template says. */
function shown(resource: Resource, { revision }: Wanted): string | undefined {
  const { created, ready, failed, targets } = statusOf(resource);
  if (created !== undefined && ready !== undefined && created !== ready) {
    return `its latest revision ${created} is not ready, ${ready} is`;
  }
  const latest = ready ?? created ?? lastSegment(revision);
  const other = targets.find((target) => target.revision !== latest);
  if (other !== undefined) {
    return `${other.percent} % of its traffic goes to the revision ${other.revision}, which no document shows`;
  }
  return failed ? "the service is not ready" : undefined;
}

/** Traffic that nobody asks to be elsewhere stays where it is (the provider's `traffic` is optional and computed). */
function kept({ outputs }: Resource, { traffics, revision }: Wanted): string | undefined {
  const asked = reveal(traffics);
  if (Array.isArray(asked) && asked.length > 0) return undefined;
  const other = revisionsIn(outputs.traffics).find((target) => target.revision !== lastSegment(revision));
  return other === undefined
    ? undefined
    : `${other.percent} % of its traffic stays with the revision ${other.revision}, which no document shows`;
}

/** Undefined where nothing shows that another revision serves than the one its template describes. */
export function servingOf(resource: Resource, wanted: Wanted | undefined): Serving | undefined {
  if (resource.failed) {
    return {
      stale:
        "an update of it failed, and its state does not tell whether a retry made that good: update once more",
    };
  }
  if (wanted === undefined) return undefined;
  const { created, ready } = statusOf(resource);
  // Where nothing is made, the latest revision is that of the template.
  const latest = resource.settled && created === ready ? ready : undefined;
  const asked = servingAsAsked(wanted.traffics, wanted.revision ?? latest);
  if (asked !== undefined) return asked;
  const stale = resource.settled ? shown(resource, wanted) : kept(resource, wanted);
  return stale === undefined ? undefined : { stale };
}

const namesKey = ({ name, via }: Variable): boolean => via === "variable" && name.startsWith("JWT_SECRET");

function listed(containers: Service["containers"]): Variable[] {
  return Array.isArray(containers) ? containers.flatMap(({ variables }) => variables).filter(namesKey) : [];
}

/** False only where both are known and differ; projects have two names and are not looked at. */
function mayBeOne(a: Variable["value"], b: Variable["value"]): boolean {
  if (a.kind === "unknown" || b.kind === "unknown") return true;
  if (a.kind === "literal" || b.kind === "literal") return a.kind === b.kind;
  return (["secret", "version"] as const).every((part) => {
    const [one, other] = [a.reference[part], b.reference[part]];
    return one.kind !== "known" || other.kind !== "known" || one.value === other.value;
  });
}

/** Why a template in the outputs and the one in the inputs cannot both be what runs. */
export function disagreement(
  inputs: Service["containers"],
  outputs: Service["containers"],
): string | undefined {
  if (!Array.isArray(inputs)) return undefined;
  const wanted = listed(inputs);
  const other = listed(outputs).find(
    (live) => !wanted.some(({ name, value }) => name === live.name && mayBeOne(value, live.value)),
  );
  return other === undefined
    ? undefined
    : `what the state shows of it carries ${other.name} otherwise than its inputs do`;
}
