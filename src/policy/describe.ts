/** How messages print references, variables and lists. Names are verbatim: the writers in `src/reports` escape them. */
import { textOf, type What } from "./compare.ts";
import type { Part, Reference } from "./facts.ts";
import type { Carried } from "./variables.ts";

/** The last part of a URN, the name the program gave the resource. */
export function logicalName(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

function print(part: Part, what: What): string | undefined {
  if (part.kind === "settled") return `${logicalName(part.urn)} (by resource)`;
  return textOf(part, what) ?? (part.kind === "known" ? JSON.stringify(part.value) : undefined);
}

/** A secret: `netra-staging/jwt-secret-staging`; the project is left out where it is not known by its text. */
export function printSecret({ project, secret }: Pick<Reference, "project" | "secret">): string {
  const where = textOf(project, "project");
  return `${where === undefined ? "" : `${where}/`}${print(secret, "secret") ?? "(unknown secret)"}`;
}

/** A version, as it follows a secret: `@1`, `@latest`, or in words what the document leaves out. */
function printVersion(version: Part): string {
  if (version.kind === "absent") return " (no version)";
  return `@${print(version, "version") ?? "(unknown version)"}`;
}

/** A reference: `netra-staging/jwt-secret-staging@latest`. */
export function printReference(reference: Reference): string {
  return `${printSecret(reference)}${printVersion(reference.version)}`;
}

/** A variable by its name, a mounted file by its path. */
export function printCarried({ variable }: Pick<Carried, "variable">): string {
  return variable.via === "file" ? `the file ${variable.name}` : variable.name;
}

const most = 5;

/** `a`, `a and b`, `a, b and c`; a long list ends in a number. */
export function list(names: readonly string[]): string {
  const unique = [...new Set(names)];
  const shown = unique.length > most ? [...unique.slice(0, most), `${unique.length - most} more`] : unique;
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
