/** What `pulumi preview --json` prints. */
import { at, type Rendering, type World } from "../model.ts";
import type { PlannedEnvironment, Status } from "../plan/planned.ts";
import { typeOf, urnOf } from "../plan/resources.ts";
import type { Json, JsonObject } from "./json.ts";
import { newState, oldState, type Resource } from "./resource.ts";

export function preview(
  world: World,
  planned: PlannedEnvironment,
  resources: Resource[],
  { pulumi }: Rendering,
): Json {
  const { environment } = planned;
  const stackUrn = urnOf(environment.name, "pulumi:pulumi:Stack", `jwt-secret-${environment.name}`);
  const steps: Json[] = [];
  const summary: Record<string, number> = {};
  const stackState: JsonObject = { urn: stackUrn, custom: false, type: "pulumi:pulumi:Stack" };
  const stackOutputs: JsonObject = environment.source === null ? {} : { source: environment.source };
  if (planned.stack === "create") {
    steps.push({ op: "create", urn: stackUrn, newState: stackState, detailedDiff: null });
  } else {
    steps.push({
      op: "same",
      urn: stackUrn,
      oldState: { ...stackState, outputs: stackOutputs },
      newState: stackState,
      detailedDiff: null,
    });
  }
  count(summary, planned.stack);
  const leaving: Json[] = [];
  for (const resource of resources) {
    const states = { oldState: oldState(resource, stackUrn, true), newState: newState(resource, stackUrn) };
    const common = { urn: resource.urn, detailedDiff: null };
    const shown = resource.status !== "same" || pulumi.showSames;
    if (pulumi.refresh && resource.status !== "create" && shown) {
      // A refresh comes first and shows the resource as it was found.
      steps.push({ op: "refresh", ...common, oldState: states.oldState, newState: states.oldState });
    }
    switch (resource.status) {
      case "create":
        if (pulumi.replaces && planned.stack === "same" && typeOf(resource.urn).includes("SecretVersion")) {
          // What is replaced has a number already, and it is not the one that comes.
          const outputs = { ...resource.outputs, version: "40" };
          const gone = { ...states.oldState, outputs };
          steps.push({ op: "create-replacement", ...common, oldState: gone, newState: states.newState });
          steps.push({ op: "replace", ...common, oldState: gone, newState: states.newState });
          leaving.push({ op: "delete-replaced", ...common, oldState: { ...gone, delete: true } });
        } else {
          steps.push({ op: "create", ...common, newState: states.newState });
        }
        break;
      case "update":
        steps.push({ op: "update", ...common, ...states, diffReasons: ["template"] });
        break;
      case "leaving":
        leaving.push({ op: "delete", ...common, oldState: states.oldState });
        break;
      default:
        if (pulumi.showSames) steps.push({ op: "same", ...common, ...states });
    }
    count(summary, resource.status);
  }
  return {
    config: {
      "gcp:project": at(world.projects, environment.home).id,
      "gcp:region": "us-central1",
      ...(environment.source === null || !pulumi.configured
        ? {}
        : { "jwt-secret:secret": JSON.stringify({ source: environment.source, current: 1 }) }),
    },
    steps: [...steps, ...leaving],
    diagnostics: [],
    duration: 1_000_000_000,
    changeSummary: summary,
  };
}

function count(summary: Record<string, number>, status: Status): void {
  const op = status === "leaving" ? "delete" : status;
  summary[op] = (summary[op] ?? 0) + 1;
}
