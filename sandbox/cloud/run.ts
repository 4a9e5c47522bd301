import { randomInt, randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { asArray, asObject, asString, type Call, objectField, param, pick } from "./context.ts";
import { ApiError } from "./errors.ts";
import { emptyPolicy, getPolicy, setPolicy } from "./policies.ts";
import { projectOfCall } from "./projects.ts";
import { revisionJson, serviceJson } from "./run-json.ts";
import { secretProblems } from "./run-secrets.ts";
import { checkSettings, withDefaults } from "./run-settings.ts";
import type { JsonObject, Revision, Service } from "./state.ts";

/** Services and their revisions (Cloud Run Admin v2, projects.locations.services). */

const api = "run.googleapis.com";

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

/**
 * Creates a service with its first revision. What only shows while the revision comes up, such as a secret its
 * account cannot read, is the error of the returned operation: the service is there then, without a revision
 * that is ready.
 */
export function createService(call: Call): JsonObject {
  const project = projectOfCall(call, api);
  const location = param(call, "location");
  const serviceId = call.query.get("serviceId") ?? "";
  if (!/^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$/.test(serviceId)) {
    throw new ApiError(
      "INVALID_ARGUMENT",
      `Violation in CreateServiceRequest.service_id: only lowercase, digits, and hyphens; must begin with letter, and cannot end with hyphen; must be less than 50 characters: ${serviceId}`,
    );
  }
  const key = `projects/${project}/locations/${location}/services/${serviceId}`;
  if (call.state.services[key])
    throw new ApiError("ALREADY_EXISTS", `Resource '${serviceId}' already exists.`);
  const settings = withDefaults(pick(call.body, settable), number(call, project));
  checkSettings(call.state, "CreateServiceRequest", settings);
  const service: Service = {
    project,
    location,
    serviceId,
    uid: randomUUID(),
    generation: 1,
    createTime: call.now.toISOString(),
    updateTime: call.now.toISOString(),
    settings,
    policy: emptyPolicy(),
    revisions: [],
    latestCreated: "",
    ...(call.mark && { mark: call.mark }),
  };
  checkTraffic(service, settings);
  const failure = deploy(call, service);
  call.state.services[key] = service;
  return operation(call, service, failure);
}

/** Changes a service; another template makes another revision, and so does a repetition after one that failed. */
export function patchService(call: Call): JsonObject {
  const service = findService(call);
  const mask = call.query.get("updateMask");
  const fields = pick(call.body, settable);
  const masked = mask?.split(",").map((path) => path.split(".")[0] ?? "") ?? settable;
  const kept = Object.fromEntries(
    Object.entries(service.settings).filter(([name]) => !masked.includes(name)),
  );
  const settings = withDefaults({ ...kept, ...pick(fields, masked) }, number(call, service.project));
  checkSettings(call.state, "UpdateServiceRequest", settings);
  checkTraffic(service, settings);
  const templateChanged = !isDeepStrictEqual(settings.template, service.settings.template);
  // A change of the traffic alone, such as a rollback, repeats nothing.
  const failed = masked.includes("template") && service.revisions.at(-1)?.ready === false;
  if (!templateChanged && !failed && isDeepStrictEqual(settings, service.settings)) {
    return operation(call, service);
  }
  service.settings = settings;
  service.generation += 1;
  service.updateTime = call.now.toISOString();
  const failure = templateChanged || failed ? deploy(call, service) : undefined;
  return operation(call, service, failure);
}

export function getService(call: Call): JsonObject {
  return serviceJson(call.state, findService(call));
}

export function listServices(call: Call): JsonObject {
  const project = projectOfCall(call, api);
  const location = param(call, "location");
  const services = Object.values(call.state.services)
    .filter((service) => service.project === project && (location === "-" || service.location === location))
    .map((service) => serviceJson(call.state, service));
  return services.length > 0 ? { services } : {};
}

export function deleteService(call: Call): JsonObject {
  const service = findService(call);
  delete call.state.services[
    `projects/${service.project}/locations/${service.location}/services/${service.serviceId}`
  ];
  return operation(call, service);
}

export function listRevisions(call: Call): JsonObject {
  const service = findService(call);
  return { revisions: service.revisions.toReversed().map((revision) => revisionJson(service, revision)) };
}

export function getRevision(call: Call): JsonObject {
  const service = findService(call);
  const name = param(call, "revision");
  const revision = service.revisions.find((candidate) => candidate.name === name);
  if (!revision) throw notFound(call, "REVISION", name, service.location);
  return revisionJson(service, revision);
}

export function getServicePolicy(call: Call): JsonObject {
  return getPolicy(findService(call).policy);
}

export function setServicePolicy(call: Call): JsonObject {
  return setPolicy(call, findService(call).policy);
}

function findService(call: Call): Service {
  const project = projectOfCall(call, api);
  const [location, name] = [param(call, "location"), param(call, "service")];
  const service = call.state.services[`projects/${project}/locations/${location}/services/${name}`];
  if (!service) throw notFound(call, "SERVICE", name, location);
  return service;
}

function notFound(call: Call, kind: string, name: string, location: string): ApiError {
  return new ApiError(
    "NOT_FOUND",
    `Resource '${name}' of kind '${kind}' in region '${location}' in project '${param(call, "project")}' does not exist.`,
  );
}

/** Makes the revision of a service's present template; returns why it is not ready. */
function deploy(call: Call, service: Service): string | undefined {
  const template = objectField(service.settings, "template");
  const name =
    asString(template.revision) ||
    `${service.serviceId}-${String(service.generation).padStart(5, "0")}-${suffix()}`;
  if (service.revisions.some((revision) => revision.name === name)) {
    throw new ApiError(
      "ALREADY_EXISTS",
      `Revision named '${name}' with different configuration already exists.`,
    );
  }
  const problems = secretProblems(call, service.project, template);
  const starts = call.startsInstances && problems.length === 0;
  const revision: Revision = {
    name,
    createTime: call.now.toISOString(),
    template,
    ready: problems.length === 0 && !starts,
    ...(starts && { starting: true }),
    ...(problems.length > 0 && { reason: problems.join(" ") }),
  };
  service.revisions.push(revision);
  service.latestCreated = name;
  if (revision.ready) service.latestReady = name;
  return revision.reason;
}

function checkTraffic(service: Service, settings: JsonObject): void {
  for (const target of asArray(settings.traffic)) {
    const name = asString(asObject(target)?.revision);
    if (!name || service.revisions.some((revision) => revision.name === name)) continue;
    throw new ApiError(
      "INVALID_ARGUMENT",
      `Revision '${name}' does not exist or is deleted. Update all traffic to route to currently available revisions.`,
    );
  }
}

/** The long-running operation of a change; the sandbox's are done at once. Code 9 is FAILED_PRECONDITION. */
function operation(call: Call, service: Service, failure?: string): JsonObject {
  const json = serviceJson(call.state, service);
  const name = `projects/${service.project}/locations/${service.location}/operations/${randomUUID()}`;
  if (failure !== undefined)
    return { name, done: true, metadata: json, error: { code: 9, message: failure } };
  return { name, done: true, metadata: json, response: json };
}

function number(call: Call, project: string): string {
  return call.state.projects[project]?.number ?? "";
}

function suffix(): string {
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  return Array.from({ length: 3 }, () => letters[randomInt(letters.length)]).join("");
}
