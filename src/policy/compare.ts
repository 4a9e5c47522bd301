/** Are two parts, two secrets, two references the same? "Undetermined" wherever the documents do not hold the answer. */
import type { Environment, Part, Reference } from "./facts.ts";

export type Comparison = { kind: "same" } | { kind: "different" } | { kind: "undetermined"; reason: string };

/** Which part of a reference is meant: it decides what its text may look like. */
export type What = "project" | "secret" | "version";

type Projects = Environment["projects"];

const same: Comparison = { kind: "same" };
const different: Comparison = { kind: "different" };
const undetermined = (reason: string): Comparison => ({ kind: "undetermined", reason });

/**
 * What the platform allows each part to look like. Text outside of it (`${SECRET}`, `[secret]`) is a placeholder, and so
 * is `__SECRET__`, which it allows: equal placeholders prove nothing.
 * Source: Secret Manager's reference for `secretId` and `versionAliases`; Resource Manager's for project IDs, where
 * older ones carry a domain and a colon.
 */
const readable: Record<What, RegExp> = {
  project: /^[a-z0-9][a-z0-9.:-]*$/,
  secret: /^(?!__.+__$)[A-Za-z0-9_-]{1,255}$/,
  version: /^(?!__.+__$)[A-Za-z0-9_-]{1,63}$/,
};

/** The text of a part, when the document holds it and it is not a placeholder. */
export function textOf(part: Part, what: What): string | undefined {
  return part.kind === "known" && readable[what].test(part.value) ? part.value : undefined;
}

/** Why the text of a part is not known, as a clause for a message. */
export function whyUnknown(part: Part, what: What): string {
  switch (part.kind) {
    case "known":
      return `"${part.value}" is not the name of a ${what}`;
    case "settled":
      return `the ${what} is known by its resource alone`;
    case "absent":
      return `the ${what} is left out`;
    case "unknown":
      return part.reason.replace(/\.\s*$/, "");
  }
}

/** Several comparisons that must all hold: one difference is enough to differ. */
export function all(comparisons: readonly Comparison[]): Comparison {
  if (comparisons.some((one) => one.kind === "different")) return different;
  return comparisons.find((one) => one.kind === "undetermined") ?? same;
}

function compareParts(a: Part, b: Part, what: What): Comparison {
  const [left, right] = [textOf(a, what), textOf(b, what)];
  if (left !== undefined && right !== undefined) return left === right ? same : different;
  if (a.kind === "settled" && b.kind === "settled") {
    if (a.urn === b.urn) return same;
    // Two resources are two secrets or two versions, but they may well lie in one project.
    return what === "project" ? undetermined("the projects are known by their resources alone") : different;
  }
  if (a.kind === "unknown" && b.kind === "unknown" && a.scope !== undefined && a.scope === b.scope)
    return same;
  return undetermined(whyUnknown(left === undefined ? a : b, what));
}

const isNumber = (project: string): boolean => /^[0-9]+$/.test(project);

/** Two projects. An ID and a number are one project only when `projects` matches them. */
export function compareProjects(a: Part, b: Part, projects: Projects): Comparison {
  const [left, right] = [textOf(a, "project"), textOf(b, "project")];
  if (left === undefined || right === undefined || isNumber(left) === isNumber(right)) {
    return compareParts(a, b, "project");
  }
  const [id, number] = isNumber(left) ? [right, left] : [left, right];
  if (projects.some((one) => one.id === id && one.number === number)) return same;
  if (projects.some((one) => one.id === id || one.number === number)) return different;
  return undetermined(
    `nothing shown tells whether project ${id} has the number ${number}; --project ${id}=${number} would`,
  );
}

/** Two secrets: one only when project and secret are. Different names are different secrets in any project. */
export function compareSecrets(
  a: Pick<Reference, "project" | "secret">,
  b: Pick<Reference, "project" | "secret">,
  projects: Projects,
): Comparison {
  return all([compareParts(a.secret, b.secret, "secret"), compareProjects(a.project, b.project, projects)]);
}

/** Two versions as they are written: `latest` and `1` differ, although they may mean the same at times. */
export function compareVersions(a: Part, b: Part): Comparison {
  return compareParts(a, b, "version");
}

/** Two references: project, secret and version. */
export function compareReferences(a: Reference, b: Reference, projects: Projects): Comparison {
  return all([compareSecrets(a, b, projects), compareVersions(a.version, b.version)]);
}

/**
 * Whether a version stays what it is: a number, or a SecretVersion resource, which is one version.
 * `latest`, an alias and a version left out move.
 */
export function pinning(version: Part): "pinned" | "moving" | "unknown" {
  if (version.kind === "settled") return "pinned";
  if (version.kind === "absent") return "moving";
  const text = textOf(version, "version");
  if (text === undefined) return "unknown";
  return /^[1-9][0-9]*$/.test(text) ? "pinned" : "moving";
}
