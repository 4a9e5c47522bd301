/** What the SDK keeps inside an Output: its value with the unknowns in it, and the resources it comes from. */
import * as pulumi from "@pulumi/pulumi";
import { containsUnknowns, isUnknown } from "@pulumi/pulumi/output.js";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";

/** An Output as the SDK makes it; the methods are there, its types leave some out. */
interface InnerOutput {
  promise(withUnknowns: boolean): Promise<unknown>;
  readonly isKnown: Promise<boolean>;
  resources(): Set<pulumi.Resource>;
  allResources(): Promise<Set<pulumi.Resource>>;
}

/** True for an Output whose inside can be looked at. */
export function isOutput(value: unknown): value is InnerOutput {
  return pulumi.Output.isInstance(value);
}

/** The resources that Outputs anywhere in a value are known to come from, without waiting for any. */
export function dependenciesIn(value: unknown): Set<pulumi.Resource> {
  const found = new Set<pulumi.Resource>();
  const visited = new Set<unknown>();
  const visit = (one: unknown): void => {
    if (typeof one !== "object" || one === null || visited.has(one)) return;
    visited.add(one);
    if (pulumi.Resource.isInstance(one)) found.add(one);
    else if (isOutput(one)) for (const resource of one.resources()) found.add(resource);
    else for (const inner of Object.values(one)) visit(inner);
  };
  visit(value);
  return found;
}

/** What is asked before an Output is waited for; throws when that could take for ever. */
export type MayWait = (from: ReadonlySet<pulumi.Resource>) => void;

/** Told of every Output on the way to a value. */
export interface Watching {
  readonly mayWait?: MayWait;
  readonly from?: Set<pulumi.Resource>;
}

/**
 * What an Output, a promise or a secret stands for; an unknown is Pulumi's sentinel text, as a preview prints it.
 * What is nested in it may still be any of them.
 */
export async function opened(value: unknown, watching: Watching = {}): Promise<unknown> {
  if (isOutput(value)) {
    watching.mayWait?.(value.resources());
    const inner = await value.promise(true);
    if (watching.from !== undefined) {
      for (const resource of await value.allResources()) watching.from.add(resource);
    }
    // What is computed from an unknown is not known, although nothing in it says so.
    if (!(await value.isKnown) && !containsUnknowns(inner)) return unknownValue;
    return opened(inner, watching);
  }
  if (value instanceof Promise) return opened(await value, watching);
  if (pulumi.runtime.isRpcSecret(value)) return opened(pulumi.runtime.unwrapRpcSecret(value), watching);
  // A resource in the place of text is no text, and may hold itself.
  if (pulumi.Resource.isInstance(value)) return false;
  return isUnknown(value) ? unknownValue : value;
}

/** The text that a value stands for; anything but text as it is. */
export async function plain(value: unknown): Promise<unknown> {
  return opened(value);
}
