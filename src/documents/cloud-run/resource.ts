/** What a Cloud Run document yields, whichever version of the API wrote it. */
import type { Location, Part, Service, Serving } from "../../policy/facts.ts";
import { absent, known, readProjectName, unknown } from "../reference.ts";
import { Hidden } from "../shape.ts";
import { lastSegment, readText } from "../text.ts";

/** Where a value stands, for errors and locations. */
export interface Place {
  file: string;
  /** Its path in the document. */
  at: string;
  line: number;
  /** The line of any part of the document, by its path. */
  lineOf(path: string): number;
  /** Services that name no project share this one, whatever it is. */
  scope: string;
}

/** The location of a part of a service, by its path in it. */
export function locate({ file, at, lineOf }: Place, path: string): Location {
  return { file, line: lineOf(at === "" ? path : `${at}.${path}`) };
}

/** The project of a service that may not say it. */
export function projectPart(value: unknown, scope: string): Part {
  const text = readText(value);
  if (text.kind === "text") return readProjectName(text.text);
  if (text.kind === "unknown") return unknown(text.reason);
  return { kind: "unknown", reason: "the document does not say which project", scope };
}

/** The name a resource gives itself. */
export function namePart(value: unknown): Part {
  const text = readText(value);
  if (text.kind === "text") return known(text.text);
  return unknown(text.kind === "unknown" ? text.reason : "the document does not name it");
}

/** The runtime account, from the first of the fields that is there. */
export function accountPart(
  pod: { serviceAccount?: unknown; serviceAccountName?: unknown } | Hidden | undefined,
): Part {
  if (pod instanceof Hidden) return unknown(pod.reason);
  const text = readText(pod?.serviceAccount ?? pod?.serviceAccountName);
  if (text.kind === "text") return known(text.text);
  return text.kind === "absent" ? absent : unknown(text.reason);
}

/** How a message calls it. */
export function labelOf(name: Part, kind: Service["kind"], { line }: Place): string {
  return name.kind === "known" ? name.value : `the ${kind} at line ${line}`;
}

/** Why a status does not speak of a template that names its revision: the latest created is another. */
export function ofAnotherRevision(template: unknown, latestCreated: unknown): string | undefined {
  const [named, created] = [lastSegment(template), lastSegment(latestCreated)];
  return named === undefined || created === undefined || named === created
    ? undefined
    : `the status speaks of the revision ${created}, the template is of ${named}`;
}

/** What a status says of what serves; nothing where a worker pool's names no revision and no split. */
export function servingOf(kind: Service["kind"], serving: Serving | undefined): Serving | undefined {
  return kind === "workerPool" && Object.keys(serving ?? {}).length === 0 ? undefined : serving;
}
