import { z } from "zod";
import { accountExists } from "./accounts.ts";
import { type Call, objectField } from "./context.ts";
import { ApiError } from "./errors.ts";
import type { CloudState, JsonObject, Policy } from "./state.ts";

/** IAM policies of projects, secrets and services: bindings as the API spells them, grants as we keep them. */

/** Predefined roles that hold secretmanager.versions.access (https://cloud.google.com/iam/docs/roles-permissions/secretmanager). */
const rolesThatReadSecrets = new Set([
  "roles/owner",
  "roles/secretmanager.admin",
  "roles/secretmanager.secretAccessor",
]);

const bindingsSchema = z.array(
  z.looseObject({
    role: z.string(),
    members: z.array(z.string()).default([]),
    condition: z.looseObject({ title: z.string(), expression: z.string() }).nullish(),
  }),
);

const memberFormat =
  /^(allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|principal|principalSet|projectOwner|projectEditor|projectViewer|deleted:[a-zA-Z]+):\S+)$/;

export function emptyPolicy(): Policy {
  return { revision: 0, grants: [] };
}

export function getPolicy(policy: Policy): JsonObject {
  const bindings: { role: string; members: string[]; condition?: JsonObject }[] = [];
  for (const { role, member, condition } of policy.grants) {
    const key = JSON.stringify(condition ?? null);
    const binding = bindings.find(
      (known) => known.role === role && JSON.stringify(known.condition ?? null) === key,
    );
    if (binding) binding.members.push(member);
    else bindings.push({ role, members: [member], ...(condition && { condition: toJson(condition) }) });
  }
  const etag = Buffer.from(`policy ${policy.revision}`).toString("base64");
  return { version: 1, etag, ...(bindings.length > 0 && { bindings }) };
}

/** Replaces a policy. Grants that were there keep the time since when they work. */
export function setPolicy(call: Call, policy: Policy): JsonObject {
  const wanted = objectField(call.body, "policy");
  const parsed = bindingsSchema.safeParse(wanted.bindings ?? []);
  if (!parsed.success)
    throw new ApiError("INVALID_ARGUMENT", "Invalid JSON payload received: policy.bindings.");
  const current = getPolicy(policy).etag;
  if (typeof wanted.etag === "string" && wanted.etag !== current) {
    throw new ApiError(
      "ABORTED",
      `There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff. The request's ETag '${wanted.etag}' did not match the current policy's ETag '${current}'.`,
    );
  }
  const grants: Policy["grants"] = [];
  for (const { role, members, condition } of parsed.data) {
    if (!/^(roles|projects\/[^/]+\/roles|organizations\/[^/]+\/roles)\/[\w.]+$/.test(role)) {
      throw new ApiError("INVALID_ARGUMENT", `Role ${role} is not supported for this resource.`);
    }
    for (const member of members) {
      checkMember(call.state, member);
      const key = JSON.stringify(condition ?? null);
      const known = policy.grants.find(
        (grant) =>
          grant.role === role && grant.member === member && JSON.stringify(grant.condition ?? null) === key,
      );
      grants.push(
        known ?? { role, member, ...(condition && { condition }), grantedAt: call.now.toISOString() },
      );
    }
  }
  policy.grants = grants;
  policy.revision += 1;
  return getPolicy(policy);
}

function checkMember(state: CloudState, member: string): void {
  if (!memberFormat.test(member)) {
    throw new ApiError(
      "INVALID_ARGUMENT",
      `Invalid member: the member type of "${member}" is missing or unknown. Use for example "serviceAccount:EMAIL".`,
    );
  }
  const email = /^serviceAccount:(\S+)$/.exec(member)?.[1];
  if (email !== undefined && !accountExists(state, email)) {
    throw new ApiError("INVALID_ARGUMENT", `Service account ${email} does not exist.`);
  }
}

/**
 * Whether a member may read a secret's versions by these policies, now. Grants under a condition do not count:
 * the sandbox cannot evaluate one.
 */
export function mayReadSecret(
  policies: readonly (Policy | undefined)[],
  member: string,
  call: Pick<Call, "now" | "delayGrantsSeconds">,
): boolean {
  const worksSince = call.now.getTime() - call.delayGrantsSeconds * 1000;
  return policies.some((policy) =>
    policy?.grants.some(
      (grant) =>
        rolesThatReadSecrets.has(grant.role) &&
        grant.condition === undefined &&
        [member, "allUsers", "allAuthenticatedUsers"].includes(grant.member) &&
        Date.parse(grant.grantedAt) <= worksSince,
    ),
  );
}

function toJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value));
}
