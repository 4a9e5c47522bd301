/** Where a finding stands in a file that a reviewer can open. */
import { isAbsolute, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Location } from "../policy/facts.ts";

export interface Position {
  /** Relative to the root, with `/`, where it lies inside; as given otherwise. */
  path: string;
  /** From 1. */
  line?: number;
  /** From 1. */
  column?: number;
}

/** `project:///index.ts#23,10`; inline programs print `project:///file:/abs/index.ts%3Fn#12,10`. */
const pulumiPosition = /^project:\/\/\/(?<path>[^#]+)#(?<line>[1-9]\d{0,8})(?:,(?<column>[1-9]\d{0,8}))?$/u;

/** The path below the root, or undefined when it lies elsewhere. */
function below(root: string, path: string): string | undefined {
  const found = relative(root, resolve(root, path));
  if (found === "" || isAbsolute(found) || found === ".." || found.startsWith(`..${sep}`)) return undefined;
  return found.split(sep).join("/");
}

/**
 * A `sourcePosition` comes out of the document, so it is believed only when it names a file below the root:
 * a document must not point an annotation, or the tool that opens it, at any file it likes.
 */
function inSource(sourcePosition: string, root: string): Position | undefined {
  const groups = pulumiPosition.exec(sourcePosition)?.groups;
  if (groups?.path === undefined) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(groups.path).replace(/\?.*$/su, "");
  } catch {
    return undefined;
  }
  path = path.replace(/^file:\/*(?=\/)/u, "");
  if (path.includes("\\") || /^[a-z][a-z+.-]*:/iu.test(path) || /\p{C}/u.test(path)) return undefined;
  const inside = below(root, path);
  if (inside === undefined) return undefined;
  return {
    path: inside,
    line: Number(groups.line),
    ...(groups.column === undefined ? {} : { column: Number(groups.column) }),
  };
}

/**
 * The best position a location gives: the line of the program that made the resource, else the line of the document.
 * @param root The folder that relative paths count from.
 */
export function positionOf(
  location: Location | undefined,
  root: string = process.cwd(),
): Position | undefined {
  if (location === undefined) return undefined;
  const source = location.sourcePosition === undefined ? undefined : inSource(location.sourcePosition, root);
  if (source !== undefined) return source;
  if (location.file === undefined) return undefined;
  const path = below(root, location.file) ?? location.file;
  return location.line === undefined ? { path } : { path, line: location.line };
}

/** The path as a URI reference: relative where it can be, `file:` for a path outside the root. */
export function uriOf(path: string, root: string = process.cwd()): string {
  const whole = path.toWellFormed();
  if (isAbsolute(whole) || whole.split("/").includes("..")) return pathToFileURL(resolve(root, whole)).href;
  return whole.split("/").map(encodeURIComponent).join("/");
}

/** `index.ts:23:10`, for people and for terminals that make links of it. */
export function positionText({ path, line, column }: Position): string {
  return [path, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(":");
}

/** Where a finding is, in words: the source line and the document, or the resource where there is neither. */
export function locationText(location: Location | undefined, root?: string): string | undefined {
  const position = positionOf(location, root);
  if (location === undefined || position === undefined) return location?.urn;
  const document = location.file === undefined ? undefined : positionOf({ file: location.file }, root)?.path;
  const text = positionText(position);
  return document === undefined || document === position.path ? text : `${text} (in ${document})`;
}
