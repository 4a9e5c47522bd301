/**
 * The truth a document is made from: a small world of projects, environments, secrets, services and grants in
 * which everything is known. Renderers turn it into documents, the view says what a document still shows of it,
 * the oracle judges the view. Nothing here knows the rules or the readers.
 */

export interface Project {
  id: string;
  number: string;
}

/** One version of one secret. `version` is a number, `latest`, an alias, a placeholder, or null when left out. */
export interface Ref {
  /** Index into `World.projects`. */
  project: number;
  secret: string;
  version: string | null;
}

export type Value =
  | { kind: "reference"; ref: Ref }
  /** `text` stands in the document as it is. */
  | { kind: "literal"; text: string };

export interface Variable {
  name: string;
  value: Value;
}

/** A secret mounted as a file: `/secrets/<mount>/<file>`. */
export interface Mounted {
  file: string;
  ref: Ref;
}

export interface Container {
  name: string;
  variables: Variable[];
  files: Mounted[];
}

export type Kind = "service" | "revision" | "job" | "workerPool";

/** What a live service says of its revisions and traffic. */
export type Serving =
  | "latest"
  /** All traffic goes to the latest ready revision by its name. */
  | "latest-by-name"
  /** As `latest`, with tagged revisions that get no traffic. */
  | "tagged"
  /** Half of the traffic goes to an older revision. */
  | "split"
  /** All traffic is pinned to an older revision. */
  | "pinned-old"
  /** The latest created revision is not ready. */
  | "not-ready"
  /** The status speaks of an older generation. */
  | "behind"
  /** No status at all: a manifest, a wish. */
  | "wish";

export interface Service {
  kind: Kind;
  /** The resource's logical name in Pulumi documents. */
  resource: string;
  name: string;
  project: number;
  region: string;
  /** The account's short name; null for the platform's default account. */
  account: string | null;
  containers: Container[];
  serving: Serving;
}

export interface SecretVersion {
  number: string;
  enabled: boolean;
  deletionPolicy: "DELETE" | "DISABLE" | "ABANDON" | null;
}

/** A Secret that is a resource of the stack. */
export interface Secret {
  resource: string;
  project: number;
  id: string;
  /** The `environment` label; null when there is none. */
  label: string | null;
  protect: boolean;
  ttl: boolean;
  versions: SecretVersion[];
}

export type GrantForm =
  | "member"
  | "binding"
  | "policy"
  | "project-member"
  | "project-binding"
  | "project-policy";

export interface Grant {
  form: GrantForm;
  role: string;
  project: number;
  /** The secret's short name; ignored by grants on a project. */
  secret: string;
  /** As IAM writes them. */
  members: string[];
  conditional: boolean;
}

export interface Environment {
  /** The stack's name. */
  name: string;
  home: number;
  secrets: Secret[];
  source: "generated" | "supplied" | "existing" | null;
  services: Service[];
  grants: Grant[];
  /** Services that are on their way out: deleted by the preview, pending deletion in a state. */
  leaving: Service[];
}

export interface World {
  projects: Project[];
  environments: Environment[];
}

/** What the user says beside the documents. */
export interface Options {
  environment?: string;
  /** Indices of projects given as `--project ID=NUMBER`. */
  matched: number[];
  /** Index of a project given as `--project ID`. */
  project?: number;
  services: Partial<Record<Role, string>>;
  reads: Partial<Record<Role, string[]>>;
}

export type Role = "auth" | "backend";
export const roles: readonly Role[] = ["auth", "backend"];

/** How the secret's name is written where a reference stands. */
export type SecretSpelling = "short" | "id" | "number" | "alias" | "output-id" | "output-name";
/**
 * `output` is the version of a SecretVersion resource, `literal` a text in the program, `stray-output` the version of
 * another secret's SecretVersion, which happens to be the same number.
 */
export type VersionSpelling = "literal" | "output" | "stray-output";

export interface Spelling {
  secret: SecretSpelling;
  version: VersionSpelling;
}

export type PulumiKind = "preview" | "export" | "checkpoint";
/** What stands already: nothing; everything; everything but the newest version of each JWT secret. */
export type Phase = "first" | "settled" | "rotation";
export type CloudRunKind = "v1" | "v2";
export type Layout = "one-file-each" | "list" | "several-documents";
export type Syntax = "json" | "yaml";
export const encodings = ["utf-8", "utf-8-bom", "utf-16le", "utf-16be"] as const;
export type Encoding = (typeof encodings)[number];

/** How a world is written down. */
export interface Rendering {
  family: "pulumi" | "cloudrun";
  pulumi: {
    kind: PulumiKind;
    phase: Phase;
    showSames: boolean;
    refresh: boolean;
    /** The newest version of a rotation replaces an older one, under the same name. */
    replaces: boolean;
    /** Which services are `gcp:cloudrun/service:Service` (by position, cycled). */
    knative: boolean[];
    /** Roles or positions whose containers are hidden by a Pulumi secret. */
    hidden: boolean[];
    /** Whether the update changes each service (by position, cycled). */
    changed: boolean[];
    /** Accounts and members come from resources that do not exist yet. */
    unknownAccounts: boolean;
    /** The program is this project's, whose configuration names the source. */
    configured: boolean;
  };
  cloudrun: {
    kind: CloudRunKind;
    syntax: Syntax;
    layout: Layout;
    /** How a service names its own project. */
    namespace: "id" | "number" | "none";
    /** References in the other API's shape. */
    foreignShape: boolean;
    /** Further services come as they are; auth or backend as a Revision (by position). */
    revision: boolean[];
  };
  encoding: Encoding;
  /** Spellings of references, cycled over them in order. */
  spellings: Spelling[];
  /** Seed of the order of resources, variables and keys. */
  order: number;
}

export interface Case {
  world: World;
  options: Options;
  rendering: Rendering;
  /** The names of what was done to a right world, in order. */
  mutations: string[];
}

/** A document as it lies on disk. */
export interface RenderedFile {
  name: string;
  bytes: Uint8Array;
}

export function email(world: World, service: Service): string {
  const project = at(world.projects, service.project);
  return service.account === null
    ? `${project.number}-compute@developer.gserviceaccount.com`
    : `${service.account}@${project.id}.iam.gserviceaccount.com`;
}

/** The element at an index that is known to exist. */
export function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`no element ${index} among ${list.length}`);
  return item;
}

/** The element at an index, starting over at the end of the list. */
export function cycle<T>(list: readonly T[], index: number): T {
  return at(list, index % list.length);
}
