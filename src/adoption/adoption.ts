/** Puts together what adopting an environment takes: documents in, files and a report out. Reads and writes nothing. */
import { type CheckedDocument, checkDocuments } from "../check.ts";
import { readDocument } from "../documents/document.ts";
import { gather } from "../documents/environments.ts";
import { DocumentError } from "../documents/error.ts";
import type { Environment as Facts, Role } from "../policy/facts.ts";
import { roles } from "../policy/facts.ts";
import type { Report } from "../policy/report.ts";
import { jwtVariables } from "../policy/variables.ts";
import { type Inventory, merge, readAccessors, readInventory } from "./inventory.ts";
import { type Key, keyOf } from "./key.ts";
import { type Place, type ProjectOptions, placeOf } from "./place.ts";
import { type Plan, planOf } from "./plan.ts";
import { type Problem, problem } from "./problem.ts";
import { type Pair, pairOf } from "./roles.ts";
import { obstacles } from "./serving.ts";

/** A file and its bytes or text. */
export interface AdoptedFile {
  readonly file: string;
  readonly content: Uint8Array | string;
}

/** Everything the user gives. */
export interface AdoptionInput extends ProjectOptions {
  readonly files: readonly AdoptedFile[];
  /** IAM policies, each with the secret it is of. */
  readonly policies: readonly (AdoptedFile & { readonly secret: string })[];
  readonly environment: string;
  readonly named: Readonly<Partial<Record<Role, readonly string[]>>>;
  readonly reads: Readonly<Partial<Record<Role, readonly string[]>>>;
  /** Paths of definitions that the user gives up. */
  readonly ignore: readonly string[];
  /** Files that could not even be read. */
  readonly unread: readonly DocumentError[];
}

/** What is known, and the plan where nothing stands in its way. */
export interface Adoption {
  readonly environment: string;
  /** What the check says of the services today; undefined when no service could be read. */
  readonly today?: Report;
  readonly problems: readonly Problem[];
  readonly pair?: Pair;
  readonly place?: Place;
  readonly key?: Key;
  readonly plan?: Plan;
}

interface Sorted {
  readonly inventory: Inventory;
  /** The files that hold services. */
  readonly services: readonly CheckedDocument[];
  readonly problems: readonly Problem[];
}

function sorted(input: AdoptionInput): Sorted {
  const inventories: Inventory[] = [];
  const services: CheckedDocument[] = [];
  const problems = input.unread.map((error) => problem(error.describe()));
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      problems.push(problem(error.describe()));
    }
  };
  for (const { file, content } of input.files) {
    attempt(() => {
      const inventory = readInventory(content, file);
      inventories.push(inventory);
      if (inventory.services.length > 0) services.push({ file, content });
    });
  }
  return { inventory: merge(inventories), services, problems };
}

/** Facts of the services, as the check has them. */
function factsOf(services: readonly CheckedDocument[], input: AdoptionInput): Facts {
  const documents = services.flatMap(({ file, content }) =>
    typeof content === "string" || content instanceof Uint8Array ? [readDocument(content, { file })] : [],
  );
  const [facts] = gather(documents, optionsOf(input)).environments;
  return facts ?? { services: [], projects: [] };
}

function optionsOf({ environment, named, reads, project, projects }: AdoptionInput) {
  return {
    environment,
    named,
    reads,
    projects: [...projects],
    ...(project !== undefined && { project }),
  };
}

/** IDs and numbers that are known to be of one project. */
function projectsOf(place: Place, input: AdoptionInput): { id: string; number: string }[] {
  return place.number === undefined
    ? [...input.projects]
    : [{ id: place.project, number: place.number }, ...input.projects];
}

function filesOf(facts: Facts, role: Role): string[] {
  return facts.services
    .filter((service) => service.role === role)
    .flatMap(jwtVariables)
    .filter(({ variable }) => variable.via === "file")
    .map(({ variable }) => variable.name);
}

/** The policies, each with its secret as it is named on the command line. @returns problems for unreadable ones */
function accessorsOf(input: AdoptionInput): { members: Map<string, string[]>; problems: Problem[] } {
  const members = new Map<string, string[]>();
  const problems: Problem[] = [];
  for (const { secret, file, content } of input.policies) {
    try {
      members.set(secret, readAccessors(content, file));
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      problems.push(problem(error.describe()));
    }
  }
  return { members, problems };
}

/** Plans the adoption of an environment, or says everything that stands in its way. */
export function adopt(input: AdoptionInput): Adoption {
  const { environment } = input;
  const { inventory, services, problems: unreadable } = sorted(input);
  const { members, problems: unreadPolicies } = accessorsOf(input);
  const problems: Problem[] = [...unreadable, ...unreadPolicies];
  if (services.length === 0) {
    return {
      environment,
      problems:
        problems.length > 0
          ? problems
          : [problem("no service is given: give the files of auth and of backend")],
    };
  }
  const facts = factsOf(services, input);
  const today = checkDocuments({ ...optionsOf(input), documents: services }).report;
  const pair = pairOf(facts, inventory.services, environment);
  if ("problems" in pair) return { environment, today, problems: [...problems, ...pair.problems] };
  for (const role of roles) {
    const files = filesOf(facts, role);
    problems.push(...obstacles(role, pair.definitions[role], pair.facts[role], files, input.ignore));
  }
  const located = placeOf(pair.definitions, input);
  const place = "place" in located ? located.place : undefined;
  const known: Facts = {
    ...facts,
    projects: place === undefined ? [...input.projects] : projectsOf(place, input),
  };
  const found = keyOf(pair.facts, known, inventory.secrets, {
    project: place?.project ?? input.project ?? "PROJECT",
    since: pair.definitions.auth.since,
  });
  if ("problems" in located) problems.push(...located.problems);
  if ("problems" in found) problems.push(...found.problems);
  if (place === undefined || !("key" in found)) return { environment, today, pair, problems };
  const { key } = found;
  const planned = planOf({
    environment,
    pair,
    place,
    key,
    projects: known.projects,
    accounts: inventory.accounts,
    accessors: members,
  });
  const all = [...problems, ...planned.problems];
  return {
    environment,
    today,
    problems: all,
    pair,
    place,
    key,
    ...(all.length === 0 && planned.plan !== undefined && { plan: planned.plan }),
  };
}
