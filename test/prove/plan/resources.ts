/** How resources are called: URNs, paths, and what stands at the time of a document. */
import { at, type Phase, type Ref, type Rendering, type World } from "../model.ts";

export const types = {
  secret: "gcp:secretmanager/secret:Secret",
  version: "gcp:secretmanager/secretVersion:SecretVersion",
  account: "gcp:serviceaccount/account:Account",
  service: "gcp:cloudrunv2/service:Service",
  knative: "gcp:cloudrun/service:Service",
  job: "gcp:cloudrunv2/job:Job",
  workerPool: "gcp:cloudrunv2/workerPool:WorkerPool",
  member: "gcp:secretmanager/secretIamMember:SecretIamMember",
  binding: "gcp:secretmanager/secretIamBinding:SecretIamBinding",
  policy: "gcp:secretmanager/secretIamPolicy:SecretIamPolicy",
  "project-member": "gcp:projects/iAMMember:IAMMember",
  "project-binding": "gcp:projects/iAMBinding:IAMBinding",
  "project-policy": "gcp:projects/iAMPolicy:IAMPolicy",
} as const;

export function urnOf(stack: string, type: string, resource: string): string {
  return `urn:pulumi:${stack}::jwt-secret::${type}::${resource}`;
}

export function typeOf(urn: string): string {
  return urn.split("::")[2] ?? "";
}

/** A state holds only what stands. */
export function phaseOf({ pulumi }: Rendering): Phase {
  return pulumi.kind === "preview" ? pulumi.phase : "settled";
}

export function pathOf(world: World, ref: Ref, by: "id" | "number"): string {
  return `projects/${at(world.projects, ref.project)[by]}/secrets/${ref.secret}`;
}
