/** What `pulumi stack export` prints, and what a local backend keeps. */
import { at, type Rendering, type World } from "../model.ts";
import type { PlannedEnvironment } from "../plan/planned.ts";
import { urnOf } from "../plan/resources.ts";
import type { Json, JsonObject } from "./json.ts";
import { oldState, type Resource } from "./resource.ts";

export function state(
  world: World,
  planned: PlannedEnvironment,
  resources: Resource[],
  { pulumi }: Rendering,
): Json {
  const { environment } = planned;
  const stackUrn = urnOf(environment.name, "pulumi:pulumi:Stack", `jwt-secret-${environment.name}`);
  const provider: JsonObject = { project: at(world.projects, environment.home).id, region: "us-central1" };
  const entries: Json[] = [
    {
      urn: stackUrn,
      custom: false,
      type: "pulumi:pulumi:Stack",
      outputs: environment.source === null ? {} : { source: environment.source },
    },
    {
      urn: urnOf(environment.name, "pulumi:providers:gcp", "default_9_35_0"),
      custom: true,
      id: "d7bf6446-ea1d-42fc-850b-8a814483ff2a",
      type: "pulumi:providers:gcp",
      inputs: provider,
      outputs: provider,
    },
    ...resources.map(
      (resource): Json => ({
        ...oldState(resource, stackUrn, false),
        ...(resource.status === "leaving" ? { delete: true } : {}),
        provider: `${urnOf(environment.name, "pulumi:providers:gcp", "default_9_35_0")}::d7bf6446-ea1d-42fc-850b-8a814483ff2a`,
      }),
    ),
  ];
  const deployment: JsonObject = {
    manifest: { time: "2026-11-22T17:02:00.187254381Z", magic: "ab35920a", version: "v3.259.0" },
    resources: entries,
    metadata: {},
  };
  return pulumi.kind === "export"
    ? { version: 3, deployment }
    : {
        version: 3,
        checkpoint: { stack: `organization/jwt-secret/${environment.name}`, latest: deployment },
      };
}
