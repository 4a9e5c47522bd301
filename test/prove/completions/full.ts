/** Environments in which nothing is unknown. */
import type { GrantForm, Role } from "../model.ts";
import type { ProjectAtom, SeenEnvironment, SeenService } from "../view/view.ts";

export interface FullRef {
  /** The project and the secret, as one text: equal texts are one secret. */
  secret: string;
  project: string;
  name: string;
  version: string | null;
}

export type FullValue = { kind: "reference"; ref: FullRef } | { kind: "literal"; text: string };

export interface FullContainer {
  variables: { name: string; value: FullValue }[];
  files: { file: string; ref: FullRef }[];
}

export interface FullService {
  seen: SeenService;
  role: Role | undefined;
  containers: FullContainer[];
  environment: string | undefined;
  /** Whether its containers were made up. */
  invented: boolean;
}

export interface FullGrant {
  form: GrantForm;
  project: string;
  /** Null for a grant on the whole project. */
  secret: string | null;
  role: string;
  /** Members, an account known by its URN only as that URN. */
  members: string[];
  conditional: boolean;
}

export interface FullEnvironment {
  seen: SeenEnvironment;
  services: FullService[];
  secrets: {
    urn: string;
    secret: string;
    label: string | null;
    protect: boolean;
    ttl: boolean;
    versions: { number: string; known: boolean; enabled: boolean; destroyed: boolean }[];
  }[];
  grants: FullGrant[];
  /** Default accounts by project, where the number is known. */
  defaultAccount(project: string): string | undefined;
  projectOf(atom: ProjectAtom): string;
}
