import { asObject, asString, type Call, objectField, param, pick } from "./context.ts";
import { ApiError } from "./errors.ts";
import { emptyPolicy, getPolicy, setPolicy } from "./policies.ts";
import { projectOf, projectOfCall } from "./projects.ts";
import type { CloudState, JsonObject, Secret } from "./state.ts";

/** Secrets (Secret Manager v1, projects.secrets). Their versions: versions.ts. */

export const secretManagerApi = "secretmanager.googleapis.com";

/** https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/create: up to 255 characters. */
const secretIdFormat = /^[a-zA-Z0-9_-]{1,255}$/;

const settable = [
  "replication",
  "labels",
  "annotations",
  "topics",
  "rotation",
  "expireTime",
  "versionAliases",
  "versionDestroyTtl",
];
const immutable = ["replication"];

export function createSecret(call: Call): JsonObject {
  const project = projectOfCall(call, secretManagerApi);
  const secretId = call.query.get("secretId") ?? "";
  if (!secretIdFormat.test(secretId)) {
    throw new ApiError(
      "INVALID_ARGUMENT",
      `The provided Secret ID [${secretId}] does not match the expected format [[a-zA-Z_0-9-]+].`,
    );
  }
  const key = `projects/${project}/secrets/${secretId}`;
  if (call.state.secrets[key]) {
    throw new ApiError(
      "ALREADY_EXISTS",
      `Secret [${secretName(call.state, project, secretId)}] already exists.`,
    );
  }
  checkReplication(call.body);
  const secret: Secret = {
    project,
    secretId,
    createTime: call.now.toISOString(),
    revision: 1,
    settings: { ...pick(call.body, settable), ...expiry(call) },
    policy: emptyPolicy(),
    versions: [],
    ...(call.mark && { mark: call.mark }),
  };
  call.state.secrets[key] = secret;
  return secretJson(call.state, secret);
}

export function getSecret(call: Call): JsonObject {
  return secretJson(call.state, findSecret(call));
}

export function patchSecret(call: Call): JsonObject {
  const secret = findSecret(call);
  const mask = (call.query.get("updateMask") ?? "").split(",").filter(Boolean);
  if (mask.length === 0) throw new ApiError("INVALID_ARGUMENT", "Update mask cannot be empty.");
  for (const path of mask) {
    const field = path.split(".")[0] ?? "";
    if (immutable.includes(field))
      throw new ApiError("INVALID_ARGUMENT", `Field [${field}] is immutable and cannot be updated.`);
    if (field === "ttl") {
      secret.settings = { ...secret.settings, ...expiry(call) };
      continue;
    }
    if (!settable.includes(field))
      throw new ApiError("INVALID_ARGUMENT", `Invalid update mask: unknown field [${path}].`);
    const value = call.body[field];
    if (value === undefined || value === null) delete secret.settings[field];
    else secret.settings[field] = value;
  }
  secret.revision += 1;
  return secretJson(call.state, secret);
}

export function deleteSecret(call: Call): JsonObject {
  const secret = findSecret(call);
  delete call.state.secrets[`projects/${secret.project}/secrets/${secret.secretId}`];
  return {};
}

export function getSecretPolicy(call: Call): JsonObject {
  return getPolicy(findSecret(call).policy);
}

export function setSecretPolicy(call: Call): JsonObject {
  return setPolicy(call, findSecret(call).policy);
}

/** The secret a call's path names. */
export function findSecret(call: Call): Secret {
  const project = projectOfCall(call, secretManagerApi);
  const secretId = param(call, "secret");
  const secret = lookUpSecret(call.state, project, secretId, call.now);
  if (!secret)
    throw new ApiError("NOT_FOUND", `Secret [${secretName(call.state, project, secretId)}] not found.`);
  return secret;
}

/** A secret by project (ID or number) and name; one whose time has come is gone for good. */
export function lookUpSecret(
  state: CloudState,
  project: string,
  secretId: string,
  now: Date,
): Secret | undefined {
  const key = `projects/${projectOf(state, project, now)}/secrets/${secretId}`;
  const secret = state.secrets[key];
  const expires = asString(secret?.settings.expireTime);
  if (expires !== undefined && Date.parse(expires) <= now.getTime()) {
    delete state.secrets[key];
    return undefined;
  }
  return secret;
}

/** `projects/NUMBER/secrets/NAME`, as the API names a secret in its answers. */
export function secretName(state: CloudState, project: string, secretId: string): string {
  return `projects/${state.projects[project]?.number ?? project}/secrets/${secretId}`;
}

function secretJson(state: CloudState, secret: Secret): JsonObject {
  return {
    name: secretName(state, secret.project, secret.secretId),
    createTime: secret.createTime,
    etag: `"${secret.revision.toString(16)}"`,
    ...secret.settings,
  };
}

function checkReplication(body: JsonObject): void {
  const replication = asObject(body.replication);
  const automatic = asObject(replication?.automatic);
  const userManaged = asObject(replication?.userManaged);
  if (!automatic && !userManaged)
    throw new ApiError("INVALID_ARGUMENT", "Secret.replication must be provided.");
  if (automatic && userManaged) {
    throw new ApiError("INVALID_ARGUMENT", "Secret.replication must be either automatic or user_managed.");
  }
  if (userManaged && !(Array.isArray(userManaged.replicas) && userManaged.replicas.length > 0)) {
    throw new ApiError(
      "INVALID_ARGUMENT",
      "Secret.replication.user_managed.replicas must contain at least one replica.",
    );
  }
}

/** `ttl` (seconds, "3600s") is input only: the API keeps and answers `expireTime`. */
function expiry(call: Call): JsonObject {
  const ttl = asString(call.body.ttl);
  if (ttl === undefined) return {};
  if (call.body.expireTime !== undefined) {
    throw new ApiError("INVALID_ARGUMENT", "Only one of Secret.expire_time and Secret.ttl can be provided.");
  }
  const seconds = /^(\d+(?:\.\d{1,9})?)s$/.exec(ttl)?.[1];
  if (seconds === undefined)
    throw new ApiError("INVALID_ARGUMENT", `Invalid duration [${ttl}] for Secret.ttl.`);
  return { expireTime: new Date(call.now.getTime() + Number(seconds) * 1000).toISOString() };
}

/** The aliases of a secret's versions: name to number. */
export function versionAliases(secret: Secret): JsonObject {
  return objectField(secret.settings, "versionAliases");
}
