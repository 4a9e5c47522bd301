/** Which Google Cloud project a resource lies in, and which IDs and numbers are of one project. */
import type { Part } from "../../policy/facts.ts";
import { known, readSecretName } from "../reference.ts";
import { Hidden } from "../shape.ts";
import { readText } from "../text.ts";
import { type Resource, type Stack, types } from "./resource.ts";
import { parseUrn } from "./urn.ts";

export interface Project {
  id: string;
  number: string;
}

function fromText(value: unknown): Part | undefined {
  const text = readText(value);
  if (text.kind === "text") return known(text.text);
  return text.kind === "unknown" ? { kind: "unknown", reason: text.reason } : undefined;
}

/** A provider's URN and ID, as resources name it: `URN::ID`. */
function providerUrn(reference: string): string {
  return reference.slice(0, Math.max(0, reference.lastIndexOf("::")));
}

function providerProject(resource: Resource, stack: Stack): Part {
  const urn = providerUrn(resource.provider ?? "");
  const provider = stack.resources.get(urn);
  const given =
    provider === undefined
      ? undefined
      : provider.inputs instanceof Hidden
        ? fromText(provider.inputs)
        : (fromText(provider.inputs.project) ?? fromText(provider.outputs.project));
  if (given !== undefined) return given;
  // A default provider takes the stack's configuration; one made by the program does not, whatever it is called. The
  // engine names its own after their version: `default_9_35_0` (seen with engine 3.259).
  const isDefault = urn === "" || /^default(?:_[0-9].*)?$/u.test(parseUrn(urn)?.logicalName ?? "");
  const configured = isDefault ? fromText(stack.config["gcp:project"]) : undefined;
  return (
    configured ?? {
      kind: "unknown",
      reason: "the document does not say which project",
      scope: isDefault ? `${stack.file}#${stack.name ?? ""}` : `${stack.file}#${urn}`,
    }
  );
}

/** The project a resource lies in: its own input, what it already has, else its provider's. */
export function projectOf(resource: Resource, stack: Stack): Part {
  if (resource.inputs instanceof Hidden) return { kind: "unknown", reason: resource.inputs.reason };
  return (
    fromText(resource.inputs.project) ??
    fromText(resource.outputs.project) ??
    providerProject(resource, stack)
  );
}

const isNumber = (project: string): boolean => /^\d+$/u.test(project);

function pair(one: Part, other: Part): Project | undefined {
  if (one.kind !== "known" || other.kind !== "known") return undefined;
  if (isNumber(one.value) === isNumber(other.value)) return undefined;
  return isNumber(one.value)
    ? { id: other.value, number: one.value }
    : { id: one.value, number: other.value };
}

function projectIn(value: unknown): Part {
  const text = readText(value);
  if (text.kind !== "text") return { kind: "absent" };
  return readSecretName(text.text, { kind: "absent" }).project;
}

/**
 * Pairs the document shows: a Secret's ID carries the project's ID and its name the number (seen with the provider),
 * a SecretVersion's input and name do, and a Project resource says both.
 */
export function readProjects(stack: Stack): Project[] {
  const pairs = new Map<string, Project>();
  const add = (found: Project | undefined) => found && pairs.set(`${found.id} ${found.number}`, found);
  for (const resource of stack.resources.values()) {
    const { inputs, outputs } = resource;
    if (inputs instanceof Hidden) continue;
    if (resource.type === types.secret) {
      add(pair(projectIn(outputs.id), projectIn(outputs.name)));
      add(pair(projectOf(resource, stack), projectIn(outputs.name)));
    } else if (resource.type === types.version) {
      add(pair(projectIn(inputs.secret), projectIn(outputs.name)));
    } else if (resource.type === types.project) {
      const id = fromText(inputs.projectId) ?? fromText(outputs.projectId);
      const number = fromText(outputs.number);
      if (id !== undefined && number !== undefined) add(pair(id, number));
    }
  }
  return [...pairs.values()];
}
