import type { ResourceType } from "../resource.ts";
import type { Properties } from "../values.ts";
import { abandoned, given, named, parts, projectOf } from "./common.ts";

/** gcp:projects/service:Service: an API enabled in a project, on Service Usage. */
export const projectServiceType: ResourceType = {
  token: "gcp:projects/service:Service",
  replaceOn: ["service", "project"],
  notReadBack: [
    "deletionPolicy",
    "disableOnDestroy",
    "disableDependentServices",
    "checkIfServiceHasUsageOnDestroy",
  ],

  preview: (inputs, context) => outputsOf(inputs, projectOf(inputs, context)),

  async create(inputs, context) {
    const project = projectOf(inputs, context);
    const service = given(inputs, "service");
    await named("enabling", "API", service, () =>
      context.api.call("POST", `/v1/projects/${project}/services/${service}:enable`),
    );
    return { id: `${project}/${service}`, outputs: outputsOf(inputs, project) };
  },

  async read(id, before, context) {
    const { project = "", service = "" } = parts(
      id,
      /^(?<project>[^/]+)\/(?<service>[^/]+)$/,
      "{{project}}/{{service}}",
    );
    const { state } = await named("reading", "API", service, () =>
      context.api.call("GET", `/v1/projects/${project}/services/${service}`),
    );
    if (state !== "ENABLED") return undefined;
    const inputs = { project, service };
    return { id, inputs, outputs: { ...outputsOf({ ...before.outputs, ...inputs }, project) } };
  },

  async update(_id, inputs, _before, context) {
    return outputsOf(inputs, projectOf(inputs, context));
  },

  async delete(id, outputs, context) {
    if (abandoned("API", id, outputs) || outputs.disableOnDestroy !== true) return;
    const service = given(outputs, "service");
    await named("disabling", "API", service, () =>
      context.api.call("POST", `/v1/projects/${given(outputs, "project")}/services/${service}:disable`),
    );
  },
};

function outputsOf(inputs: Properties, project: string): Properties {
  return {
    service: inputs.service ?? null,
    project,
    disableOnDestroy: inputs.disableOnDestroy ?? null,
    disableDependentServices: inputs.disableDependentServices ?? null,
    checkIfServiceHasUsageOnDestroy: inputs.checkIfServiceHasUsageOnDestroy ?? null,
    deletionPolicy: inputs.deletionPolicy ?? "DELETE",
  };
}
