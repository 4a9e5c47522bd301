/** What a preview would change, one row per resource. */
import type { PreviewDocument, Step } from "./document.ts";

export interface Change {
  op: "create" | "update" | "replace" | "delete" | "import" | "read";
  /** Short type, such as `Service`. */
  type: string;
  /** The resource's logical name. */
  name: string;
  /** The properties that change, by path; empty for what is made or deleted. */
  properties: string[];
}

/** The engine's operations (pulumi/pkg/resource/deploy/step.go), in the words of `Change`; what is not here changes nothing. */
const meaning: Readonly<Record<string, Change["op"]>> = {
  create: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  "import-replacement": "replace",
  "read-replacement": "replace",
  "delete-replaced": "replace",
  delete: "delete",
  discard: "delete",
  "read-discard": "delete",
  import: "import",
  read: "read",
};

const order: readonly Change["op"][] = ["delete", "replace", "update", "create", "import", "read"];

function changeOf(op: Change["op"], { urn, detailedDiff, diffReasons }: Step): Change {
  const [, , types = "", ...name] = urn.split("::");
  const detailed = Object.keys(detailedDiff ?? {});
  return {
    op,
    type: types.slice(types.lastIndexOf(":") + 1),
    name: name.join("::"),
    properties:
      op === "update" || op === "replace" ? (detailed.length > 0 ? detailed : [...(diffReasons ?? [])]) : [],
  };
}

/** The changes, what destroys first. A replacement is one change, however many steps it takes. */
export function changesOf(document: PreviewDocument): Change[] {
  const byUrn = new Map<string, Change>();
  for (const step of document.steps) {
    const op = meaning[step.op];
    if (op === undefined) continue;
    const known = byUrn.get(step.urn);
    const next = changeOf(op, step);
    // Part of a replacement, or the deletion of an old copy beside a change of the new one.
    const worse =
      known !== undefined && order.indexOf(known.op) < order.indexOf(next.op) ? known.op : next.op;
    const properties = [...new Set([...(known?.properties ?? []), ...next.properties])];
    byUrn.set(step.urn, { ...next, op: worse, properties });
  }
  return [...byUrn.values()].sort(
    (a, b) =>
      order.indexOf(a.op) - order.indexOf(b.op) ||
      a.type.localeCompare(b.type, "en") ||
      a.name.localeCompare(b.name, "en"),
  );
}
