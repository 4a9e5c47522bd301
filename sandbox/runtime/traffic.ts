/** Where a service's traffic goes. */
import { z } from "zod";
import type { Service } from "../cloud/index.ts";

/** A revision and its share. */
export interface Target {
  readonly revision: string;
  /** Above 0. */
  readonly percent: number;
}

const Traffic = z.array(z.looseObject({ revision: z.string().optional(), percent: z.number().default(0) }));

/** The revisions that get traffic: those named, and the latest ready one where none is named. */
export function targetsOf(service: Pick<Service, "settings" | "latestReady">): Target[] {
  return Traffic.parse(service.settings.traffic ?? []).flatMap(({ revision, percent }) => {
    const name = revision || service.latestReady;
    return name === undefined || percent === 0 ? [] : [{ revision: name, percent }];
  });
}
