/** Who is granted what, on one secret or on a project: members, bindings and whole policies. */
import { z } from "zod";
import type { Grant, Part } from "../../policy/facts.ts";
import { absent, known, readReference, unknown } from "../reference.ts";
import { anything, Hidden } from "../shape.ts";
import { hiddenReason, readText, reveal } from "../text.ts";
import { locationOf } from "./location.ts";
import { projectOf } from "./projects.ts";
import { type Resource, type Stack, types } from "./resource.ts";
import { settler } from "./settle.ts";

/** The `policyData` of a policy resource: JSON text, as `getIAMPolicy` makes it. */
const PolicyData = z.object({
  bindings: z
    .array(z.object({ role: z.string(), members: z.array(z.string()).nullish(), condition: anything }))
    .nullish(),
});

const onSecret: ReadonlySet<string> = new Set([types.secretMember, types.secretBinding, types.secretPolicy]);

function part(value: unknown): Part {
  const text = readText(value);
  if (text.kind === "text") return known(text.text);
  return unknown(text.kind === "unknown" ? text.reason : "it is not there");
}

/** The provider takes a project's full name (`projects/ID`) for its ID in grants on it. */
function bareProject(project: Part): Part {
  return project.kind === "known"
    ? { ...project, value: project.value.replace(/^projects\//u, "") }
    : project;
}

/** Where a grant holds. */
function scope(
  resource: Resource,
  inputs: Record<string, unknown>,
  stack: Stack,
): Pick<Grant, "project" | "secret"> {
  if (above.has(resource.type)) {
    return {
      project: unknown("it is on a folder or an organisation, which may hold the project"),
      secret: absent,
    };
  }
  const project = projectOf(resource, stack);
  if (!onSecret.has(resource.type)) return { project: bareProject(project), secret: absent };
  const reference = readReference(inputs.secretId, undefined, {
    project,
    settler: settler(resource, "secretId", stack),
  });
  return { project: reference.project, secret: reference.secret };
}

function member(value: unknown, resource: Resource, property: string, stack: Stack): Part {
  const text = readText(value);
  if (text.kind !== "unknown" || !text.computed) return part(value);
  return settler(resource, property, stack).account("serviceAccount:");
}

/** The members of a binding; one part that is unknown where the list itself is hidden. */
function members(raw: unknown, resource: Resource, stack: Stack): Part[] {
  const value = reveal(raw);
  if (Array.isArray(value)) return value.map((each) => member(each, resource, "members", stack));
  return [unknown(hiddenReason(value)?.reason ?? "the list of members is not there")];
}

/** A condition that cannot be seen may be one, or none. */
function isConditional(condition: unknown): boolean | string {
  return hiddenReason(condition)?.reason ?? (condition !== undefined && condition !== null);
}

type Content = Pick<Grant, "role" | "members" | "conditional">;

function policyContent(raw: unknown): Content[] {
  const text = readText(raw);
  const hidden = (reason: string): Content[] => [
    { role: unknown(reason), members: [unknown(reason)], conditional: false },
  ];
  if (text.kind !== "text") return hidden(text.kind === "unknown" ? text.reason : "the policy is not there");
  let data: unknown;
  try {
    data = JSON.parse(text.text);
  } catch {
    return hidden("the policy is not valid JSON");
  }
  const policy = PolicyData.safeParse(data);
  if (!policy.success) return hidden("the policy is not shaped like one");
  const bindings = policy.data.bindings ?? [];
  // Without any it gives nothing, and takes away what others give all the same.
  if (bindings.length === 0) return [{ role: absent, members: [], conditional: false }];
  return bindings.map((binding) => ({
    role: part(binding.role),
    members: (binding.members ?? []).map(part),
    conditional: isConditional(binding.condition),
  }));
}

function contents(resource: Resource, inputs: Record<string, unknown>, stack: Stack): Content[] {
  const conditional = isConditional(inputs.condition);
  switch (resource.type) {
    case types.secretMember:
    case types.projectMember:
    case types.folderMember:
    case types.organizationMember:
      return [
        { role: part(inputs.role), members: [member(inputs.member, resource, "member", stack)], conditional },
      ];
    case types.secretBinding:
    case types.projectBinding:
    case types.folderBinding:
    case types.organizationBinding:
      return [{ role: part(inputs.role), members: members(inputs.members, resource, stack), conditional }];
    case types.projectMemberRemove:
      return [{ role: part(inputs.role), members: [], conditional }];
    default:
      return policyContent(inputs.policyData);
  }
}

/** On what may hold the project. */
const above: ReadonlySet<string> = new Set([
  types.folderMember,
  types.folderBinding,
  types.folderPolicy,
  types.organizationMember,
  types.organizationBinding,
  types.organizationPolicy,
]);

const grantTypes: ReadonlySet<string> = new Set([
  ...onSecret,
  ...above,
  types.projectMember,
  types.projectBinding,
  types.projectPolicy,
  types.projectMemberRemove,
]);

/**
 * What a grant takes from the others on the same secret or project. A removal takes a role from one member; that others
 * may keep it is not looked at.
 */
const exclusive: Readonly<Record<string, Grant["exclusive"]>> = {
  [types.secretBinding]: "role",
  [types.projectBinding]: "role",
  [types.projectMemberRemove]: "role",
  [types.secretPolicy]: "all",
  [types.projectPolicy]: "all",
};

/** Whether a resource grants anything that `readGrants` reads. */
export const isGrant = ({ type }: Pick<Resource, "type">): boolean => grantTypes.has(type);

/** A policy holds several grants, the other resources one each. */
export function readGrants(resource: Resource, stack: Stack): Grant[] {
  const { urn, inputs } = resource;
  const location = locationOf(resource, stack);
  if (inputs instanceof Hidden) {
    const nothing = unknown(inputs.reason);
    const secret = onSecret.has(resource.type) ? nothing : absent;
    return [
      { urn, project: nothing, secret, role: nothing, members: [nothing], conditional: false, location },
    ];
  }
  const takes = exclusive[resource.type];
  const where = { ...scope(resource, inputs, stack), ...(takes === undefined ? {} : { exclusive: takes }) };
  return contents(resource, inputs, stack).map((content) => ({ urn, ...where, ...content, location }));
}
