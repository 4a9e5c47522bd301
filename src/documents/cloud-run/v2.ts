/** Cloud Run's v2 shape (run.googleapis.com/v2): what its REST API and its client libraries print. */
import { z } from "zod";
import type { Service, Serving } from "../../policy/facts.ts";
import { readContainers } from "../containers.ts";
import { PodShape } from "../pod.ts";
import { anything, Hidden, maskable, parseShape } from "../shape.ts";
import { isObject, lastSegment, readText } from "../text.ts";
import { isLatest, type Split, servingAsAsked } from "../traffic.ts";
import {
  accountPart,
  labelOf,
  locate,
  namePart,
  ofAnotherRevision,
  type Place,
  projectPart,
  servingOf,
} from "./resource.ts";

const Pod = maskable(PodShape);

const Traffic = z.object({
  type: z.string().nullish(),
  revision: z.string().nullish(),
  percent: z.number().nullish(),
});

const ServiceShape = z.object({
  generation: anything,
  observedGeneration: anything,
  reconciling: anything,
  latestCreatedRevision: anything,
  latestReadyRevision: anything,
  trafficStatuses: z.array(Traffic).nullish(),
  /** Of a worker pool. */
  instanceSplits: anything,
  instanceSplitStatuses: z.array(Traffic).nullish(),
  terminalCondition: maskable(z.object({ state: anything })),
  traffic: anything,
  template: maskable(PodShape.extend({ revision: anything })),
});
type Shape = z.output<typeof ServiceShape>;

const JobShape = z.object({ template: maskable(z.object({ template: Pod })) });

/** `projects/P/locations/L/services/S`, and of a Revision `.../services/S/revisions/R`. */
const fullName =
  /^projects\/(?<project>[^/]+)\/locations\/(?<region>[^/]+)\/(?<collection>services|jobs|workerPools)\/(?<name>[^/]+)(?:\/revisions\/(?<revision>[^/]+))?$/u;

/** An Execution or a Task of one: a run of a job, which has a template or containers too and serves nobody. */
const ofRun = /\/jobs\/[^/]+\/executions\//u;

/** True for an object that has a v2 template, or is a v2 Revision. */
export function isV2(value: unknown): value is Record<string, unknown> {
  if (!isObject(value) || "kind" in value || "spec" in value) return false;
  if (typeof value.name === "string" && ofRun.test(value.name)) return false;
  return "template" in value || (Array.isArray(value.containers) && typeof value.name === "string");
}

function readKind(value: Record<string, unknown>, match: RegExpExecArray | null): Service["kind"] {
  if (!("template" in value) || match?.groups?.revision !== undefined) return "revision";
  if (match?.groups?.collection === "workerPools") return "workerPool";
  const { template } = value;
  return match?.groups?.collection === "jobs" || (isObject(template) && "template" in template)
    ? "job"
    : "service";
}

/** The name the template gives its revision. */
function revisionOf({ template }: Shape): unknown {
  return template instanceof Hidden ? undefined : template?.revision;
}

/** Why the status does not speak of the template. */
function stale(shape: Shape): string | undefined {
  if (shape.reconciling === true) return "the service is still being deployed";
  const [wanted, observed] = [readText(shape.generation), readText(shape.observedGeneration)];
  if (wanted.kind === "text" && observed.kind === "text" && Number(observed.text) < Number(wanted.text)) {
    return `the status speaks of generation ${observed.text}, the template is of generation ${wanted.text}`;
  }
  const latest = lastSegment(shape.latestCreatedRevision);
  const other = ofAnotherRevision(revisionOf(shape), latest);
  if (other !== undefined) return other;
  // A revision that is not ready is told of by its name.
  if (latest === undefined || latest !== lastSegment(shape.latestReadyRevision)) return undefined;
  const { terminalCondition: condition } = shape;
  if (condition === undefined) return undefined;
  return condition instanceof Hidden || condition.state !== "CONDITION_SUCCEEDED"
    ? "the service is not ready"
    : undefined;
}

/** Undefined for a description that wishes for the latest revision. */
function readServing(shape: Shape, split: Split): Serving | undefined {
  const [latestCreated, latestReady] = [
    lastSegment(shape.latestCreatedRevision),
    lastSegment(shape.latestReadyRevision),
  ];
  const [asked, traffic] =
    split === "traffic"
      ? [shape.traffic, shape.trafficStatuses]
      : [shape.instanceSplits, shape.instanceSplitStatuses];
  // A description without any status is a wish, not a live service.
  const isLive = [latestCreated, latestReady, traffic ?? undefined, shape.terminalCondition].some(
    (one) => one !== undefined,
  );
  if (!isLive && shape.reconciling !== true) return servingAsAsked(asked, revisionOf(shape), split);
  const old = stale(shape) ?? servingAsAsked(asked, latestReady, split)?.stale;
  return {
    ...(latestCreated === undefined ? {} : { latestCreated }),
    ...(latestReady === undefined ? {} : { latestReady }),
    ...(traffic
      ? {
          traffic: traffic.map(({ type, revision: to, percent }) => {
            const name = lastSegment(to);
            // Which revision "latest" stands for at the moment may be named beside it, and be an older one yet.
            const latest = isLatest(type) && name === latestReady;
            return { percent: percent ?? 0, ...(name === undefined || latest ? {} : { revision: name }) };
          }),
        }
      : {}),
    ...(old === undefined ? {} : { stale: old }),
  };
}

interface Body {
  pod: z.output<typeof Pod>;
  serving?: Serving | undefined;
  /** Of a Revision: the service it is of. */
  service?: unknown;
}

/** Where the containers stand depends on the kind. */
function readBody(kind: Service["kind"], value: Record<string, unknown>, { file, at }: Place): Body {
  const parse = <S extends z.ZodType>(schema: S) => parseShape(schema, value, file, at);
  if (kind === "revision") return { pod: parse(PodShape), service: value.service };
  if (kind === "job") {
    const { template } = parse(JobShape);
    return { pod: template instanceof Hidden ? template : template?.template };
  }
  const shape = parse(ServiceShape);
  const serving = readServing(shape, kind === "workerPool" ? "instance split" : "traffic");
  return { pod: shape.template, serving: servingOf(kind, serving) };
}

/** @throws DocumentError for a service that is not shaped like one. */
export function readV2(value: Record<string, unknown>, place: Place): Service {
  const text = readText(value.name);
  const match = text.kind === "text" ? fullName.exec(text.text) : null;
  const kind = readKind(value, match);
  const { pod, serving, service } = readBody(kind, value, place);
  const name = namePart(
    match?.groups?.name ?? (kind === "revision" ? (lastSegment(service) ?? value.name) : value.name),
  );
  const project = projectPart(match?.groups?.project, place.scope);
  const podPath = { service: "template.", workerPool: "template.", job: "template.template.", revision: "" }[
    kind
  ];
  const location = { file: place.file, line: place.line };
  return {
    kind,
    name,
    label: labelOf(name, kind, place),
    project,
    ...(match?.groups?.region === undefined ? {} : { region: match.groups.region }),
    location,
    account: accountPart(pod),
    containers: readContainers(pod, { project }, (path) => locate(place, `${podPath}${path}`)),
    ...(serving === undefined ? {} : { serving }),
    reads: [],
  };
}
