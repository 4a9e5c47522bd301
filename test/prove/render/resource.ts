/** One resource of a stack, before it is a step of a preview or an entry of a state. */
import type { Status } from "../plan/planned.ts";
import { typeOf } from "../plan/resources.ts";
import type { JsonObject } from "./json.ts";

/** One resource of the stack, before it is a step of a preview or an entry of a state. */
export interface Resource {
  urn: string;
  status: Status;
  protect?: boolean;
  id: string;
  inputs: JsonObject;
  outputs: JsonObject;
  propertyDependencies: Record<string, string[]>;
}

/** As the engine marks a secret in a state. */
export const ciphertext: JsonObject = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:xpEsTluA86YCtY9k:C96jls1u98czvMJwO3IlZ7fRyf31IWhH0czXvgkYZ0i34jikfaT3EAYWv8xIso0z",
};

export function newState(resource: Resource, parent: string): JsonObject {
  return {
    urn: resource.urn,
    custom: true,
    type: typeOf(resource.urn),
    inputs: resource.inputs,
    parent,
    ...(resource.protect === undefined ? {} : { protect: resource.protect }),
    propertyDependencies: resource.propertyDependencies,
    sourcePosition: "project:///index.ts#23,10",
  };
}

/** What stands. Where the preview changes a resource, the references that it had were other ones. */
export function oldState(resource: Resource, parent: string, changing: boolean): JsonObject {
  const state = newState(resource, parent);
  const inputs =
    changing && resource.status === "update"
      ? JSON.parse(JSON.stringify(resource.inputs).replaceAll("jwt-", "outdated-"))
      : resource.inputs;
  return { ...state, inputs, id: resource.id, outputs: resource.outputs };
}
