/**
 * A world as a program writes it down: which text stands for each reference, which resources it draws on, and what
 * is not known yet. Renderers print the plan; the view reads off it what a document can tell.
 */
import type { Environment, Grant, Secret, Service } from "../model.ts";

/** What the engine prints for a value that it does not know. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface Written {
  /** As it stands in the document: a name, a path, an alias or the unknown. */
  secret: string;
  version: string | null;
  /** The resources the two were made from. */
  drawsOn: string[];
}

export interface WrittenVariable {
  name: string;
  value: { kind: "literal"; text: string } | ({ kind: "reference" } & Written);
}

export interface WrittenContainer {
  name: string;
  variables: WrittenVariable[];
  files: (Written & { file: string })[];
}

export type Status = "create" | "update" | "same" | "leaving";

export interface PlannedService {
  service: Service;
  urn: string;
  status: Status;
  /** The Knative shape rather than that of the second API. */
  knative: boolean;
  /** Pulumi shows "[secret]" instead of the containers. */
  hidden: boolean;
  revision: boolean;
  containers: WrittenContainer[];
  /** Alias to full path, in the annotation. */
  aliases: Record<string, string>;
  /** The account as it stands; null for the default one. */
  account: string | null;
  drawsOn: string[];
}

export interface PlannedSecret {
  secret: Secret;
  urn: string;
  status: Status;
  versions: { number: string; urn: string; status: Status; index: number }[];
}

export interface PlannedGrant {
  grant: Grant;
  urn: string;
  status: Status;
  /** The secret as it stands. */
  secret: string;
  members: string[];
  secretDrawsOn: string[];
  membersDrawOn: string[];
}

export interface PlannedAccount {
  urn: string;
  name: string;
  email: string;
  status: Status;
}

export interface PlannedEnvironment {
  environment: Environment;
  services: PlannedService[];
  secrets: PlannedSecret[];
  grants: PlannedGrant[];
  accounts: PlannedAccount[];
  /** Status of the stack's own resource. */
  stack: Status;
}
