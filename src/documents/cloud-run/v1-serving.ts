/** What the status of a v1 service or worker pool says of what serves. */
import { z } from "zod";
import type { Serving } from "../../policy/facts.ts";
import { anything, Hidden, maskable } from "../shape.ts";
import { lastSegment, readText } from "../text.ts";
import { type Split, servingAsAsked } from "../traffic.ts";
import { ofAnotherRevision } from "./resource.ts";

const Traffic = z.object({
  percent: z.number().nullish(),
  revisionName: z.string().nullish(),
  latestRevision: z.boolean().nullish(),
});
/** The status of a v1 service or worker pool. */
export const Status = maskable(
  z.object({
    observedGeneration: anything,
    latestCreatedRevisionName: anything,
    latestReadyRevisionName: anything,
    conditions: z.array(z.looseObject({ type: anything, status: anything })).nullish(),
    traffic: z.array(Traffic).nullish(),
    /** Of a worker pool (v1 reference, WorkerPoolStatus). */
    instanceSplits: z.array(Traffic).nullish(),
  }),
);
type ShownStatus = NonNullable<Exclude<z.output<typeof Status>, Hidden>>;

/** What tells which revision serves. */
export interface Live {
  status: z.output<typeof Status>;
  generation: unknown;
  /** The name the template gives its revision. */
  revision: unknown;
  /** Where the traffic, or what else is split, is asked to go. */
  asked: unknown;
  split: Split;
}

function numberOf(value: unknown): number | undefined {
  const text = readText(value);
  return text.kind === "text" && /^\d+$/u.test(text.text) ? Number(text.text) : undefined;
}

/** Why the status does not speak of the template. */
function stale(status: ShownStatus, { generation, revision }: Live): string | undefined {
  const [wanted, observed] = [numberOf(generation), numberOf(status.observedGeneration)];
  if (wanted !== undefined && observed !== undefined && observed < wanted) {
    return `the status speaks of generation ${observed}, the template is of generation ${wanted}`;
  }
  const ready = status.conditions?.find((condition) => condition.type === "Ready");
  if (ready?.status === "Unknown") return "the service is still being deployed";
  const other = ofAnotherRevision(revision, status.latestCreatedRevisionName);
  if (other !== undefined) return other;
  const latest = lastSegment(status.latestCreatedRevisionName);
  // A revision that is not ready is told of by its name.
  if (latest === undefined || latest !== lastSegment(status.latestReadyRevisionName)) return undefined;
  // A template that made no revision (its name was taken, say) leaves the one before it as the latest.
  const failed =
    ready === undefined
      ? status.conditions?.some((condition) => String(condition.status).toLowerCase() === "false")
      : String(ready.status).toLowerCase() !== "true";
  return failed === true ? "the service is not ready" : undefined;
}

/** True for `status: {}`, which Go's tools write beside a wish. */
const saysNothing = (status: ShownStatus | Hidden): boolean =>
  !(status instanceof Hidden) && Object.values(status).every((field) => (field ?? null) === null);

/** Undefined for a description that wishes for the latest revision. */
export function readServing(live: Live): Serving | undefined {
  const { status, asked, split } = live;
  if (status === undefined || saysNothing(status)) return servingAsAsked(asked, live.revision, split);
  if (status instanceof Hidden) return { stale: `the status is not shown: ${status.reason}` };
  const old = stale(status, live) ?? servingAsAsked(asked, status.latestReadyRevisionName, split)?.stale;
  const traffic = split === "traffic" ? status.traffic : status.instanceSplits;
  const [latestCreated, latestReady] = [
    lastSegment(status.latestCreatedRevisionName),
    lastSegment(status.latestReadyRevisionName),
  ];
  return {
    ...(latestCreated === undefined ? {} : { latestCreated }),
    ...(latestReady === undefined ? {} : { latestReady }),
    ...(traffic
      ? {
          traffic: traffic.map(({ percent, revisionName, latestRevision }) => ({
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
