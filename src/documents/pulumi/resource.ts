/** A resource of a Pulumi stack, the same whether a preview or a state told of it. */
import { z } from "zod";
import { DocumentError } from "../error.ts";
import { Hidden, maskable, parseShape } from "../shape.ts";
import { parseUrn, type Urn } from "./urn.ts";

/** The resource types that facts are made of; of all others only their existence counts. */
export const types = {
  stack: "pulumi:pulumi:Stack",
  provider: "pulumi:providers:gcp",
  serviceV2: "gcp:cloudrunv2/service:Service",
  job: "gcp:cloudrunv2/job:Job",
  workerPool: "gcp:cloudrunv2/workerPool:WorkerPool",
  serviceV1: "gcp:cloudrun/service:Service",
  secret: "gcp:secretmanager/secret:Secret",
  version: "gcp:secretmanager/secretVersion:SecretVersion",
  account: "gcp:serviceaccount/account:Account",
  project: "gcp:organizations/project:Project",
  secretMember: "gcp:secretmanager/secretIamMember:SecretIamMember",
  secretBinding: "gcp:secretmanager/secretIamBinding:SecretIamBinding",
  secretPolicy: "gcp:secretmanager/secretIamPolicy:SecretIamPolicy",
  projectMember: "gcp:projects/iAMMember:IAMMember",
  projectBinding: "gcp:projects/iAMBinding:IAMBinding",
  projectPolicy: "gcp:projects/iAMPolicy:IAMPolicy",
  projectMemberRemove: "gcp:projects/iamMemberRemove:IamMemberRemove",
  folderMember: "gcp:folder/iAMMember:IAMMember",
  folderBinding: "gcp:folder/iAMBinding:IAMBinding",
  folderPolicy: "gcp:folder/iAMPolicy:IAMPolicy",
  organizationMember: "gcp:organizations/iAMMember:IAMMember",
  organizationBinding: "gcp:organizations/iAMBinding:IAMBinding",
  organizationPolicy: "gcp:organizations/iAMPolicy:IAMPolicy",
} as const;

/** Their names; of a resource of any other type only what `outline.ts` keeps is read. */
export const relevant: ReadonlySet<string> = new Set(Object.values(types));

const Properties = maskable(z.record(z.string(), z.unknown()));

const Shape = z.object({
  inputs: Properties,
  outputs: Properties,
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  protect: z.boolean().nullish(),
  external: z.boolean().nullish(),
  initErrors: z.array(z.unknown()).nullish(),
  retainOnDelete: z.boolean().nullish(),
  provider: z.string().nullish(),
  sourcePosition: z.string().nullish(),
});

export interface Resource extends Urn {
  inputs: Record<string, unknown> | Hidden;
  /** What the resource had when the document was made; empty where it is new. */
  outputs: Record<string, unknown>;
  /** True when what the provider computes may be unknown until the update has run. */
  fresh: boolean;
  /** True when this update, if any, may change its outputs; what depends on them may then be unknown. */
  changing: boolean;
  /** True when its outputs are what the update, if any, leaves it with. */
  settled: boolean;
  dependencies: readonly string[];
  propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  protect: boolean;
  retainOnDelete: boolean;
  /** True for one that is made elsewhere, and only read here. */
  external: boolean;
  /** True when its last update was taken up and then failed: it exists, and is not what its inputs say. */
  failed: boolean;
  /** True for one that this update ends, or that was found gone. */
  gone?: boolean;
  /** The URN of its provider. */
  provider?: string;
  sourcePosition?: string;
}

const serviceTypes: ReadonlySet<string> = new Set([
  types.serviceV2,
  types.serviceV1,
  types.job,
  types.workerPool,
]);

/** Whether a resource is a service, job or worker pool of Cloud Run. */
export const isService = ({ type }: Pick<Resource, "type">): boolean => serviceTypes.has(type);

/** What a reader of Pulumi documents yields. */
export interface Stack {
  file: string;
  /** Absent when the document holds no resource at all. */
  name?: string;
  /**
   * By URN, but for what is left beside another: those of the types that facts are made of, and whatever this update may
   * change. Of any other there is nothing to say, and a long document holds a hundred thousand.
   */
  resources: ReadonlyMap<string, Resource>;
  /** The configuration as a preview prints it; a state has none. */
  config: Readonly<Record<string, unknown>>;
  /** True for a preview: the stack's own outputs are those that were. */
  foretold?: boolean;
  /** Why resources may be missing from the document. */
  incomplete?: string;
}

/** What a document says about one resource, before it is checked. */
export interface RawResource {
  urn: string;
  /** The state that results. */
  raw: unknown;
  /** Where its outputs may be read; undefined for a new one. */
  outputsFrom?: unknown;
  fresh: boolean;
  changing: boolean;
  /** @default where this update does not change it */
  settled?: boolean;
  /** True for what is left of one that the stack no longer has; another may have its URN. */
  beside?: boolean;
  /** @default false */
  gone?: boolean;
  /** Why nobody knows what it is like. */
  doubt?: string | undefined;
  /** Its path in the document, for errors. */
  at: string;
}

/** What is kept of a resource of a type that no fact is made of. */
const nothing = {
  inputs: {},
  outputs: {},
  dependencies: [],
  protect: false,
  retainOnDelete: false,
  external: false,
  failed: false,
};

/** Checks one resource; of a type that no fact is made of, nothing but its URN is kept. */
function readResource(urn: Urn, source: RawResource, file: string): Resource {
  const { fresh, changing, settled = !changing, doubt } = source;
  if (!relevant.has(urn.type)) return { ...urn, fresh, changing, settled, ...nothing };
  const shape = parseShape(Shape, source.raw ?? {}, file, source.at);
  const outputs =
    source.outputsFrom === undefined || source.outputsFrom === source.raw
      ? shape.outputs
      : parseShape(Shape.pick({ outputs: true }), source.outputsFrom, file, source.at).outputs;
  return {
    ...urn,
    fresh,
    changing,
    settled,
    external: shape.external ?? false,
    failed: settled && (shape.initErrors ?? []).length > 0,
    inputs: doubt === undefined ? (shape.inputs ?? {}) : new Hidden(doubt),
    outputs: source.outputsFrom === undefined || outputs instanceof Hidden ? {} : (outputs ?? {}),
    dependencies: shape.dependencies ?? [],
    ...(shape.propertyDependencies ? { propertyDependencies: shape.propertyDependencies } : {}),
    protect: shape.protect ?? false,
    retainOnDelete: shape.retainOnDelete ?? false,
    ...(source.gone ? { gone: true } : {}),
    ...(shape.provider ? { provider: shape.provider } : {}),
    ...(shape.sourcePosition ? { sourcePosition: shape.sourcePosition } : {}),
  };
}

/** Gathers resources into a stack; all must be of one, and with `once` each is there once. */
export function stackOf(
  sources: Iterable<RawResource>,
  rest: Pick<Stack, "file" | "config" | "foretold" | "incomplete" | "name">,
  { once = false }: { once?: boolean } = {},
): Stack {
  const resources = new Map<string, Resource>();
  let { name } = rest;
  for (const source of sources) {
    const urn = parseUrn(source.urn);
    if (urn === undefined) {
      throw new DocumentError(rest.file, "is not a Pulumi URN", { path: `${source.at}.urn` });
    }
    name ??= urn.stack;
    if (urn.stack !== name) {
      throw new DocumentError(rest.file, "speaks of more than one stack", { path: `${source.at}.urn` });
    }
    // Nearly all of a long document ends here, before anything is made of it.
    if (!source.changing && !relevant.has(urn.type)) continue;
    const key = source.beside ? `${urn.urn} ${resources.size}` : urn.urn;
    if (once && resources.has(key)) {
      throw new DocumentError(rest.file, "holds a resource twice: `pulumi state repair` mends it", {
        path: `${source.at}.urn`,
      });
    }
    resources.set(key, readResource(urn, source, rest.file));
  }
  return { ...rest, ...(name === undefined ? {} : { name }), resources };
}
