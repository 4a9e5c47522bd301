/** Cloud Run's v1 shape (Knative): what `gcloud run services describe|list` prints, and what people keep in YAML. */
import { z } from "zod";
import type { Service, Serving } from "../../policy/facts.ts";
import { readAliases } from "../aliases.ts";
import { readContainers } from "../containers.ts";
import { PodShape } from "../pod.ts";
import { anything, Hidden, maskable, parseShape } from "../shape.ts";
import { isObject, readText } from "../text.ts";
import { accountPart, labelOf, lastSegment, locate, namePart, type Place, projectPart } from "./resource.ts";

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

const Traffic = z.object({
  percent: z.number().nullish(),
  revisionName: z.string().nullish(),
  latestRevision: z.boolean().nullish(),
});
const Status = maskable(
  z.object({
    observedGeneration: anything,
    latestCreatedRevisionName: anything,
    latestReadyRevisionName: anything,
    conditions: z.array(z.looseObject({ type: anything, status: anything })).nullish(),
    traffic: z.array(Traffic).nullish(),
  }),
);

const Head = { metadata: Metadata, status: Status };
/** One shape per kind: where the containers stand. */
const shapes = {
  Service: z.object({ ...Head, spec: maskable(z.object({ template: Template })) }),
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
  if (version === undefined) return isObject(value.spec);
  return typeof version === "string" && /^(?:serving\.knative\.dev|run\.googleapis\.com)\//u.test(version);
}

type Shown<T> = Exclude<T, Hidden>;

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
  status: z.output<typeof Status>;
  pod: z.output<typeof Pod>;
  /** The path of the pod. */
  path: string;
  /** Of the template, where the secrets' aliases are. */
  annotations: z.output<typeof Texts>;
}

function readBody(value: Record<string, unknown>, place: Place): Body {
  const parse = <S extends z.ZodType>(schema: S) => parseShape(schema, value, place.file, place.at);
  const annotationsOf = (metadata: z.output<typeof Metadata>) =>
    inside(metadata, (shown) => shown.annotations);
  if (value.kind === "Revision") {
    const { metadata, status, spec } = parse(shapes.Revision);
    return { metadata, status, pod: spec, path: "spec", annotations: annotationsOf(metadata) };
  }
  const isJob = value.kind === "Job";
  const { metadata, status, template } = isJob
    ? jobTemplate(parse(shapes.Job))
    : serviceTemplate(parse(shapes.Service));
  return {
    metadata,
    status,
    path: isJob ? "spec.template.spec.template.spec" : "spec.template.spec",
    pod: inside(template, (shown) => shown.spec),
    annotations: inside(template, (shown) => annotationsOf(shown.metadata)),
  };
}

function serviceTemplate({ metadata, status, spec }: z.output<typeof shapes.Service>) {
  return { metadata, status, template: inside(spec, (shown) => shown.template) };
}

function jobTemplate({ metadata, status, spec }: z.output<typeof shapes.Job>) {
  const execution = inside(spec, (shown) => shown.template);
  const task = inside(
    inside(execution, (shown) => shown.spec),
    (shown) => shown.template,
  );
  // gcloud puts the aliases of a job on its execution template.
  const template = inside(task, (shown) => ({
    ...shown,
    metadata: shown.metadata ?? inside(execution, (outer) => outer.metadata),
  }));
  return { metadata, status, template };
}

function numberOf(value: unknown): number | undefined {
  const text = readText(value);
  return text.kind === "text" && /^\d+$/u.test(text.text) ? Number(text.text) : undefined;
}

function stale(
  metadata: Shown<z.output<typeof Metadata>>,
  status: NonNullable<Shown<z.output<typeof Status>>>,
) {
  const [wanted, observed] = [numberOf(metadata?.generation), numberOf(status.observedGeneration)];
  if (wanted !== undefined && observed !== undefined && observed < wanted) {
    return `the status speaks of generation ${observed}, the template is of generation ${wanted}`;
  }
  const ready = status.conditions?.find((condition) => condition.type === "Ready");
  return ready?.status === "Unknown" ? "the service is still being deployed" : undefined;
}

function readServing(body: Body): Serving | undefined {
  const { metadata, status } = body;
  if (status === undefined) return undefined;
  if (status instanceof Hidden) return { stale: `the status is not shown: ${status.reason}` };
  const old = stale(metadata instanceof Hidden ? undefined : metadata, status);
  const [latestCreated, latestReady] = [
    lastSegment(status.latestCreatedRevisionName),
    lastSegment(status.latestReadyRevisionName),
  ];
  return {
    ...(latestCreated === undefined ? {} : { latestCreated }),
    ...(latestReady === undefined ? {} : { latestReady }),
    ...(status.traffic
      ? {
          traffic: status.traffic.map(({ percent, revisionName, latestRevision }) => ({
            percent: percent ?? 0,
            ...(latestRevision === true || !revisionName ? {} : { revision: revisionName }),
          })),
        }
      : {}),
    ...(old === undefined ? {} : { stale: old }),
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
  const project = projectPart(metadata?.namespace, place.scope);
  const region = readText(labels?.["cloud.googleapis.com/location"]);
  const location = { file: place.file, line: place.line };
  const serving = kind === "service" ? readServing(body) : undefined;
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
