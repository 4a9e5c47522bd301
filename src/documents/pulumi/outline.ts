/**
 * What the readers need of resources that no fact is made of: what they are called, and that they are there. It must
 * keep whatever `preview.ts` and `state.ts` look at before they know a resource's type.
 */
import type { Outline } from "../input/outline.ts";
import { relevant } from "./resource.ts";
import { parseUrn } from "./urn.ts";

/** Previews and states, of which only the resources of relevant types are read in full. */
export const stackOutline: Outline = {
  lists: ["steps", "deployment.resources", "checkpoint.latest.resources"],
  key: "urn",
  needs(text) {
    const urn = parseUrn(text);
    return urn === undefined || relevant.has(urn.type);
  },
  keeps: {
    op: true,
    delete: true,
    pendingReplacement: true,
    oldState: { delete: true },
    newState: { custom: true, id: true },
  },
};
