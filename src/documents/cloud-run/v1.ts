/** Cloud Run's v1 shape (Knative): what `gcloud run services describe|list` prints, and what people keep in YAML. */
import { z } from "zod";
import type { Service } from "../../policy/facts.ts";
import { readAliases } from "../aliases.ts";
import { readContainers } from "../containers.ts";
import { PodShape } from "../pod.ts";
import { readNamespace } from "../reference.ts";
import { anything, Hidden, maskable, parseShape } from "../shape.ts";
import { isObject, readText } from "../text.ts";
import { accountPart, labelOf, locate, namePart, type Place, projectPart, servingOf } from "./resource.ts";
import { type Live, readServing, Status } from "./v1-serving.ts";

const Texts = maskable(z.record(z.string(), z.unknown()));
const Metadata = maskable(
  z.object({
    name: anything,
    namespace: anything,
    generation: anything,
    labels: Texts,
    annotations: Texts,
  }),
);
const Pod = maskable(PodShape);
const Template = maskable(z.object({ metadata: Metadata, spec: Pod }));

const Head = { metadata: Metadata, status: Status };
/** One shape per kind: where the containers stand. */
const shapes = {
  Service: z.object({
    ...Head,
    spec: maskable(z.object({ template: Template, traffic: anything, instanceSplits: anything })),
  }),
  Revision: z.object({ ...Head, spec: Pod }),
  Job: z.object({
    ...Head,
    // Job > execution template > task template.
    spec: maskable(
      z.object({
        template: maskable(
          z.object({ metadata: Metadata, spec: maskable(z.object({ template: Template })) }),
        ),
      }),
    ),
  }),
} as const;

const kinds: Readonly<Record<string, Service["kind"]>> = {
  Service: "service",
  Revision: "revision",
  Job: "job",
  WorkerPool: "workerPool",
};

/** True for an object of a kind that runs containers; `kind: Service` of Kubernetes itself does not. */
export function isV1(value: unknown): value is Record<string, unknown> {
  if (!isObject(value) || typeof value.kind !== "string" || !Object.hasOwn(kinds, value.kind)) return false;
  const version = value.apiVersion;
  if (version === undefined || version === null) return isObject(value.spec);
  return typeof version === "string" && /^(?:serving\.knative\.dev|run\.googleapis\.com)\//u.test(version);
}

/** What lies inside, or the `Hidden` that hides it. */
function inside<T extends object, U>(
  value: T | Hidden | undefined,
  next: (value: T) => U,
): U | Hidden | undefined {
  if (value === undefined) return undefined;
  return value instanceof Hidden ? value : next(value);
}

interface Body {
  metadata: z.output<typeof Metadata>;
  pod: z.output<typeof Pod>;
  /** The path of the pod. */
  path: string;
  /** Of the template, where the secrets' aliases are. */
  annotations: z.output<typeof Texts>;
  /** Of a service or a worker pool. */
  live?: Live;
}

function readBody(value: Record<string, unknown>, place: Place): Body {
  const parse = <S extends z.ZodType>(schema: S) => parseShape(schema, value, place.file, place.at);
  const annotationsOf = (metadata: z.output<typeof Metadata>) =>
    inside(metadata, (shown) => shown.annotations);
  if (value.kind === "Revision") {
    const { metadata, spec } = parse(shapes.Revision);
    return { metadata, pod: spec, path: "spec", annotations: annotationsOf(metadata) };
  }
  if (value.kind === "Job") {
    const { metadata, spec } = parse(shapes.Job);
    return { metadata, path: "spec.template.spec.template.spec", ...jobBody(spec) };
  }
  const { metadata, status, spec } = parse(shapes.Service);
  const template = inside(spec, (shown) => shown.template);
  const own = template instanceof Hidden ? undefined : template?.metadata;
  const asked = spec instanceof Hidden ? undefined : spec;
  return {
    metadata,
    path: "spec.template.spec",
    pod: inside(template, (shown) => shown.spec),
    annotations: inside(template, (shown) => annotationsOf(shown.metadata)),
    live: {
      status,
      generation: metadata instanceof Hidden ? undefined : metadata?.generation,
      revision: own instanceof Hidden ? undefined : own?.name,
      ...(value.kind === "WorkerPool"
        ? { split: "instance split", asked: asked?.instanceSplits }
        : { split: "traffic", asked: asked?.traffic }),
    },
  };
}

/** gcloud puts the aliases of a job on its execution template; on the task's template they may stand too. */
function jobBody(spec: z.output<typeof shapes.Job>["spec"]): Pick<Body, "pod" | "annotations"> {
  const execution = inside(spec, (shown) => shown.template);
  const task = inside(
    inside(execution, (shown) => shown.spec),
    (shown) => shown.template,
  );
  const [outer, inner] = [execution, task].map((template) =>
    inside(
      inside(template, (shown) => shown.metadata),
      (shown) => shown.annotations,
    ),
  );
  return {
    pod: inside(task, (shown) => shown.spec),
    annotations:
      outer instanceof Hidden || inner === undefined
        ? outer
        : inside(inner, (shown) => ({ ...outer, ...shown })),
  };
}

/** @throws DocumentError for a service that is not shaped like one. */
export function readV1(value: Record<string, unknown>, place: Place): Service {
  const kind = kinds[String(value.kind)] ?? "service";
  const body = readBody(value, place);
  const metadata = body.metadata instanceof Hidden ? undefined : body.metadata;
  const labels = metadata?.labels instanceof Hidden ? undefined : metadata?.labels;
  // A Revision goes by the service it is of.
  const name = namePart(
    kind === "revision" ? (labels?.["serving.knative.dev/service"] ?? metadata?.name) : metadata?.name,
  );
  const project = readNamespace(metadata?.namespace) ?? projectPart(undefined, place.scope);
  const region = readText(labels?.["cloud.googleapis.com/location"]);
  const location = { file: place.file, line: place.line };
  const serving = body.live ? servingOf(kind, readServing(body.live)) : undefined;
  return {
    kind,
    name,
    label: labelOf(name, kind, place),
    project,
    ...(region.kind === "text" ? { region: region.text } : {}),
    location,
    account: accountPart(body.pod),
    containers: readContainers(body.pod, { project, aliases: readAliases(body.annotations) }, (path) =>
      locate(place, `${body.path}.${path}`),
    ),
    ...(serving === undefined ? {} : { serving }),
    reads: [],
  };
}
