/** Which environments the documents given together speak of. */
import type { Declared, Environment, Facts, Part, Reference, Service } from "../policy/facts.ts";
import type { Document } from "./document.ts";
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

/** Live services are parted by what they call their environment, but only when each part is a whole one. */
function partLive(services: readonly Service[], environment: string | undefined): Group[] {
  if (services.length === 0) return [];
  if (environment !== undefined) return [{ name: environment, services: [...services], projects: [] }];
  // Node 20 has no Map.groupBy.
  const parts = new Map<string | undefined, Service[]>();
  for (const service of services) {
    const name = ownEnvironment(service);
    const part = parts.get(name);
    if (part === undefined) parts.set(name, [service]);
    else part.push(service);
  }
  const whole = (part: readonly Service[]) =>
    ["auth", "backend"].every((role) => part.some((one) => one.role === role));
  if (![...parts.values()].every(whole)) {
    const [name, ...others] = parts.keys();
    return [
      {
        ...(others.length === 0 && name !== undefined ? { name } : {}),
        services: [...services],
        projects: [],
      },
    ];
  }
  return Array.from(parts, ([name, part]) => ({
    ...(name === undefined ? {} : { name }),
    services: part,
    projects: [],
  }));
}

/** Two documents of one stack: the one that shows the source speaks; two that contradict each other show none. */
function mergeSource(a: Declared, b: Declared): Pick<Declared, "source" | "sourceUnseen"> {
  const shown = [a, b].filter(({ sourceUnseen }) => sourceUnseen === undefined);
  const [one, other] = shown.length > 0 ? shown : [a];
  const { source, sourceUnseen } = one ?? a;
  if (other !== undefined && other.source !== source) {
    return { sourceUnseen: "the documents do not say the same of the stack's output source" };
  }
  return {
    ...(source === undefined ? {} : { source }),
    ...(sourceUnseen === undefined ? {} : { sourceUnseen }),
  };
}

/** Two documents that list other accessors are of two moments, and nobody knows which counts. */
function mergeAccessors(a: Declared, b: Declared): Pick<Declared, "accessors" | "disputedAccessors"> {
  const lists = [a.accessors, b.accessors].filter((list) => list !== undefined);
  if (lists.length === 0) return {};
  const all = new Set([...lists.flat(), ...(a.disputedAccessors ?? []), ...(b.disputedAccessors ?? [])]);
  const accessors = [...all].filter((member) => lists.every((list) => list.includes(member)));
  const disputed = [...all].filter((member) => !accessors.includes(member));
  return { accessors, ...(disputed.length === 0 ? {} : { disputedAccessors: disputed }) };
}

/** Two documents of one stack show many things twice; what is equal but for its file counts once. */
function distinct<T extends object>(items: readonly T[]): T[] {
  const seen = new Map<string, T>();
  for (const item of items) {
    const { location: _, ...content } = { location: undefined, ...item };
    const key = JSON.stringify(content);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

function mergeDeclared(a: Declared | undefined, b: Declared | undefined): Declared | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const incomplete = [...new Set([a.incomplete, b.incomplete])]
    .filter((reason) => reason !== undefined)
    .join("; ");
  return {
    secrets: distinct([...a.secrets, ...b.secrets]),
    versions: distinct([...a.versions, ...b.versions]),
    grants: distinct([...a.grants, ...b.grants]),
    accounts: distinct([...a.accounts, ...b.accounts]),
    ...mergeAccessors(a, b),
    ...mergeSource(a, b),
    ...(incomplete === "" ? {} : { incomplete }),
  };
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
    before.services = [...before.services, ...part.services];
    before.projects = [...before.projects, ...part.projects];
    const declared = mergeDeclared(before.declared, part.declared);
    if (declared !== undefined) before.declared = declared;
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
