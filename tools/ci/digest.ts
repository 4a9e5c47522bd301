/**
 * What identifies a reviewed preview: two previews with one digest would do the same to the same state. It stands in
 * for the engine's update plan between jobs, because a plan holds the ciphertext of every secret of the stack
 * (docs/decisions/0023-plans-stay-on-the-runner.md), and this holds none.
 */
import { createHash } from "node:crypto";
import type { PreviewDocument } from "./document.ts";

/** Differs from run to run, or from checkout to checkout, and changes nothing. */
const incidental: ReadonlySet<string> = new Set([
  "created",
  "modified",
  "sourcePosition",
  "stackTrace",
  "outputs",
]);
/** Lists whose order means nothing to the engine. */
const sets: ReadonlySet<string> = new Set([
  "dependencies",
  "propertyDependencies",
  "additionalSecretOutputs",
]);

function canonical(value: unknown, isSet = false): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item));
    return isSet ? items.map((item) => JSON.stringify(item)).sort() : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !incidental.has(key) && inner !== null && inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner, isSet || sets.has(key))]),
  );
}

/** SHA-256 in hexadecimal of everything a preview would do, secret values aside (a preview masks them). */
export function digestOf(document: PreviewDocument): string {
  const steps = document.steps.map((step) => JSON.stringify(canonical(step))).sort();
  const summary = canonical(document.changeSummary ?? {});
  return createHash("sha256")
    .update(JSON.stringify([canonical(document.config ?? {}), summary, steps]))
    .digest("hex");
}
