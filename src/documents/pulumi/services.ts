/** The Cloud Run services, jobs and worker pools of a stack. */
import { z } from "zod";
import { type Part, type Role, roles, type Service, type Serving } from "../../policy/facts.ts";
import { readAliases } from "../aliases.ts";
import { readContainers } from "../containers.ts";
import { DocumentError } from "../error.ts";
import { PodShape } from "../pod.ts";
import { absent, known, type ReferenceContext, unknown, readNamespace } from "../reference.ts";
import { anything, Hidden, maskable, parseShape } from "../shape.ts";
import { isObject, readText } from "../text.ts";
import { locationOf } from "./location.ts";
import { projectOf } from "./projects.ts";
import { type Resource, type Stack, types } from "./resource.ts";
import { disagreement, servingOf, type Wanted } from "./serving.ts";
import { settler } from "./settle.ts";

const Annotations = maskable(z.record(z.string(), z.unknown()));
const Metadata = maskable(z.object({ name: anything, annotations: Annotations, namespace: anything }));
const Pod = maskable(PodShape);

/** One shape per resource type: where its name, its project and its containers stand. */
const Named = { name: anything, location: anything, traffics: anything };
const V2 = z.object({ ...Named, template: maskable(PodShape.extend({ revision: anything })) });
const Job = z.object({ ...Named, template: maskable(z.object({ template: Pod })) });
const V1 = z.object({
  ...Named,
  metadata: Metadata,
  template: maskable(z.object({ metadata: Metadata, spec: Pod })),
});

interface Body {
  kind: Service["kind"];
  pod: z.output<typeof Pod>;
  aliases?: NonNullable<ReferenceContext["aliases"]>;
  /** Where v1 says the project. */
  namespace?: unknown;
  /** Of a service. */
  wanted?: Wanted;
}

function readBody(resource: Resource, inputs: Record<string, unknown>, stack: Stack): Body {
  const parse = <S extends z.ZodType>(schema: S) => parseShape(schema, inputs, stack.file, resource.urn);
  switch (resource.type) {
    case types.job: {
      const { template } = parse(Job);
      return { kind: "job", pod: template instanceof Hidden ? template : template?.template };
    }
    case types.workerPool:
      return { kind: "workerPool", pod: parse(V2).template };
    case types.serviceV1: {
      const { metadata, template, traffics } = parse(V1);
      const namespace = metadata instanceof Hidden ? inputs.metadata : metadata?.namespace;
      if (template instanceof Hidden) {
        return { kind: "service", pod: template, namespace, wanted: { traffics, revision: undefined } };
      }
      const inner = template?.metadata;
      const aliases = readAliases(inner instanceof Hidden ? inner : inner?.annotations);
      const revision = inner instanceof Hidden ? undefined : inner?.name;
      return { kind: "service", pod: template?.spec, aliases, namespace, wanted: { traffics, revision } };
    }
    default: {
      const { template, traffics } = parse(V2);
      const revision = template instanceof Hidden ? undefined : template?.revision;
      return { kind: "service", pod: template, wanted: { traffics, revision } };
    }
  }
}

/** Where the outputs are what is there, they hold the template once more, and cannot carry another key. */
function disagreeing(
  wanted: Service["containers"],
  resource: Resource,
  project: Part,
  stack: Stack,
): Serving | undefined {
  if (!resource.settled || !isObject(resource.outputs.template)) return undefined;
  try {
    const { pod, aliases } = readBody(resource, resource.outputs, stack);
    const context = { project, ...(aliases === undefined ? {} : { aliases }) };
    const stale = disagreement(
      wanted,
      readContainers(pod, context, () => ({})),
    );
    return stale === undefined ? undefined : { stale };
  } catch (error) {
    // Outputs of another shape show nothing; the inputs are what a document must hold.
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}

function nameOf(inputs: Record<string, unknown>, outputs: Record<string, unknown>): Part {
  const text = readText(inputs.name);
  if (text.kind === "text") return known(text.text);
  const current = readText(outputs.name);
  if (current.kind === "text") return known(current.text);
  return unknown(text.kind === "unknown" ? text.reason : "it is chosen in the update");
}

function accountOf(pod: Body["pod"], context: ReferenceContext): Part {
  if (pod instanceof Hidden) return unknown(pod.reason);
  const text = readText(pod?.serviceAccount ?? pod?.serviceAccountName);
  if (text.kind === "text") return known(text.text);
  if (text.kind === "absent") return absent;
  return text.computed && context.settler !== undefined ? context.settler.account() : unknown(text.reason);
}

/** The component of this project that makes a service; it is named after the service's role. */
const ownComponent = "jwt-secret:infrastructure:CloudRunService";

function ownRole({ parents, logicalName }: Resource): { role?: Role } {
  const role = roles.find((each) => each === logicalName);
  return role === undefined || parents.at(-1) !== ownComponent ? {} : { role };
}

/** A Cloud Run resource of the stack; its role is settled by its logical name when it is one of our own components. */
export function readService(resource: Resource, stack: Stack): Service {
  const { inputs, outputs, logicalName } = resource;
  const location = locationOf(resource, stack);
  const project = projectOf(resource, stack);
  if (inputs instanceof Hidden) {
    const nothing = unknown(inputs.reason);
    return {
      kind:
        resource.type === types.job ? "job" : resource.type === types.workerPool ? "workerPool" : "service",
      ...ownRole(resource),
      name: nothing,
      label: logicalName,
      project,
      location,
      account: nothing,
      containers: { kind: "unknown", reason: inputs.reason },
      reads: [],
    };
  }
  const { kind, pod, aliases, namespace, wanted } = readBody(resource, inputs, stack);
  const place = readNamespace(namespace) ?? project;
  const context: ReferenceContext = {
    project: place,
    settler: settler(resource, "template", stack),
    ...(aliases === undefined ? {} : { aliases }),
  };
  const containers = readContainers(pod, context, () => location);
  const serving = servingOf(resource, wanted) ?? disagreeing(containers, resource, place, stack);
  const name = nameOf(inputs, outputs);
  const region = readText(inputs.location);
  return {
    kind,
    ...ownRole(resource),
    name,
    label: name.kind === "known" ? name.value : logicalName,
    project: place,
    ...(region.kind === "text" ? { region: region.text } : {}),
    location,
    account: accountOf(pod, context),
    containers,
    ...(serving === undefined ? {} : { serving }),
    reads: [],
  };
}
