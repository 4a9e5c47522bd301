/** What a place in a document that should hold text really holds: the text, nothing, or something that hides it. */

export type Text =
  | { kind: "text"; text: string }
  | { kind: "absent" }
  /** `computed`: the whole value exists only once the update has run (a preview's unknown), so it may be settled. */
  | { kind: "unknown"; reason: string; computed: boolean };

/**
 * What a Pulumi preview prints for a value it does not know yet, one per type of value
 * (pulumi/sdk/go/common/resource/plugin/rpc.go, `UnknownStringValue` and its neighbours).
 */
const sentinels = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/** What `pulumi preview` prints in place of a secret (display/json.go). */
const mask = "[secret]";

/** The key that marks a special object in Pulumi state, and its value for a secret (sdk/go/common/resource/sig). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Text that a template engine, a shell or a program left behind: it stands for a value and is none. */
const placeholder = /\$\{|\{\{|\$\(|<%|<computed>|\[unknown\]|Output<|Calling \[to(?:String|JSON)\]/u;

/** Why a value is missing that the engine prints as an unknown. */
export const unknownUntilUpdate = "it is known only once the update has run";

/** True for anything that is an object and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The reason why a value, of whatever type, is not shown; undefined for one that is. */
export function hiddenReason(value: unknown): { reason: string; computed: boolean } | undefined {
  if (typeof value === "string") {
    if (sentinels.some((sentinel) => value.includes(sentinel))) {
      // Beside it a text says more than whatever resource could settle.
      return { reason: unknownUntilUpdate, computed: sentinels.includes(value) };
    }
    if (value.includes(mask)) return { reason: "it is masked as a Pulumi secret", computed: false };
    return undefined;
  }
  if (isObject(value) && Object.hasOwn(value, signatureKey)) {
    if (reveal(value) !== value) return undefined;
    return { reason: "it is encrypted as a Pulumi secret", computed: false };
  }
  return undefined;
}

/** The value inside a secret of `pulumi stack export --show-secrets`, which holds it as JSON text; anything else as it is. */
export function reveal(value: unknown): unknown {
  if (!isObject(value) || value[signatureKey] !== secretSignature || typeof value.plaintext !== "string")
    return value;
  try {
    return JSON.parse(value.plaintext);
  } catch {
    return value;
  }
}

/** Reads a place that should hold text. Whole numbers count as text, because YAML and logs write versions so. */
export function readText(raw: unknown): Text {
  const value = reveal(raw);
  if (value === undefined || value === null || value === "") return { kind: "absent" };
  const hidden = hiddenReason(value);
  if (hidden !== undefined) return { kind: "unknown", ...hidden };
  if (typeof value === "string") {
    if (placeholder.test(value)) return { kind: "unknown", reason: "it is a placeholder", computed: false };
    return { kind: "text", text: value };
  }
  if (typeof value === "number" && Number.isSafeInteger(value)) return { kind: "text", text: String(value) };
  return { kind: "unknown", reason: "it is not text", computed: false };
}

/** The last part of a name such as `projects/P/locations/L/services/S/revisions/R`. */
export function lastSegment(value: unknown): string | undefined {
  const text = readText(value);
  return text.kind === "text" ? text.text.split("/").at(-1) : undefined;
}
