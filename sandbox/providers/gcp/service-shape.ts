import { asArray } from "../../cloud/context.ts";
import type { JsonObject } from "../../cloud/state.ts";
import { isPlainObject, type Properties, text, type Value } from "../values.ts";
import { field, objectOf, present } from "./common.ts";

/** A Cloud Run service between Pulumi's spelling of it and the v2 API's. */

/** Pulumi's plural for the API's singular. */
const apiNames: Record<string, string> = {
  envs: "env",
  commands: "command",
  dependsOns: "dependsOn",
  buildInfos: "buildInfo",
  traffics: "traffic",
};
const pulumiNames = Object.fromEntries(Object.entries(apiNames).map(([pulumi, api]) => [api, pulumi]));

/** Maps of the user's own keys, which are nobody's to rename. */
const userMaps = new Set(["labels", "annotations", "tags", "limits", "nodeSelector"]);

/** What only the provider knows, or the path of the call says. */
const notSent = ["name", "project", "location", "deletionProtection", "deletionPolicy", "tags"];

/** The settings of a service as a PATCH or POST carries them. */
export function serviceToApi(inputs: Properties): Properties {
  const settings = Object.fromEntries(Object.entries(inputs).filter(([name]) => !notSent.includes(name)));
  return objectOf(rename(settings, apiNames, (name, value) => (name === "ports" ? [value] : value)));
}

/** Everything a service's inputs could say, as it is now. */
export function serviceInputs(
  answer: JsonObject,
  place: { project: string; location: string; name: string },
): Properties {
  const settable = [
    "description",
    "labels",
    "annotations",
    "client",
    "clientVersion",
    "ingress",
    "launchStage",
    "binaryAuthorization",
    "template",
    "traffic",
    "scaling",
    "invokerIamDisabled",
    "defaultUriDisabled",
    "customAudiences",
    "iapEnabled",
    "multiRegionSettings",
    "buildConfig",
  ];
  const settings = present(Object.fromEntries(settable.map((name) => [name, answer[name]])));
  return { ...place, ...fromApi(settings) };
}

/** The outputs of a service, with the real provider's oddities: env sorted by name, an empty value beside a reference. */
export function serviceOutputs(
  inputs: Properties,
  answer: JsonObject,
  place: { project: string; location: string; name: string },
): Properties {
  const live = serviceInputs(answer, place);
  const conditions = asArray(answer.conditions);
  return {
    ...serviceDefaults(inputs, place),
    ...live,
    labels: inputs.labels ?? null,
    annotations: inputs.annotations ?? null,
    pulumiLabels: inputs.labels ?? {},
    effectiveLabels: live.labels ?? {},
    effectiveAnnotations: live.annotations ?? {},
    template: templateOutput(objectOf(live.template)),
    conditions,
    terminalConditions: answer.terminalCondition === undefined ? [] : [answer.terminalCondition],
    trafficStatuses: asArray(answer.trafficStatuses),
    ...Object.fromEntries(
      [
        "uid",
        "generation",
        "observedGeneration",
        "createTime",
        "updateTime",
        "creator",
        "lastModifier",
        "uri",
        "etag",
        "latestReadyRevision",
        "latestCreatedRevision",
        "deleteTime",
        "expireTime",
      ].map((name) => [name, field(answer, name)]),
    ),
    urls: asArray(answer.urls),
    reconciling: answer.reconciling === true,
  };
}

/** The outputs that the inputs alone settle. */
export function serviceDefaults(
  inputs: Properties,
  place: { project: string; location: Value; name: Value },
): Properties {
  return {
    binaryAuthorization: null,
    buildConfig: null,
    client: "",
    clientVersion: "",
    customAudiences: null,
    defaultUriDisabled: false,
    description: "",
    iapEnabled: false,
    ingress: "INGRESS_TRAFFIC_ALL",
    invokerIamDisabled: false,
    launchStage: "GA",
    multiRegionSettings: null,
    scaling: null,
    tags: null,
    ...inputs,
    ...place,
    deletionPolicy: inputs.deletionPolicy ?? "DELETE",
    deletionProtection: inputs.deletionProtection ?? true,
    labels: inputs.labels ?? null,
    annotations: inputs.annotations ?? null,
    pulumiLabels: inputs.labels ?? {},
    effectiveLabels: inputs.labels ?? {},
    effectiveAnnotations: inputs.annotations ?? {},
  };
}

function fromApi(settings: Properties): Properties {
  return objectOf(
    rename(settings, pulumiNames, (name, value) =>
      name === "ports" && Array.isArray(value) ? (value[0] ?? null) : value,
    ),
  );
}

function rename(
  value: Value,
  names: Record<string, string>,
  adapt: (name: string, value: Value) => Value,
): Value {
  if (Array.isArray(value)) return value.map((item) => rename(item, names, adapt));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const inner = userMaps.has(name) ? item : rename(item, names, adapt);
      return [names[name] ?? name, adapt(name, inner)];
    }),
  );
}

function templateOutput(template: Properties): Properties {
  const containers = Array.isArray(template.containers) ? template.containers : [];
  return { ...template, containers: containers.map((container) => containerOutput(objectOf(container))) };
}

function containerOutput(container: Properties): Properties {
  const envs = Array.isArray(container.envs) ? container.envs.map(objectOf) : [];
  const sorted = envs.toSorted((one, other) => compare(text(one.name) ?? "", text(other.name) ?? ""));
  return {
    ...container,
    envs: sorted.map((env) => ({ ...env, value: env.value ?? "", valueSource: env.valueSource ?? null })),
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
