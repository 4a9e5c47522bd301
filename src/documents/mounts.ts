/** The secrets mounted into a container as files. */
import type { z } from "zod";
import type { Location, Variable } from "../policy/facts.ts";
import {
  type ContainerShape,
  either,
  type Pod,
  requiredName,
  shown,
  Undecidable,
  type Volume,
} from "./pod.ts";
import { type ReferenceContext, readReference } from "./reference.ts";
import type { Hidden } from "./shape.ts";
import { readText } from "./text.ts";

function join(mountPath: string, subPath: string | undefined, path: string): string {
  const folder = mountPath.replace(/\/+$/u, "");
  if (subPath === path) return folder;
  const inside =
    subPath !== undefined && path.startsWith(`${subPath}/`) ? path.slice(subPath.length + 1) : path;
  return `${folder}/${inside.replace(/^\/+/u, "")}`;
}

/** The files that the secret volumes among a container's mounts put into it. */
export function mountedFiles(
  mounts: z.output<typeof ContainerShape>["volumeMounts"],
  volumes: Pod["volumes"],
  context: ReferenceContext,
  locate: (path: string) => Location,
): Variable[] {
  const files: Variable[] = [];
  const list = shown(mounts, "the list of volume mounts") ?? [];
  if (list.length === 0) return files;
  const byName = new Map<string, NonNullable<Exclude<z.output<typeof Volume>, Hidden>>>();
  for (const entry of shown(volumes, "the list of volumes") ?? []) {
    const volume = shown(entry, "a volume");
    if (volume !== undefined) byName.set(requiredName(volume.name, "the name of a volume"), volume);
  }
  for (const [index, entry] of list.entries()) {
    const mount = shown(entry, "a volume mount");
    if (mount === undefined) continue;
    const volume = byName.get(requiredName(mount.name, "the name of a volume mount"));
    const secret = shown(volume?.secret, "the secret of a volume");
    if (secret === undefined) continue;
    const folder = requiredName(mount.mountPath, "the path of a volume mount");
    const subPath = readText(mount.subPath);
    const named = either(secret.secret, secret.secretName);
    const add = (path: string, version: unknown) =>
      files.push({
        name: join(folder, subPath.kind === "text" ? subPath.text : undefined, path),
        via: "file",
        value:
          named === undefined
            ? { kind: "unknown", reason: "its secret is written in two ways that differ" }
            : { kind: "reference", reference: readReference(named.value, version, context) },
        location: locate(`volumeMounts[${index}]`),
      });
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
  }
  return files;
}
