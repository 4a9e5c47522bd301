import type { JsonObject } from "../../cloud/state.ts";
import { CallError } from "../api.ts";
import type { Context } from "../resource.ts";
import { isPlainObject, type Properties, text, UNKNOWN, type Value } from "../values.ts";

/** What the resource types of the gcp provider have in common. */

/** The project of a resource: its own, else the provider's. @throws Error in the real provider's words. */
export function projectOf(inputs: Properties, context: Context): string {
  const project = text(inputs.project) ?? context.project;
  if (project === undefined) {
    throw new Error(
      "Failed to retrieve project, pid: , err: project: required field is not set; set it with `pulumi config set gcp:project PROJECT`",
    );
  }
  return project;
}

/** A text input that `check` has required. */
export function given(inputs: Properties, name: string): string {
  const value = text(inputs[name]);
  if (value === undefined) throw new Error(`${name}: required field is not set`);
  return value;
}

/** Runs an operation; its failure names what it was about: `Error creating Secret "x": googleapi: Error 503: ...`. */
export async function named<T>(
  doing: string,
  kind: string,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof CallError)) throw cause;
    throw new CallError(
      `Error ${doing} ${kind} ${JSON.stringify(name)}: ${cause.message}`,
      cause.status,
      cause.reason,
    );
  }
}

/** Runs a call; undefined when what it asks for does not exist. */
export async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof CallError && cause.status === 404) return undefined;
    throw cause;
  }
}

/** Whether a delete must do nothing. @throws Error when `deletionPolicy` forbids it. */
export function abandoned(kind: string, name: string, outputs: Properties): boolean {
  if (outputs.deletionPolicy === "PREVENT") {
    throw new Error(`Cannot destroy ${kind} ${JSON.stringify(name)} as deletion_policy is set to PREVENT`);
  }
  return outputs.deletionPolicy === "ABANDON";
}

/** The outputs that mirror a resource's labels. */
export function labelOutputs(inputs: Properties, all: Value | undefined): Properties {
  return {
    labels: inputs.labels ?? null,
    pulumiLabels: inputs.labels ?? {},
    effectiveLabels: all ?? inputs.labels ?? {},
  };
}

/** An answer of the API as property values. */
export function properties(answer: JsonObject): Properties {
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, value]));
}

/** A field of an answer as text; "" when it is missing. */
export function field(answer: JsonObject, name: string): string {
  const value = answer[name];
  return typeof value === "string" ? value : "";
}

/** The parts of a name, by a pattern with named groups. @throws Error naming the form it should have. */
export function parts(name: string, pattern: RegExp, form: string): Record<string, string> {
  const groups = pattern.exec(name)?.groups;
  if (!groups) throw new Error(`${JSON.stringify(name)} does not fit the format ${form}`);
  return groups;
}

export function unknowns(...names: string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, UNKNOWN]));
}

/** Leaves out what is null or undefined. */
export function present(values: Record<string, Value | undefined>): Properties {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, value]],
    ),
  );
}

export function objectOf(value: Value | undefined): Properties {
  return isPlainObject(value) ? value : {};
}
