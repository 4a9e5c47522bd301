import { asString, type Call, objectField, param } from "./context.ts";
import { crc32c } from "./crc32c.ts";
import { ApiError } from "./errors.ts";
import { mayReadSecret } from "./policies.ts";
import { findSecret, secretName, versionAliases } from "./secrets.ts";
import type { CloudState, JsonObject, Secret, Version } from "./state.ts";

/** Versions of secrets (Secret Manager v1, projects.secrets.versions). */

/** https://cloud.google.com/secret-manager/quotas: a payload is at most 64 KiB. */
const largestPayload = 65_536;

export function addVersion(call: Call): JsonObject {
  const secret = findSecret(call);
  const payload = objectField(call.body, "payload");
  const bytes = Buffer.from(asString(payload.data) ?? "", "base64");
  if (bytes.length === 0) throw new ApiError("INVALID_ARGUMENT", "SecretPayload.data must be provided.");
  if (bytes.length > largestPayload) {
    throw new ApiError(
      "INVALID_ARGUMENT",
      `The secret payload is ${bytes.length} bytes, more than ${largestPayload}.`,
    );
  }
  const checksum = payload.dataCrc32c;
  if (checksum !== undefined && checksum !== null && String(checksum) !== String(crc32c(bytes))) {
    throw new ApiError("INVALID_ARGUMENT", "The data_crc32c of the payload does not match its data.");
  }
  const version: Version = {
    number: secret.versions.length + 1,
    state: "ENABLED",
    createTime: call.now.toISOString(),
    data: bytes.toString("base64"),
    ...(call.mark && { mark: call.mark }),
  };
  secret.versions.push(version);
  return versionJson(call.state, secret, version);
}

export function getVersion(call: Call): JsonObject {
  const { secret, version } = find(call);
  return versionJson(call.state, secret, version);
}

export function listVersions(call: Call): JsonObject {
  const secret = findSecret(call);
  const versions = secret.versions.toReversed().map((version) => versionJson(call.state, secret, version));
  return { versions, totalSize: versions.length };
}

export function accessVersion(call: Call): JsonObject {
  const { secret, version } = find(call);
  const name = versionName(call.state, secret, version.number);
  const policies = [secret.policy, call.state.projects[secret.project]?.policy];
  if (call.caller !== undefined && !mayReadSecret(policies, call.caller, call)) {
    throw new ApiError(
      "PERMISSION_DENIED",
      `Permission 'secretmanager.versions.access' denied for resource '${name}' (or it may not exist).`,
    );
  }
  if (version.data === undefined || version.state !== "ENABLED") throw notEnabled(name, version);
  const bytes = Buffer.from(version.data, "base64");
  return { name, payload: { data: version.data, dataCrc32c: String(crc32c(bytes)) } };
}

export function enableVersion(call: Call): JsonObject {
  return change(call, "ENABLED");
}

export function disableVersion(call: Call): JsonObject {
  return change(call, "DISABLED");
}

/** Destroys a version's payload, for good. */
export function destroyVersion(call: Call): JsonObject {
  return change(call, "DESTROYED");
}

/** The version of a secret that a number, an alias or `latest` names: `latest` is the highest, in any state. */
export function resolveVersion(secret: Secret, version: string): Version | undefined {
  if (version === "latest") return secret.versions.at(-1);
  const alias = versionAliases(secret)[version];
  const number = /^\d+$/.test(version) ? Number(version) : Number(alias ?? Number.NaN);
  return secret.versions.find((candidate) => candidate.number === number);
}

/** `projects/NUMBER/secrets/NAME/versions/NUMBER`. */
export function versionName(state: CloudState, secret: Secret, version: number | string): string {
  return `${secretName(state, secret.project, secret.secretId)}/versions/${version}`;
}

function change(call: Call, state: Version["state"]): JsonObject {
  const { secret, version } = find(call);
  const name = versionName(call.state, secret, version.number);
  if (version.state === "DESTROYED") throw notEnabled(name, version);
  version.state = state;
  if (state === "DESTROYED") {
    delete version.data;
    version.destroyTime = call.now.toISOString();
  }
  return versionJson(call.state, secret, version);
}

function find(call: Call): { secret: Secret; version: Version } {
  const secret = findSecret(call);
  const wanted = param(call, "version");
  const version = resolveVersion(secret, wanted);
  if (version) return { secret, version };
  const name = versionName(call.state, secret, wanted);
  const message =
    secret.versions.length === 0 && wanted === "latest"
      ? `Secret [${secretName(call.state, secret.project, secret.secretId)}] not found or has no versions.`
      : `Secret Version [${name}] not found.`;
  throw new ApiError("NOT_FOUND", message);
}

function notEnabled(name: string, version: Version): ApiError {
  return new ApiError("FAILED_PRECONDITION", `Secret Version [${name}] is in ${version.state} state.`);
}

function versionJson(state: CloudState, secret: Secret, version: Version): JsonObject {
  return {
    name: versionName(state, secret, version.number),
    createTime: version.createTime,
    ...(version.destroyTime !== undefined && { destroyTime: version.destroyTime }),
    state: version.state,
    replicationStatus: secret.settings.replication ?? {},
    etag: `"${version.number.toString(16)}${version.state.length}"`,
  };
}
