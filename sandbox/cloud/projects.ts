import { createHash } from "node:crypto";
import { type Call, param } from "./context.ts";
import { ApiError } from "./errors.ts";
import { emptyPolicy, getPolicy, setPolicy } from "./policies.ts";
import type { CloudState, JsonObject } from "./state.ts";

/** Projects (Cloud Resource Manager v1) and the APIs they enabled (Service Usage v1). */

/** https://cloud.google.com/resource-manager/docs/creating-managing-projects: 6 to 30 characters. */
const projectId = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

const apiTitles: Record<string, string> = {
  "secretmanager.googleapis.com": "Secret Manager API",
  "run.googleapis.com": "Cloud Run Admin API",
  "iam.googleapis.com": "Identity and Access Management (IAM) API",
};

/** The number a project gets: 12 digits, always the same for one ID. */
export function projectNumber(id: string): string {
  const digest = createHash("sha256").update(`project ${id}`).digest().readUIntBE(0, 6);
  return String(100_000_000_000 + (digest % 900_000_000_000));
}

/**
 * The ID of the project that a path names by ID or number. A well-formed ID that was never used names a new,
 * empty project; a number is known once its project was used.
 */
export function projectOf(state: CloudState, idOrNumber: string, now: Date): string {
  if (/^\d+$/.test(idOrNumber)) {
    const found = Object.entries(state.projects).find(([, project]) => project.number === idOrNumber);
    if (found) return found[0];
    throw new ApiError("PERMISSION_DENIED", `Permission denied on resource project ${idOrNumber}.`);
  }
  if (!projectId.test(idOrNumber)) {
    throw new ApiError("INVALID_ARGUMENT", `Invalid resource project ${idOrNumber}.`);
  }
  state.projects[idOrNumber] ??= {
    number: projectNumber(idOrNumber),
    createTime: now.toISOString(),
    apis: [],
    policy: emptyPolicy(),
  };
  return idOrNumber;
}

/** The project of a call, whose API must be enabled there when the sandbox is told to insist. */
export function projectOfCall(call: Call, api: string): string {
  const id = projectOf(call.state, param(call, "project"), call.now);
  const project = call.state.projects[id];
  if (call.apisMustBeEnabled && !project?.apis.includes(api)) {
    throw new ApiError(
      "PERMISSION_DENIED",
      `${apiTitles[api] ?? api} has not been used in project ${project?.number} before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/${api}/overview?project=${project?.number} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
    );
  }
  return id;
}

export function getProject(call: Call): JsonObject {
  const id = projectOf(call.state, param(call, "project"), call.now);
  const project = call.state.projects[id];
  return {
    projectId: id,
    projectNumber: project?.number ?? "",
    name: id,
    lifecycleState: "ACTIVE",
    createTime: project?.createTime ?? "",
  };
}

export function getProjectPolicy(call: Call): JsonObject {
  return getPolicy(policyOf(call));
}

export function setProjectPolicy(call: Call): JsonObject {
  return setPolicy(call, policyOf(call));
}

export function enableApi(call: Call): JsonObject {
  const project = projectEntry(call);
  const api = param(call, "api");
  if (!project.apis.includes(api)) project.apis.push(api);
  return { name: "operations/noop.DONE_OPERATION", done: true, response: { service: apiJson(call) } };
}

export function disableApi(call: Call): JsonObject {
  const project = projectEntry(call);
  project.apis = project.apis.filter((api) => api !== param(call, "api"));
  return { name: "operations/noop.DONE_OPERATION", done: true, response: { service: apiJson(call) } };
}

export function getApi(call: Call): JsonObject {
  projectEntry(call);
  return apiJson(call);
}

function apiJson(call: Call): JsonObject {
  const project = projectEntry(call);
  const api = param(call, "api");
  return {
    name: `projects/${project.number}/services/${api}`,
    parent: `projects/${project.number}`,
    config: { name: api },
    state: project.apis.includes(api) ? "ENABLED" : "DISABLED",
  };
}

function projectEntry(call: Call) {
  const project = call.state.projects[projectOf(call.state, param(call, "project"), call.now)];
  if (!project) throw new Error("projectOf always leaves an entry");
  return project;
}

function policyOf(call: Call) {
  return projectEntry(call).policy;
}
