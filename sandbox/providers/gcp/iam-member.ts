import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { CallError } from "../api.ts";
import type { Context, ResourceType } from "../resource.ts";
import { isPlainObject, type Properties, text } from "../values.ts";
import { field, given, named, parts, present, projectOf, unknowns, unlessMissing } from "./common.ts";

/** One role for one member on something with an IAM policy: the policy is read, changed and written back. */

const policySchema = z.object({
  etag: z.string(),
  bindings: z
    .array(z.object({ role: z.string(), members: z.array(z.string()), condition: z.json().optional() }))
    .default([]),
});
type IamPolicy = z.infer<typeof policySchema>;

/** How often a policy somebody else just changed is read again. */
const attempts = 10;

/** What distinguishes one kind of member resource from another. */
interface Kind {
  readonly token: string;
  /** In errors: `Error applying IAM policy for secretmanager secret "..."`. */
  readonly noun: string;
  /** The path of the API below which `:getIamPolicy` lies. */
  path(inputs: Properties, context: Context): string;
  /** Outputs that say what the member is on. */
  place(inputs: Properties, context: Context): Properties;
  /** Inputs of what an ID is about. */
  fromPath(path: string): Properties;
}

function iamMember(kind: Kind): ResourceType {
  async function change(
    inputs: Properties,
    context: Context,
    edit: (policy: IamPolicy) => boolean,
  ): Promise<string> {
    const path = kind.path(inputs, context);
    return await named("applying IAM policy for", kind.noun, resourceOf(path), () =>
      context.api.inTurn(path, async () => {
        for (let attempt = 1; ; attempt += 1) {
          const policy = policySchema.parse(await context.api.call("GET", `${path}:getIamPolicy`));
          if (!edit(policy)) return policy.etag;
          try {
            return field(
              await context.api.call("POST", `${path}:setIamPolicy`, { body: { policy } }),
              "etag",
            );
          } catch (cause) {
            if (!(cause instanceof CallError && cause.reason === "ABORTED") || attempt >= attempts)
              throw cause;
          }
        }
      }),
    );
  }

  return {
    token: kind.token,
    replaceOn: "all",
    same: (path, before, after) =>
      before !== undefined &&
      ["secretId", "name"].includes(path) &&
      lastPart(String(before)) === lastPart(String(after ?? before)),

    preview(inputs, context) {
      return { ...shown(inputs), ...kind.place(inputs, context), ...unknowns("etag") };
    },

    async create(inputs, context) {
      const { role, member } = grantOf(inputs);
      const etag = await change(inputs, context, (policy) => {
        const binding = bindingOf(policy, inputs);
        if (binding?.members.includes(member)) return false;
        if (binding) binding.members.push(member);
        else policy.bindings.push({ role, members: [member], ...conditionOf(inputs) });
        return true;
      });
      const id = `${resourceOf(kind.path(inputs, context))}/${role}/${member}`;
      return { id, outputs: { ...shown(inputs), ...kind.place(inputs, context), etag } };
    },

    async read(id, before, context) {
      const found = parts(
        id,
        /^(?<path>projects\/\S+?)(?:\/| )(?<role>(?:roles|projects\/[^/]+\/roles|organizations\/[^/]+\/roles)\/[\w.]+)(?:\/| )(?<member>\S+)$/,
        "{{resource}}/{{role}}/{{member}}",
      );
      const { path = "", role = "", member = "" } = found;
      const condition = before.inputs.condition;
      const inputs = { ...kind.fromPath(path), role, member, ...(condition !== undefined && { condition }) };
      const policy = await named("reading IAM policy for", kind.noun, path, () =>
        unlessMissing(() => context.api.call("GET", `${kind.path(inputs, context)}:getIamPolicy`)),
      );
      if (!policy) return undefined;
      const parsed = policySchema.parse(policy);
      if (!bindingOf(parsed, inputs)?.members.includes(member)) return undefined;
      const outputs = { ...shown(inputs), ...kind.place(inputs, context), etag: parsed.etag };
      return { id: `${path}/${role}/${member}`, inputs, outputs };
    },

    async update(_id, inputs, before) {
      // Every change replaces; only what means the same arrives here.
      return {
        ...before.outputs,
        ...shown(inputs),
        ...(before.outputs.etag !== undefined && { etag: before.outputs.etag }),
      };
    },

    async delete(_id, outputs, context) {
      const { member } = grantOf(outputs);
      const deleted = `deleted:${member}?uid=`;
      await unlessMissing(() =>
        change(outputs, context, (policy) => {
          const binding = bindingOf(policy, outputs);
          const left = binding?.members.filter((other) => other !== member && !other.startsWith(deleted));
          if (!binding || !left || left.length === binding.members.length) return false;
          binding.members = left;
          policy.bindings = policy.bindings.filter(({ members }) => members.length > 0);
          return true;
        }),
      );
    },
  };
}

/** gcp:secretmanager/secretIamMember:SecretIamMember. */
export const secretIamMemberType = iamMember({
  token: "gcp:secretmanager/secretIamMember:SecretIamMember",
  noun: "secretmanager secret",
  path: (inputs, context) => `/v1/${secretPath(inputs, context)}`,
  place: (inputs, context) => {
    const secretId = text(inputs.secretId);
    const project = projectOf(inputs, context);
    return { secretId: secretId === undefined ? null : secretPath(inputs, context), project };
  },
  fromPath: (path) => {
    const { project = "", secretId = "" } = parts(
      path,
      /^projects\/(?<project>[^/]+)\/secrets\/(?<secretId>[^/]+)$/,
      "projects/{{project}}/secrets/{{secret_id}}",
    );
    return { project, secretId };
  },
});

/** gcp:cloudrunv2/serviceIamMember:ServiceIamMember. */
export const serviceIamMemberType = iamMember({
  token: "gcp:cloudrunv2/serviceIamMember:ServiceIamMember",
  noun: "cloudrunv2 service",
  path: (inputs, context) => `/v2/${servicePath(inputs, context)}`,
  place: (inputs, context) => ({
    name: inputs.name ?? null,
    project: projectOf(inputs, context),
    location: text(inputs.location) ?? context.region ?? null,
  }),
  fromPath: (path) => {
    const {
      project = "",
      location = "",
      name = "",
    } = parts(
      path,
      /^projects\/(?<project>[^/]+)\/locations\/(?<location>[^/]+)\/services\/(?<name>[^/]+)$/,
      "projects/{{project}}/locations/{{location}}/services/{{name}}",
    );
    return { project, location, name };
  },
});

function secretPath(inputs: Properties, context: Context): string {
  const secretId = given(inputs, "secretId");
  return secretId.startsWith("projects/")
    ? secretId
    : `projects/${projectOf(inputs, context)}/secrets/${secretId}`;
}

function servicePath(inputs: Properties, context: Context): string {
  const name = given(inputs, "name");
  if (name.startsWith("projects/")) return name;
  const location = text(inputs.location) ?? context.region;
  if (location === undefined) throw new Error("location: required field is not set");
  return `projects/${projectOf(inputs, context)}/locations/${location}/services/${name}`;
}

function grantOf(inputs: Properties): { role: string; member: string } {
  return { role: given(inputs, "role"), member: given(inputs, "member") };
}

function conditionOf(inputs: Properties): { condition?: Properties } {
  return isPlainObject(inputs.condition) ? { condition: present(inputs.condition) } : {};
}

function bindingOf(policy: IamPolicy, inputs: Properties) {
  const { role } = grantOf(inputs);
  const { condition } = conditionOf(inputs);
  return policy.bindings.find(
    (binding) => binding.role === role && isDeepStrictEqual(binding.condition, condition),
  );
}

function shown(inputs: Properties): Properties {
  return { role: inputs.role ?? null, member: inputs.member ?? null, condition: inputs.condition ?? null };
}

function resourceOf(path: string): string {
  return path.replace(/^\/v\d\//, "");
}

function lastPart(name: string): string {
  return name.split("/").at(-1) ?? name;
}
