/** What a Pulumi document tells, in the words of the policy. */
import type { Declared, Service } from "../../policy/facts.ts";
import { readAccessors } from "./accessors.ts";
import { readAccount } from "./accounts.ts";
import { isGrant, readGrants } from "./grants.ts";
import { type Project, readProjects } from "./projects.ts";
import { isService, type Stack, types } from "./resource.ts";
import { readSecret, readVersion } from "./secrets.ts";
import { readService } from "./services.ts";
import { readSource } from "./source.ts";

export interface StackFacts {
  /** The stack's name; absent for a document without resources. */
  stack?: string;
  services: Service[];
  declared: Declared;
  projects: Project[];
}

export function readStack(stack: Stack): StackFacts {
  const resources = [...stack.resources.values()];
  const of = (type: string) => resources.filter((resource) => resource.type === type);
  return {
    ...(stack.name === undefined ? {} : { stack: stack.name }),
    services: resources.filter(isService).map((resource) => readService(resource, stack)),
    declared: {
      secrets: of(types.secret).map((resource) => readSecret(resource, stack)),
      versions: of(types.version).map((resource) => readVersion(resource, stack)),
      grants: resources.filter(isGrant).flatMap((resource) => readGrants(resource, stack)),
      accounts: of(types.account).map((resource) => readAccount(resource, stack)),
      ...readAccessors(stack),
      ...readSource(stack),
      ...(stack.incomplete === undefined ? {} : { incomplete: stack.incomplete }),
    },
    projects: readProjects(stack),
  };
}
