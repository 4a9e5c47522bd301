/** The annotation through which v1 documents name secrets of other projects. */
import { type known, type ReferenceContext, readSecretName, unknown } from "./reference.ts";
import { Hidden } from "./shape.ts";
import { readText } from "./text.ts";

const annotation = "run.googleapis.com/secrets";

/**
 * Reads `run.googleapis.com/secrets: "alias:projects/P/secrets/S,..."` from a template's annotations.
 * One entry that cannot be read makes every short name doubtful, because each may be its alias.
 */
export function readAliases(
  annotations: Record<string, unknown> | Hidden | undefined,
): NonNullable<ReferenceContext["aliases"]> {
  if (annotations instanceof Hidden)
    return { unreadable: `the annotations are not shown: ${annotations.reason}` };
  const text = readText(annotations?.[annotation]);
  if (text.kind === "absent") return { known: new Map() };
  if (text.kind === "unknown")
    return { unreadable: `the annotation ${annotation} is not shown: ${text.reason}` };
  const aliases = new Map<string, { project: ReturnType<typeof known>; secret: ReturnType<typeof known> }>();
  for (const entry of text.text.split(",").map((part) => part.trim())) {
    if (entry === "") continue;
    const colon = entry.indexOf(":");
    const alias = entry.slice(0, colon).trim();
    const target = readSecretName(entry.slice(colon + 1).trim(), unknown("the alias names no project"));
    if (colon <= 0 || target.version !== undefined) {
      return { unreadable: `the annotation ${annotation} cannot be read` };
    }
    const before = aliases.get(alias);
    const twice = before !== undefined && JSON.stringify(before) !== JSON.stringify(target);
    const conflict = unknown(`the annotation ${annotation} gives the alias two meanings`);
    aliases.set(alias, twice ? { project: conflict, secret: conflict } : target);
  }
  return { known: aliases };
}
