/** Which environments the documents given together speak of. */
import type { Declared, Environment, Facts, Part, Reference, Service } from "../policy/facts.ts";
import { carriesAnyKey } from "../policy/variables.ts";
import type { Document } from "./document.ts";
import { distinct, mergeDeclared } from "./merge.ts";
import { type RoleOptions, withRole } from "./roles.ts";

export interface EnvironmentOptions extends RoleOptions {
  /** The environment of Cloud Run services, which do not say it reliably: `--environment`. */
  environment?: string;
  /** The project of whatever names none: `--project ID`. */
  project?: string;
  /** IDs and numbers of one project: `--project ID=NUMBER`. */
  projects?: Environment["projects"];
}

/** The project given by the user, where the document says none; a `scope` marks just these. */
function inProject(part: Part, project: string | undefined): Part {
  return project !== undefined && part.kind === "unknown" && part.scope !== undefined
    ? { kind: "known", value: project }
    : part;
}

function referenceIn(reference: Reference, project: string): Reference {
  return { ...reference, project: inProject(reference.project, project) };
}

function serviceIn(service: Service, project: string | undefined): Service {
  if (project === undefined) return service;
  const { containers } = service;
  return {
    ...service,
    project: inProject(service.project, project),
    containers: !Array.isArray(containers)
      ? containers
      : containers.map((container) => ({
          ...container,
          variables: container.variables.map((variable) =>
            variable.value.kind === "reference"
              ? {
                  ...variable,
                  value: { ...variable.value, reference: referenceIn(variable.value.reference, project) },
                }
              : variable,
          ),
        })),
  };
}

function declaredIn(declared: Declared, project: string | undefined): Declared {
  const moved = <T extends { project: Part }>(items: T[]): T[] =>
    items.map((item) => ({ ...item, project: inProject(item.project, project) }));
  return {
    ...declared,
    secrets: moved(declared.secrets),
    versions: moved(declared.versions),
    grants: moved(declared.grants),
  };
}

/** What a service says of its own environment: undefined when it says nothing, several things, or hides it. */
export function ownEnvironment({ containers }: Service): string | undefined {
  if (!Array.isArray(containers)) return undefined;
  const values = containers
    .flatMap((container) => container.variables)
    .filter(({ name, via }) => name === "ENVIRONMENT" && via === "variable")
    .map(({ value }) => (value.kind === "literal" ? value.text : undefined));
  const [first, ...others] = new Set(values);
  return others.length === 0 ? first : undefined;
}

interface Group {
  name?: string;
  services: Service[];
  declared?: Declared;
  projects: Environment["projects"];
}

/** A service that is seen to have nothing to do with the key: what it calls its environment parts no others. */
const isBystander = (service: Service): boolean =>
  service.role === undefined && Array.isArray(service.containers) && !carriesAnyKey(service);

const group = (name: string | undefined, services: readonly Service[]): Group => ({
  ...(name === undefined ? {} : { name }),
  services: [...services],
  projects: [],
});

/**
 * Live services are parted by what they call their environment, but only when each part is a whole one. A bystander goes
 * with those of its environment; where none is of it, it is nobody's.
 */
function partLive(services: readonly Service[], environment: string | undefined): Group[] {
  if (services.length === 0) return [];
  if (environment !== undefined) return [group(environment, services)];
  const concerned = services.filter((service) => !isBystander(service));
  const names = new Set((concerned.length > 0 ? concerned : services).map(ownEnvironment));
  const parts = Array.from(names, (name) =>
    group(
      name,
      services.filter((service) => ownEnvironment(service) === name),
    ),
  );
  const whole = (part: Group) =>
    ["auth", "backend"].every((role) => part.services.some((one) => one.role === role));
  if (parts.length > 1 && parts.every(whole)) return parts;
  const [name, ...others] = names;
  return [group(others.length === 0 ? name : undefined, services)];
}

/** Pairs all documents show; an ID or a number that is in two different pairs tells nothing. */
function mergeProjects(pairs: Environment["projects"]): Environment["projects"] {
  const all = distinct(pairs);
  const once = (key: "id" | "number", value: string) =>
    all.filter((pair) => pair[key] === value).length === 1;
  return all.filter(({ id, number }) => once("id", id) && once("number", number));
}

/** Parts of one name are one environment; a part without a name is one of its own. */
function merge(parts: readonly Group[]): Group[] {
  const merged: Group[] = [];
  const byName = new Map<string, Group>();
  for (const part of parts) {
    const before = part.name === undefined ? undefined : byName.get(part.name);
    if (before === undefined) {
      const copy = { ...part };
      merged.push(copy);
      if (part.name !== undefined) byName.set(part.name, copy);
      continue;
    }
    const declared = mergeDeclared(before, part);
    if (declared !== undefined) before.declared = declared;
    before.services = [...before.services, ...part.services];
    before.projects = [...before.projects, ...part.projects];
  }
  return merged;
}

/** The facts of all documents: their services given roles, gathered into environments. */
export function gather(documents: readonly Document[], options: EnvironmentOptions = {}): Facts {
  const prepare = (service: Service) => withRole(serviceIn(service, options.project), options);
  const stacks = documents.flatMap((document): Group[] =>
    document.kind !== "pulumi"
      ? []
      : [
          {
            ...(document.stack === undefined ? {} : { name: document.stack }),
            services: document.services.map(prepare),
            declared: declaredIn(document.declared, options.project),
            projects: document.projects,
          },
        ],
  );
  const live = documents.flatMap((document) =>
    document.kind === "cloudRun" ? document.services.map(prepare) : [],
  );
  const environments = merge([...stacks, ...partLive(live, options.environment)]);
  return {
    environments: environments.map(({ projects, ...rest }) => ({
      ...rest,
      projects: mergeProjects([...projects, ...(options.projects ?? [])]),
    })),
  };
}
