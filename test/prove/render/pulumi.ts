/** A world as Pulumi prints it. */
import { shuffled } from "../dice.ts";
import type { Case } from "../model.ts";
import type { PlannedEnvironment } from "../plan/planned.ts";
import type { Json } from "./json.ts";
import { preview } from "./preview.ts";
import { resourcesOf } from "./resources.ts";
import { state } from "./state.ts";

export function renderPulumi(subject: Case, planned: PlannedEnvironment): Json {
  const { rendering, world } = subject;
  const resources = shuffled(resourcesOf(world, planned, rendering), rendering.order);
  return rendering.pulumi.kind === "preview"
    ? preview(world, planned, resources, rendering)
    : state(world, planned, resources, rendering);
}
