/** The containers of a template, sidecars included. */
import type { z } from "zod";
import type { Container, Location, Service } from "../policy/facts.ts";
import { mountedFiles } from "./mounts.ts";
import { asKnown, type ContainerShape, type Pod, shown, Undecidable } from "./pod.ts";
import type { ReferenceContext } from "./reference.ts";
import type { Hidden } from "./shape.ts";
import { readText } from "./text.ts";
import { readVariables } from "./variables.ts";

/** The location of a part of a template, by its path in it: `containers[0].env[3]`. */
export type Locate = (path: string) => Location;

function readContainer(
  shape: z.output<typeof ContainerShape>,
  volumes: Pod["volumes"],
  context: ReferenceContext,
  locate: Locate,
): Container {
  for (const from of [shape.envFrom, shape.envFroms]) {
    if ((shown(from, "the field envFrom") ?? []).length > 0) {
      throw new Undecidable("variables come from envFrom, which the document does not list");
    }
  }
  const name = readText(shape.name);
  return {
    ...(name.kind === "text" ? { name: name.text } : {}),
    variables: [
      ...readVariables(shape, context, locate),
      ...mountedFiles(shape.volumeMounts, volumes, context, locate),
    ],
  };
}

/** All containers of a template, sidecars included, or why the document does not hold them. */
export function readContainers(
  pod: Pod | Hidden | undefined,
  context: ReferenceContext,
  locate: Locate,
): Service["containers"] {
  try {
    const { containers, initContainers, volumes } = asKnown(shown(pod, "the template"), "the template") ?? {};
    const running = shown(containers, "the list of containers") ?? [];
    if (running.length === 0) return { kind: "unknown", reason: "the document names no container" };
    const all = {
      containers: running,
      initContainers: shown(initContainers, "the list of init containers") ?? [],
    };
    const found = Object.entries(all).flatMap(([list, entries]) =>
      entries.flatMap((entry, index) => {
        const container = asKnown(shown(entry, "a container"), "a container");
        if (container === undefined) return [];
        const read = readContainer(container, volumes, context, (path) =>
          locate(`${list}[${index}].${path}`),
        );
        return [list === "initContainers" ? { ...read, init: true as const } : read];
      }),
    );
    return found.length > 0 ? found : { kind: "unknown", reason: "the document names no container" };
  } catch (error) {
    if (error instanceof Undecidable) return { kind: "unknown", reason: error.message };
    throw error;
  }
}
