/** Cloud Run services, in the shape of the v2 API. */
import type { JsonObject } from "../../cloud/state.ts";
import { CallError } from "../api.ts";
import { type Before, CreatedButFailed, madeEarlier, markOf, type ResourceType } from "../resource.ts";
import { type Properties, text, UNKNOWN, type Value } from "../values.ts";
import {
  abandoned,
  field,
  given,
  named,
  objectOf,
  parts,
  present,
  projectOf,
  unknowns,
  unlessMissing,
} from "./common.ts";
import { serviceDefaults, serviceInputs, serviceOutputs, serviceToApi } from "./service-shape.ts";

interface Place {
  project: string;
  location: string;
  name: string;
}

/** gcp:cloudrunv2/service:Service, on Cloud Run's v2 projects.locations.services. */
export const serviceType: ResourceType = {
  token: "gcp:cloudrunv2/service:Service",
  marked: true,
  autonamed: "name",
  replaceOn: ["name", "location", "project"],
  secretOutputs: ["effectiveLabels", "pulumiLabels"],
  notReadBack: ["deletionProtection", "deletionPolicy", "labels", "annotations", "tags"],
  chosenByPlatform: [
    "ingress",
    "launchStage",
    "traffics",
    "scaling",
    "template.timeout",
    "template.serviceAccount",
    "template.scaling",
    "template.maxInstanceRequestConcurrency",
    "template.containers[].resources",
    "template.containers[].ports",
    "template.containers[].startupProbe",
  ],
  // Where a value is not given, the plugin SDK has its zero: "" beside a reference, false, 0. Neither is a change. The
  // exception is a setting of the provider's own, of which an import assumes true.
  same: (path, before, after) => path !== "deletionProtection" && isZero(before) && isZero(after),

  preview(inputs, context) {
    const project = projectOf(inputs, context);
    return {
      ...serviceDefaults(inputs, { project, location: inputs.location ?? null, name: inputs.name ?? null }),
      ...unknowns(
        "uid",
        "generation",
        "observedGeneration",
        "createTime",
        "updateTime",
        "creator",
        "lastModifier",
      ),
      ...unknowns("uri", "urls", "etag", "latestReadyRevision", "latestCreatedRevision", "conditions"),
      ...unknowns("terminalConditions", "trafficStatuses", "reconciling", "deleteTime", "expireTime"),
      traffics: inputs.traffics ?? UNKNOWN,
    };
  },

  async create(inputs, context) {
    const place: Place = {
      project: projectOf(inputs, context),
      location: given(inputs, "location"),
      name: given(inputs, "name"),
    };
    const id = idOf(place);
    const mark = markOf(inputs, context);
    const body = serviceToApi(inputs);
    const operation = await named("creating", "Service", place.name, async () => {
      try {
        const path = `/v2/projects/${place.project}/locations/${place.location}/services`;
        return await context.api.call("POST", path, { query: { serviceId: place.name }, body, mark });
      } catch (cause) {
        const exists = cause instanceof CallError && cause.reason === "ALREADY_EXISTS";
        if (!exists || (await madeEarlier(mark, context)) !== id) throw cause;
        // The same settings again: Cloud Run leaves a service that works as it is, and tries a failed one again.
        return await context.api.call("PATCH", `/v2/${id}`, { body });
      }
    });
    return { id, outputs: finish(operation, inputs, place, "create") };
  },

  async read(id, before, context) {
    const place = placeOf(id);
    const answer = await named("reading", "Service", place.name, () =>
      unlessMissing(() => context.api.call("GET", `/v2/${id}`)),
    );
    if (!answer) return undefined;
    const inputs = serviceInputs(answer, place);
    const labels = Object.entries(inputs.labels ?? {}).filter(
      ([name]) => name in Object(before.inputs.labels ?? {}),
    );
    const kept = present({
      deletionPolicy: before.outputs.deletionPolicy,
      deletionProtection: before.outputs.deletionProtection,
      labels: before.inputs.labels === undefined ? undefined : Object.fromEntries(labels),
      annotations: before.inputs.annotations,
    });
    return {
      id,
      inputs,
      outputs: serviceOutputs({ ...inputs, labels: null, annotations: null, ...kept }, answer, place),
    };
  },

  async update(id, inputs, before, context) {
    const place = placeOf(id);
    const body = serviceToApi(withUntouched(inputs, before));
    const unchanged = JSON.stringify(serviceToApi(inputs)) === JSON.stringify(serviceToApi(before.inputs));
    const failed = text(before.outputs.latestReadyRevision) !== text(before.outputs.latestCreatedRevision);
    if (unchanged && !failed) {
      const answer = await named("reading", "Service", place.name, () =>
        context.api.call("GET", `/v2/${id}`),
      );
      return serviceOutputs(inputs, answer, place);
    }
    const operation = await named("updating", "Service", place.name, () =>
      context.api.call("PATCH", `/v2/${id}`, { body }),
    );
    return finish(operation, inputs, place, "update");
  },

  async delete(id, outputs, context) {
    const { name } = placeOf(id);
    if (abandoned("Service", name, outputs)) return;
    if (outputs.deletionProtection !== false) {
      throw new Error(
        `Error deleting Service ${JSON.stringify(name)}: cannot destroy service without setting deletion_protection=false and running \`terraform apply\``,
      );
    }
    await named("deleting", "Service", name, () =>
      unlessMissing(() => context.api.call("DELETE", `/v2/${id}`)),
    );
  },
};

function isZero(value: Value | undefined): boolean {
  return value === undefined || value === null || value === "" || value === false || value === 0;
}

/**
 * What an update sends: the inputs, the labels and annotations that others put there (the provider is authoritative
 * for its own alone, `effectiveLabels`), and the settings the platform chose where the inputs leave them to it.
 */
function withUntouched(inputs: Properties, before: Before): Properties {
  const { outputs } = before;
  const kept = (name: "labels" | "annotations", all: Value | undefined): Properties => {
    const ours = Object.keys(objectOf(before.inputs[name]));
    const others = Object.entries(objectOf(all)).filter(([key]) => !ours.includes(key));
    return { ...Object.fromEntries(others), ...objectOf(inputs[name]) };
  };
  const chosen = ["ingress", "launchStage", "traffics", "scaling"]
    .filter((name) => isZero(inputs[name]) && !isZero(outputs[name]))
    .map((name): [string, Value] => [name, outputs[name] ?? null]);
  return {
    ...inputs,
    ...Object.fromEntries(chosen),
    labels: kept("labels", outputs.effectiveLabels),
    annotations: kept("annotations", outputs.effectiveAnnotations),
  };
}

/** The outputs of a finished operation. @throws CreatedButFailed when it ended in an error: the service is there. */
function finish(
  operation: JsonObject,
  inputs: Properties,
  place: Place,
  doing: "create" | "update",
): Properties {
  const state = operation.response ?? operation.metadata;
  const answer = typeof state === "object" && state !== null && !Array.isArray(state) ? state : {};
  const outputs = serviceOutputs(inputs, answer, place);
  const error = operation.error;
  if (typeof error !== "object" || error === null || Array.isArray(error)) return outputs;
  const doingIt = doing === "create" ? "Creating" : "Updating";
  throw new CreatedButFailed(
    `Error waiting to ${doing} Service ${JSON.stringify(place.name)}: Error waiting for ${doingIt} Service: Error code ${error.code}, message: ${field(error, "message")}`,
    idOf(place),
    outputs,
  );
}

function idOf(place: Place): string {
  return `projects/${place.project}/locations/${place.location}/services/${place.name}`;
}

function placeOf(id: string): Place {
  const {
    project = "",
    location = "",
    name = "",
  } = parts(
    id,
    /^projects\/(?<project>[^/]+)\/locations\/(?<location>[^/]+)\/services\/(?<name>[^/]+)$/,
    "projects/{{project}}/locations/{{location}}/services/{{name}}",
  );
  return { project, location, name };
}
