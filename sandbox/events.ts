/** What the engine does, as it does it: one line per resource that is made, changed or refused. */
import type { EngineEvent, OpMap } from "@pulumi/pulumi/automation/index.js";
import { printable } from "../src/reports/escape.ts";

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
  /** How many resources met each operation; known when the operation ended. */
  changes: OpMap | undefined;
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
  const watched: Watched = { changes: undefined, errors: [], warnings: [] };
  const started = new Map<string, number>();
  const line = (urn: string, op: string, note: string) => {
    const look = shown[op];
    if (look === undefined || isScaffold(urn)) return;
    print(`  ${look.sign} ${typeOf(urn).padEnd(18)} ${nameOf(urn).padEnd(28)} ${note}`);
  };
  const onEvent = (event: EngineEvent) => {
    if (event.resourcePreEvent !== undefined) {
      started.set(event.resourcePreEvent.metadata.urn, now());
    } else if (event.resOutputsEvent !== undefined) {
      const { urn, op } = event.resOutputsEvent.metadata;
      const seconds = (now() - (started.get(urn) ?? now())) / 1000;
      const planned = event.resOutputsEvent.planning === true;
      line(urn, op, planned ? (shown[op]?.word ?? "") : `${seconds.toFixed(1)} s`);
    } else if (event.resOpFailedEvent !== undefined) {
      const { urn, op } = event.resOpFailedEvent.metadata;
      line(urn, op, "failed");
    } else if (event.diagnosticEvent !== undefined) {
      const { severity, message, urn, ephemeral } = event.diagnosticEvent;
      if (ephemeral === true) return;
      const text = plain(message);
      const named = urn === undefined || urn === "" || isScaffold(urn) ? text : `${nameOf(urn)}: ${text}`;
      if (severity === "error" && !watched.errors.includes(named)) watched.errors.push(named);
      if (severity === "warning" && !watched.warnings.includes(named)) watched.warnings.push(named);
      if (severity === "info#err" && text !== "") print(`    ${named}`);
    } else if (event.summaryEvent !== undefined) {
      watched.changes = event.summaryEvent.resourceChanges;
    }
  };
  return { watched, onEvent };
}

/** `gcp:secretmanager/secret:Secret` of a URN as `Secret`. */
export function typeOf(urn: string): string {
  return printable(urn.split("::")[2]?.split("$").at(-1)?.split(":").at(-1) ?? urn);
}

/** The logical name of a URN. */
export function nameOf(urn: string): string {
  return printable(urn.split("::").slice(3).join("::") || urn);
}

/** Stacks and providers are the engine's own scaffolding. */
function isScaffold(urn: string): boolean {
  return urn.includes("::pulumi:pulumi:Stack::") || urn.includes("::pulumi:providers:");
}

/** The engine's colour marks (`<{%reset%}>`) removed, and one line made of several. */
function plain(message: string): string {
  return printable(
    message
      .replaceAll(/<\{%[^%]*%\}>/g, "")
      .trim()
      .replaceAll(/\s*\n\s*/g, " "),
  );
}
