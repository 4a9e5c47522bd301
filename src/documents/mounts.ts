/** The secrets mounted into a container as files. */
import type { z } from "zod";
import type { Location, Variable } from "../policy/facts.ts";
import { asKnown, type ContainerShape, either, type Pod, requiredName, shown, Undecidable } from "./pod.ts";
import { type ReferenceContext, readReference } from "./reference.ts";
import { readText } from "./text.ts";
import { type ShownSecret, secretOf, volumesByName } from "./volumes.ts";

/** Where a file of a volume lies in the container; undefined for one outside of the part that is mounted. */
function join(mountPath: string, part: string, path: string): string | undefined {
  const folder = mountPath.replace(/\/+$/u, "");
  const inside = path.replace(/^\/+/u, "");
  if (part === "") return `${folder}/${inside}`;
  if (part === inside) return folder;
  return inside.startsWith(`${part}/`) ? `${folder}${inside.slice(part.length)}` : undefined;
}

/** The file or the folder of a volume that is mounted; empty for all of it. */
function partOf(mount: { subPath?: unknown; subPathExpr?: unknown }): string {
  const text = readText(mount.subPath);
  if (text.kind === "unknown") {
    throw new Undecidable(`the sub-path of a volume mount is not known: ${text.reason}`);
  }
  // Kubernetes makes one of variables.
  if (readText(mount.subPathExpr).kind !== "absent") {
    throw new Undecidable("the sub-path of a volume mount is computed");
  }
  return text.kind === "text" ? text.text.replace(/^\/+|\/+$/gu, "") : "";
}

/** What is mounted where. */
interface Mounted {
  secret: ShownSecret;
  folder: string;
  part: string;
  location: Location;
}

/** The files of one secret. @throws Undecidable for a mount of none of them */
function filesOf({ secret, folder, part, location }: Mounted, context: ReferenceContext): Variable[] {
  const files: Variable[] = [];
  const named = either(secret.secret, secret.secretName);
  const add = (path: string, version: unknown) => {
    const name = join(folder, part, path);
    if (name === undefined) return;
    files.push({
      name,
      via: "file",
      value:
        named === undefined
          ? { kind: "unknown", reason: "its secret is written in two ways that differ" }
          : { kind: "reference", reference: readReference(named.value, version, context) },
      location,
    });
  };
  const items = shown(secret.items, "the list of files of a volume") ?? [];
  // Without items the volume exposes one file, called after the secret (Cloud Run v2, SecretVolumeSource.items).
  if (items.length === 0) {
    const secretName = requiredName(named?.value, "the secret of a volume");
    add(secretName.slice(secretName.lastIndexOf("/") + 1), undefined);
  }
  for (const entry of items) {
    const item = shown(entry, "a file of a volume");
    if (item === undefined) continue;
    const version = either(item.version, item.key);
    if (version === undefined) throw new Undecidable("a file of a volume names two versions");
    add(requiredName(item.path, "the path of a file of a volume"), version.value);
  }
  if (files.length === 0) throw new Undecidable("a volume mount names no file of its volume");
  return files;
}

/** The files that the secret volumes among a container's mounts put into it. */
export function mountedFiles(
  mounts: z.output<typeof ContainerShape>["volumeMounts"],
  volumes: Pod["volumes"],
  context: ReferenceContext,
  locate: (path: string) => Location,
): Variable[] {
  const list = shown(mounts, "the list of volume mounts") ?? [];
  // Volumes that nothing mounts may be hidden.
  if (list.length === 0) return [];
  const byName = volumesByName(volumes);
  return list.flatMap((entry, index) => {
    const mount = asKnown(shown(entry, "a volume mount"), "a volume mount");
    if (mount === undefined) return [];
    const secret = secretOf(byName.get(requiredName(mount.name, "the name of a volume mount")));
    if (secret === undefined) return [];
    const folder = requiredName(mount.mountPath, "the path of a volume mount");
    const location = locate(`volumeMounts[${index}]`);
    return filesOf({ secret, folder, part: partOf(mount), location }, context);
  });
}
