/** The Secrets and SecretVersions of a stack. */
import type { DeclaredSecret, DeclaredVersion, Part } from "../../policy/facts.ts";
import { Hidden } from "../shape.ts";
import { hiddenReason, isObject, readText, reveal } from "../text.ts";
import { locationOf } from "./location.ts";
import type { Resource, Stack } from "./resource.ts";
import { namedBy, secretOf, versionNumber } from "./settle.ts";

/** The label that is asked for, or one that only what is there shows: a provider's default, or one set by other hands. */
function environmentLabel({ inputs, outputs, settled }: Resource): Part {
  if (inputs instanceof Hidden) return { kind: "unknown", reason: inputs.reason };
  const seen = settled ? [outputs.effectiveLabels, outputs.pulumiLabels] : [];
  const labels = [inputs.labels, ...seen].map(environmentIn);
  return labels.find(({ kind }) => kind !== "absent") ?? { kind: "absent" };
}

function environmentIn(labels: unknown): Part {
  const hidden = hiddenReason(labels);
  if (hidden !== undefined) return { kind: "unknown", reason: hidden.reason };
  const shown = reveal(labels);
  const text = readText(isObject(shown) ? shown.environment : undefined);
  if (text.kind === "text") return { kind: "known", value: text.text };
  return text.kind === "absent" ? text : { kind: "unknown", reason: text.reason };
}

/** True for a value that is set, false for one that is not, a reason where nobody can tell. */
function isSet(value: unknown): boolean | string {
  const text = readText(value);
  return text.kind === "unknown" ? text.reason : text.kind === "text";
}

function expires(inputs: Record<string, unknown>): boolean | string {
  const both = [isSet(inputs.ttl), isSet(inputs.expireTime)];
  if (both.includes(true)) return true;
  return both.find((value) => typeof value === "string") ?? false;
}

/** A Secret of the stack. */
export function readSecret(resource: Resource, stack: Stack): DeclaredSecret {
  const { inputs } = resource;
  return {
    urn: resource.urn,
    ...namedBy(resource, stack),
    environment: environmentLabel(resource),
    protected: resource.protect,
    ...(resource.external ? { external: true } : {}),
    expires: inputs instanceof Hidden ? inputs.reason : expires(inputs),
    location: locationOf(resource, stack),
  };
}

/** What is configured, unless the state says the version was disabled or destroyed by other hands. */
function enabled({ inputs, outputs, settled, external }: Resource): boolean | string {
  // An update may enable a version again; no update brings a destroyed one back.
  if ((settled && outputs.enabled === false) || isSet(outputs.destroyTime) === true) return false;
  if (inputs instanceof Hidden) return inputs.reason;
  // What is only read has no inputs of its own that say so.
  if (external) return outputs.enabled === true || "it is only read here, and what was read does not show it";
  const value = reveal(inputs.enabled);
  if (typeof value === "boolean") return value;
  // Enabled is the provider's default.
  if (value === undefined || value === null) return true;
  return hiddenReason(value)?.reason ?? "it is neither true nor false";
}

/** The provider's default is DELETE; DISABLE and ABANDON keep the old version, and so does Pulumi's retainOnDelete. */
function destroyedOnReplacement({ inputs, retainOnDelete }: Resource): boolean | string {
  if (retainOnDelete) return false;
  if (inputs instanceof Hidden) return inputs.reason;
  const text = readText(inputs.deletionPolicy);
  if (text.kind === "unknown") return text.reason;
  if (text.kind === "absent" || text.text === "DELETE") return true;
  return text.text === "DISABLE" || text.text === "ABANDON"
    ? false
    : "it is no deletion policy of the provider";
}

/** A SecretVersion of the stack. A new one has no number yet and is known by its resource. */
export function readVersion(resource: Resource, stack: Stack): DeclaredVersion {
  return {
    urn: resource.urn,
    ...secretOf(resource, stack),
    version: (resource.fresh ? undefined : versionNumber(resource)) ?? { kind: "settled", urn: resource.urn },
    enabled: enabled(resource),
    destroyedOnReplacement: destroyedOnReplacement(resource),
    location: locationOf(resource, stack),
  };
}
