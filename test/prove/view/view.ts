/**
 * What a document still shows of the world: the truth with everything blotted out that the rendering hides.
 * Derived from the plan, not from the printed text, and without any knowledge of the readers.
 */
import type { Case, Grant, Kind, Secret, Serving } from "../model.ts";

/** How a project is called somewhere: `id:...`, `number:...`, or `file:...` where the document does not say. */
export type ProjectAtom = string;

/** The secret a reference names. */
export type SecretSlot =
  | { kind: "known"; project: ProjectAtom; secret: string }
  /** The name of one of these Secrets. */
  | { kind: "one-of"; urns: string[] }
  /** Anything at all. */
  | { kind: "free" };

export type VersionSlot =
  | { kind: "known"; text: string | null }
  /** The number of one of these SecretVersions; stray when that is not one of the secret referred to. */
  | { kind: "one-of"; urns: string[]; stray?: boolean }
  | { kind: "free" };

export interface SeenRef {
  secret: SecretSlot;
  version: VersionSlot;
}

export type SeenValue =
  | { kind: "reference"; ref: SeenRef }
  | { kind: "literal"; text: string }
  /** A text that stands for something unknown. */
  | { kind: "placeholder" };

export interface SeenContainer {
  variables: { name: string; value: SeenValue }[];
  files: { file: string; ref: SeenRef }[];
}

export interface SeenService {
  kind: Kind;
  name: string;
  region: string;
  project: ProjectAtom;
  /** A member as IAM writes it; the URN of the one account it can be; or the default account. */
  account: { kind: "member"; member: string } | { kind: "urn"; urn: string } | { kind: "default" };
  containers: SeenContainer[] | "hidden";
  serving: Serving | "not said";
  revision: boolean;
  /** The printed form, to tell equal copies of one service from unequal ones. */
  print: string;
}

export interface SeenSecret {
  urn: string;
  project: ProjectAtom;
  secret: Secret;
  /** Null where the number is not known yet. */
  versions: { urn: string; number: string | null; enabled: boolean; destroyed: boolean }[];
}

export interface SeenGrant {
  grant: Grant;
  project: ProjectAtom;
  /** Null where it can only be the Secret of `urn`. */
  secret: string | null;
  urn: string | null;
  /** Null for a member that is one of `candidates`. */
  members: (string | null)[];
  candidates: string[];
  /** The whole policy is unknown. */
  opaque: boolean;
}

export interface SeenEnvironment {
  /** The name that the documents or the user give it. */
  name: string | undefined;
  pulumi: boolean;
  preview: boolean;
  /** Resources may be missing from the document. */
  incomplete: boolean;
  services: SeenService[];
  secrets: SeenSecret[];
  grants: SeenGrant[];
  /** Where the stack's secret is made; unseen where the document holds neither the output nor the configuration. */
  source: "existing" | "here" | "unseen";
  /** IDs and numbers that this environment's own documents, or the user, match. */
  matches: Match[];
}

export interface Match {
  id: string;
  number: string;
}

export interface View {
  environments: SeenEnvironment[];
  /** IDs and numbers known to be of one project. */
  matches: Match[];
}

/** The ENVIRONMENT of a service, where its containers say one and the same literal. */
export function environmentOf({ containers }: SeenService): string | undefined {
  if (containers === "hidden") return undefined;
  const all = containers.flatMap(({ variables }) => variables.filter(({ name }) => name === "ENVIRONMENT"));
  const texts = new Set(all.map(({ value }) => (value.kind === "literal" ? value.text : undefined)));
  return texts.size === 1 ? [...texts][0] : undefined;
}

/** Whether a service is a candidate for a role: by flag, else by a word of its name. */
export function mayBe({ options }: Case, service: SeenService, role: "auth" | "backend"): boolean {
  if (service.kind === "job" || service.kind === "workerPool") return false;
  const named = options.services[role];
  if (named !== undefined) return service.name === named;
  const other = role === "auth" ? "backend" : "auth";
  if (options.services[other] === service.name) return false;
  const words = service.name.split("-");
  return words.includes(role) && !words.includes(other);
}
