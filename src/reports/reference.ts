/** References in words. */
import type { ReportedReference, ReportedVariable } from "../policy/report.ts";

/** A URN says more than people need: `(Secret jwt-secret)` of `urn:pulumi:...:Secret::jwt-secret`. */
function part(text: string): string {
  if (!text.startsWith("urn:pulumi:")) return text;
  const [type = "", ...name] = text.split("::").slice(2);
  return `(${type.slice(type.lastIndexOf(":") + 1)} ${name.join("::")})`;
}

/** `project/secret@version`; a project that the document does not tell is left out, a secret or version is said to be. */
export function referenceText({ project, secret, version }: ReportedReference): string {
  const where = project === null ? "" : `${part(project)}/`;
  const what = secret === null ? "(unknown secret)" : part(secret);
  return `${where}${what}${version === null ? " (no known version)" : `@${part(version)}`}`;
}

/** Said of a reference that was an unknown in the document; the program may still compute with it. */
export const settledText = "settled by dependency";

/** What a variable carries, in words. */
export function carriedText(variable: ReportedVariable): string {
  if (variable.reference !== null) return referenceText(variable.reference);
  return variable.state === "literal" ? "a literal value" : "unknown";
}
