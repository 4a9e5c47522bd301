/** What the status of a v1 service says of what serves. */
import { z } from "zod";
import type { Serving } from "../../policy/facts.ts";
import { anything, Hidden, maskable } from "../shape.ts";
import { readText } from "../text.ts";
import { servingAsAsked } from "../traffic.ts";
import { lastSegment } from "./resource.ts";

const Traffic = z.object({
  percent: z.number().nullish(),
  revisionName: z.string().nullish(),
  latestRevision: z.boolean().nullish(),
});
/** The status of a v1 service. */
export const Status = maskable(
  z.object({
    observedGeneration: anything,
    latestCreatedRevisionName: anything,
    latestReadyRevisionName: anything,
    conditions: z.array(z.looseObject({ type: anything, status: anything })).nullish(),
    traffic: z.array(Traffic).nullish(),
  }),
);
type ShownStatus = NonNullable<Exclude<z.output<typeof Status>, Hidden>>;

/** What tells which revision serves. */
export interface Live {
  status: z.output<typeof Status>;
  generation: unknown;
  /** The name the template gives its revision. */
  revision: unknown;
  /** Where the traffic is asked to go. */
  traffic: unknown;
}

function numberOf(value: unknown): number | undefined {
  const text = readText(value);
  return text.kind === "text" && /^\d+$/u.test(text.text) ? Number(text.text) : undefined;
}

/** Why the status does not speak of the template. */
function stale(status: ShownStatus, generation: unknown): string | undefined {
  const [wanted, observed] = [numberOf(generation), numberOf(status.observedGeneration)];
  if (wanted !== undefined && observed !== undefined && observed < wanted) {
    return `the status speaks of generation ${observed}, the template is of generation ${wanted}`;
  }
  const ready = status.conditions?.find((condition) => condition.type === "Ready");
  if (ready?.status === "Unknown") return "the service is still being deployed";
  const latest = lastSegment(status.latestCreatedRevisionName);
  // A revision that is not ready is told of by its name.
  if (latest === undefined || latest !== lastSegment(status.latestReadyRevisionName)) return undefined;
  // A template that made no revision (its name was taken, say) leaves the one before it as the latest.
  const failed = ready !== undefined && String(ready.status).toLowerCase() !== "true";
  return failed ? "the service is not ready" : undefined;
}

/** Undefined for a description that wishes for the latest revision. */
export function readServing(live: Live): Serving | undefined {
  const { status } = live;
  if (status === undefined) return servingAsAsked(live.traffic, live.revision);
  if (status instanceof Hidden) return { stale: `the status is not shown: ${status.reason}` };
  const old = stale(status, live.generation);
  const [latestCreated, latestReady] = [
    lastSegment(status.latestCreatedRevisionName),
    lastSegment(status.latestReadyRevisionName),
  ];
  return {
    ...(latestCreated === undefined ? {} : { latestCreated }),
    ...(latestReady === undefined ? {} : { latestReady }),
    ...(status.traffic
      ? {
          traffic: status.traffic.map(({ percent, revisionName, latestRevision }) => ({
            percent: percent ?? 0,
            // Which revision "latest" stands for at the moment is named beside it, and may be an older one yet.
            ...(!revisionName || (latestRevision === true && revisionName === latestReady)
              ? {}
              : { revision: revisionName }),
          })),
        }
      : {}),
    ...(old === undefined ? {} : { stale: old }),
  };
}
