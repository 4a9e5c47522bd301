/**
 * The part of a template that holds containers. One shape for v1 and v2, as the API and as Pulumi write them: a
 * document of one shape may hold a reference in the other, and reading less would miss it.
 */
import { z } from "zod";
import { anything, Hidden, maskable } from "./shape.ts";
import { readText } from "./text.ts";

/** v1: `name` and `key`; v2: `secret` and `version`. */
const KeyRef = z.object({
  name: anything,
  key: anything,
  secret: anything,
  version: anything,
});

/** Loose, because a source beside the secret leaves open which of them counts. */
const Source = maskable(z.looseObject({ secretKeyRef: maskable(KeyRef) }));

/** A variable, as v1 or v2 write it. Other fields say that its value comes from somewhere else. */
export const Env = z.looseObject({
  name: anything,
  value: anything,
  /** v1 */
  valueFrom: Source,
  /** v2 */
  valueSource: Source,
});

const Mount = maskable(
  z.looseObject({ name: anything, mountPath: anything, subPath: anything, subPathExpr: anything }),
);

/** A container, as the APIs or Pulumi write it. */
export const ContainerShape = z.looseObject({
  name: anything,
  /** What the API says. */
  env: maskable(z.array(maskable(Env))),
  /** What Pulumi says. */
  envs: maskable(z.array(maskable(Env))),
  envFrom: maskable(z.array(z.unknown())),
  /** What Pulumi says. */
  envFroms: maskable(z.array(z.unknown())),
  volumeMounts: maskable(z.array(Mount)),
});

const Item = maskable(z.object({ path: anything, key: anything, version: anything }));

/** Loose, because a volume of another kind may hold a secret too. */
const VolumeShape = maskable(
  z.looseObject({
    name: anything,
    secret: maskable(z.object({ secret: anything, secretName: anything, items: maskable(z.array(Item)) })),
  }),
);

/** A volume, as the APIs or Pulumi write it. */
export type Volume = z.output<typeof VolumeShape>;

/** The part of a template that holds containers, in every kind of document. */
export const PodShape = z.looseObject({
  containers: maskable(z.array(maskable(ContainerShape))),
  /** Knative's, which run before the others. */
  initContainers: maskable(z.array(maskable(ContainerShape))),
  volumes: maskable(z.array(VolumeShape)),
  /** v1 */
  serviceAccountName: anything,
  /** v2 */
  serviceAccount: anything,
});
export type Pod = z.output<typeof PodShape>;

/** Thrown inside, and turned into unknown containers: something hides which variables there are. */
export class Undecidable extends Error {}

/** A value that must not be hidden. @throws Undecidable when it is */
export function shown<T>(value: T | Hidden | undefined, what: string): T | undefined {
  if (value instanceof Hidden) throw new Undecidable(`${what} is not shown: ${value.reason}`);
  return value;
}

/** The names of the fields that say something. Those such as `__defaults` are Pulumi's own. */
export function fieldsOf(value: object): string[] {
  return Object.entries(value).flatMap(([key, field]) =>
    key.startsWith("__") || field === undefined || field === null ? [] : [key],
  );
}

/**
 * A part of a template, if its fields are spelled as the APIs and Pulumi spell them: a tool that writes `volume_mounts`
 * would be read as if it had said nothing.
 *
 * @throws Undecidable when a field is spelled otherwise
 */
export function asKnown<T extends object>(part: T | undefined, what: string): T | undefined {
  if (fieldsOf(part ?? {}).some((field) => field.includes("_")))
    throw new Undecidable(`${what} is written in a way that is not known`);
  return part;
}

/** A name without which nothing can be said. @throws Undecidable when it is hidden, unknown or missing */
export function requiredName(raw: unknown, what: string): string {
  const text = readText(raw);
  if (text.kind === "text") return text.text;
  throw new Undecidable(
    text.kind === "unknown" ? `${what} is not known: ${text.reason}` : `${what} is missing`,
  );
}

/** Two places where the same thing may stand: undefined when both do and differ. */
export function either(a: unknown, b: unknown): { value: unknown } | undefined {
  const [first, second] = [readText(a), readText(b)];
  if (second.kind === "absent") return { value: a };
  if (first.kind === "absent") return { value: b };
  const equal = first.kind === "text" && second.kind === "text" && first.text === second.text;
  return equal ? { value: a } : undefined;
}
