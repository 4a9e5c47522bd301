import { asArray, asObject, asString } from "./context.ts";
import type { CloudState, JsonObject, Revision, Service } from "./state.ts";

/** Services and revisions as the v2 API answers them. */

/** The URL Cloud Run gives a service, known before it exists (https://cloud.google.com/run/docs/triggering/https-request#deterministic). */
export function serviceUrl(
  state: CloudState,
  service: Pick<Service, "project" | "location" | "serviceId">,
): string {
  return `https://${service.serviceId}-${state.projects[service.project]?.number}.${service.location}.run.app`;
}

export function serviceJson(state: CloudState, service: Service): JsonObject {
  const name = `projects/${service.project}/locations/${service.location}/services/${service.serviceId}`;
  const latest = service.revisions.at(-1);
  const uri = serviceUrl(state, service);
  return {
    name,
    uid: service.uid,
    generation: String(service.generation),
    createTime: service.createTime,
    updateTime: service.updateTime,
    creator: "sandbox",
    lastModifier: "sandbox",
    ...service.settings,
    observedGeneration: String(service.generation),
    terminalCondition: condition("Ready", service.updateTime, latest),
    conditions: [condition("ConfigurationsReady", service.updateTime, latest)],
    ...(service.latestReady !== undefined && {
      latestReadyRevision: `${name}/revisions/${service.latestReady}`,
    }),
    latestCreatedRevision: `${name}/revisions/${service.latestCreated}`,
    trafficStatuses: service.latestReady === undefined ? [] : trafficStatuses(service, uri),
    uri,
    urls: [uri],
    reconciling: false,
    etag: `"${service.generation.toString(16)}${service.latestCreated}"`,
  };
}

export function revisionJson(service: Service, revision: Revision): JsonObject {
  const name = `projects/${service.project}/locations/${service.location}/services/${service.serviceId}`;
  const { revision: _given, ...template } = revision.template;
  return {
    name: `${name}/revisions/${revision.name}`,
    service: name,
    createTime: revision.createTime,
    ...template,
    conditions: [condition("Ready", revision.createTime, revision)],
    reconciling: false,
  };
}

function condition(type: string, time: string, revision: Revision | undefined): JsonObject {
  if (revision?.starting) return { type, state: "CONDITION_RECONCILING", lastTransitionTime: time };
  if (revision?.ready !== false) return { type, state: "CONDITION_SUCCEEDED", lastTransitionTime: time };
  return {
    type,
    state: "CONDITION_FAILED",
    lastTransitionTime: time,
    severity: "ERROR",
    revisionReason: revision.reason?.startsWith("spec.template.")
      ? "SECRETS_ACCESS_CHECK_FAILED"
      : "HEALTH_CHECK_CONTAINER_ERROR",
    message: revision.reason ?? "",
  };
}

function trafficStatuses(service: Service, uri: string): JsonObject[] {
  return asArray(service.settings.traffic).map((item) => {
    const target = asObject(item) ?? {};
    const tag = asString(target.tag);
    return { ...target, ...(tag && { uri: uri.replace("https://", `https://${tag}---`) }) };
  });
}
