/** What the engine does, as it does it: one line per resource that is made, changed or refused. */
import type { EngineEvent, OpMap, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { visible } from "../src/reports/escape.ts";

/** The sign and the word for each operation that is shown. */
const shown: Partial<Record<string, { sign: string; word: string }>> = {
  create: { sign: "+", word: "create" },
  "create-replacement": { sign: "+", word: "replace" },
  update: { sign: "~", word: "update" },
  delete: { sign: "-", word: "delete" },
  "delete-replaced": { sign: "-", word: "replaced" },
  import: { sign: "=", word: "import" },
  refresh: { sign: "?", word: "refresh" },
};

export interface Watched {
  /** How many resources met each operation; components and the engine's own scaffolding are not counted. */
  changes: OpMap;
  /** Errors, with the resource each concerns. */
  errors: string[];
  /** Warnings, each once. */
  warnings: string[];
}

/** Follows the engine's events and prints progress with `print`. Seconds are counted with `now` (milliseconds). */
export function watch(
  print: (line: string) => void,
  now: () => number = Date.now,
): { watched: Watched; onEvent: (event: EngineEvent) => void } {
  const watched: Watched = { changes: {}, errors: [], warnings: [] };
  const started = new Map<string, number>();
  const line = (metadata: StepEventMetadata, note: string) => {
    const { urn, op } = metadata;
    const look = shown[op];
    if (look === undefined || !isReal(metadata)) return;
    print(`  ${look.sign} ${typeOf(urn).padEnd(18)} ${nameOf(urn).padEnd(28)} ${note}`);
  };
  const onEvent = (event: EngineEvent) => {
    if (event.resourcePreEvent !== undefined) {
      started.set(event.resourcePreEvent.metadata.urn, now());
    } else if (event.resOutputsEvent !== undefined) {
      const { metadata, planning } = event.resOutputsEvent;
      const { urn, op } = metadata;
      if (isReal(metadata)) watched.changes[op] = (watched.changes[op] ?? 0) + 1;
      const seconds = (now() - (started.get(urn) ?? now())) / 1000;
      line(metadata, planning === true ? (shown[op]?.word ?? "") : `${seconds.toFixed(1)} s`);
    } else if (event.resOpFailedEvent !== undefined) {
      line(event.resOpFailedEvent.metadata, "failed");
    } else if (event.policyEvent !== undefined) {
      const { policyName, enforcementLevel, message } = event.policyEvent;
      // The first line is the policy's description; what follows says what is wrong here.
      const [, ...found] = message.trim().split("\n");
      const named = `${visible(policyName)}: ${plain(found.length === 0 ? message : found.join("\n"))}`;
      const list = enforcementLevel === "mandatory" ? watched.errors : watched.warnings;
      if (!list.includes(named)) list.push(named);
    } else if (event.diagnosticEvent !== undefined) {
      const { severity, message, urn, ephemeral } = event.diagnosticEvent;
      if (ephemeral === true) return;
      const text = plain(message);
      const named = urn === undefined || urn === "" || isScaffold(urn) ? text : `${nameOf(urn)}: ${text}`;
      // An error that holds an earlier one whole is what came of it on its way through the SDK and the engine.
      if (severity === "error" && !watched.errors.some((earlier) => named.includes(earlier))) {
        watched.errors.push(named);
      }
      const cutOff = /update resources with (\d+) pending operations/.exec(text);
      if (cutOff !== null) {
        print(`  ${cutOff[1]} operations were cut off last time: what they made is found and taken over`);
      } else if (severity === "warning" && !watched.warnings.includes(named)) {
        watched.warnings.push(named);
      }
      if (severity === "info#err" && text !== "") print(`    ${named}`);
    }
  };
  return { watched, onEvent };
}

/** `gcp:secretmanager/secret:Secret` of a URN as `Secret`. */
export function typeOf(urn: string): string {
  return visible(urn.split("::")[2]?.split("$").at(-1)?.split(":").at(-1) ?? urn);
}

/** The logical name of a URN. */
export function nameOf(urn: string): string {
  return visible(urn.split("::").slice(3).join("::") || urn);
}

/** Something that exists in the cloud, and not a component, a stack or a provider. */
function isReal({ urn, new: after, old: before }: StepEventMetadata): boolean {
  return !isScaffold(urn) && (after ?? before)?.custom === true;
}

/** Stacks and providers are the engine's own scaffolding. */
function isScaffold(urn: string): boolean {
  return urn.includes("::pulumi:pulumi:Stack::") || urn.includes("::pulumi:providers:");
}

/** The engine's colour marks (`<{%reset%}>`) removed, and one line made of several. */
function plain(message: string): string {
  return visible(
    message
      .replaceAll(/<\{%[^%]*%\}>/g, "")
      .trim()
      .replaceAll(/\s*\n\s*/g, " "),
  );
}
