/** The version of the Pulumi engine, pinned in one place: the Go module that can build it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder with the `go.mod` and `go.sum` of the engine. */
export const modulePath = fileURLToPath(new URL("module/", import.meta.url));

/** The pinned version, such as `3.259.0`. */
export const engineVersion = readVersion(readFileSync(`${modulePath}go.mod`, "utf8"));

/** Reads the version out of the text of the `go.mod`. Throws when the requirement is not there. */
export function readVersion(text: string): string {
  const version = /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\d+\.\d+\.\d+)$/m.exec(text)?.[1];
  if (version === undefined) throw new Error("sandbox/engine/module/go.mod does not require pulumi/pkg/v3");
  return version;
}

/** True when an engine of version `found` does all that the pinned one does: the same major, not older. */
export function isRecentEnough(found: string, pinned: string = engineVersion): boolean {
  const [a, b] = [parts(found), parts(pinned)];
  if (a === undefined || b === undefined || a[0] !== b[0]) return false;
  return a[1] !== b[1] ? a[1] > b[1] : a[2] >= b[2];
}

/** A pre-release counts as older than nothing we know, so it is refused. */
function parts(version: string): [number, number, number] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(version.trim());
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}
