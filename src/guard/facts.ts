/** The services of the running program as the policy's facts, read by the readers that read a preview of it. */
import type * as pulumi from "@pulumi/pulumi";
import { gather } from "../documents/environments.ts";
import { readStack } from "../documents/pulumi/facts.ts";
import { readPreview } from "../documents/pulumi/preview.ts";
import { types } from "../documents/pulumi/resource.ts";
import type { Environment } from "../environment/environment.ts";
import type { Declared, Facts, Part, Reference, Service } from "../policy/facts.ts";
import { nameOf, previousVariable } from "../policy/variables.ts";
import { ignoredVariables } from "./cloud-run.ts";
import type { ReadInputs } from "./inputs.ts";
import type { Seen } from "./seen.ts";
import { Surroundings, step } from "./surroundings.ts";

/** A Cloud Run resource with its inputs. */
export interface ReadService extends ReadInputs {
  readonly urn: string;
  /** The provider the program gives it; undefined: the default one. */
  readonly provider?: pulumi.Resource | undefined;
  /** Paths whose changes are ignored. */
  readonly ignoreChanges: readonly string[];
}

/** What the program must put under every JWT variable's name. */
export interface DeclaredReference {
  /** A variable that carries it, as the program writes it; absent where the configuration says all of it. */
  readonly variable?: ReadInputs;
  /** One that carries the previous version, during a rotation. */
  readonly previous?: ReadInputs;
  /** Number of the project, where it is known. */
  readonly projectNumber?: string | undefined;
}

const file = "the program";
const declaredName = "the-declared-reference";

const known = (value: string): Part => ({ kind: "known", value });

/** What the policy is asked about. */
export interface GuardedFacts {
  /**
   * Declared are the one secret that the configuration names and the version in use, and nothing else. The services are
   * without the previous key, of which `rotation` tells.
   */
  readonly facts: Facts;
  /** All of it, the previous version declared too: what is known to be another version is not the one in use. */
  readonly rotation: Facts;
  /** The services of the program as it made them, with the roles of this project's own components. */
  readonly own: readonly Service[];
}

/**
 * The facts of one environment, whatever other secrets the program makes.
 *
 * @throws DocumentError when a service's inputs are not shaped like one's
 */
export async function factsOf(
  services: readonly ReadService[],
  declared: readonly DeclaredReference[],
  environment: Environment,
  seen: Seen,
): Promise<GuardedFacts> {
  const surroundings = new Surroundings(seen);
  const anchored = (name: string, variables: readonly (ReadInputs | undefined)[]) =>
    variables.flatMap((variable, index): ReadService[] => {
      const urn = seen.urnOf({ type: types.serviceV2, name: `${name}-${index}`, opts: {} });
      return variable === undefined ? [] : [{ ...variable, urn, ignoreChanges: [] }];
    });
  const current = anchored(
    declaredName,
    declared.map(({ variable }) => variable),
  );
  const previous = anchored(
    `${declaredName}-before`,
    declared.map((one) => one.previous),
  );
  const anchors = [...current, ...previous];
  const steps = await Promise.all([...services, ...anchors].map((one) => serviceStep(one, surroundings)));
  const stack = readStack(
    readPreview(
      {
        config: { "gcp:project": environment.project },
        steps: [...surroundings.steps, ...steps],
        changeSummary: {},
      },
      file,
    ),
  );
  const isOneOf =
    (some: readonly ReadService[]) =>
    ({ location }: Service) =>
      some.some(({ urn }) => urn === location.urn);
  const isAnchor = isOneOf(anchors);
  const ignored = new Map(services.map((one) => [one.urn, ignoredVariables(one.ignoreChanges)]));
  const own = stack.services
    .filter((service) => !isAnchor(service))
    .map((service) => withIgnored(service, ignored.get(service.location.urn ?? "")));
  const options = { reads: readsOf(environment), projects: projectsOf(environment, declared) };
  const gathered = (declared: Declared, services: Service[]): Facts =>
    gather([{ ...stack, kind: "pulumi", file, stack: environment.name, services, declared }], options);
  const inUse = around(environment, stack.services.filter(isOneOf(current)).flatMap(referencesOf));
  const before = stack.services.filter(isOneOf(previous)).flatMap(referencesOf);
  const versions = [...inUse.versions, ...before.map(asVersion("before"))];
  return {
    facts: gathered(inUse, own.map(withoutPrevious)),
    rotation: gathered({ ...inUse, versions }, own),
    own,
  };
}

async function serviceStep(service: ReadService, surroundings: Surroundings): Promise<object> {
  const { urn, inputs, dependencies } = service;
  const template = await surroundings.urnsOf(dependencies);
  const provider = await surroundings.provider(service.provider);
  return step(urn, {
    inputs: { ...inputs },
    propertyDependencies: { template },
    ...(provider !== undefined && { provider }),
  });
}

function withoutPrevious(service: Service): Service {
  if (!Array.isArray(service.containers)) return service;
  const containers = service.containers.map((container) => ({
    ...container,
    variables: container.variables.filter((variable) => nameOf(variable) !== previousVariable),
  }));
  return { ...service, containers };
}

/** Where changes are ignored, what is deployed stays: the inputs do not tell what that is. */
function withIgnored(service: Service, path: string | undefined): Service {
  if (path === undefined) return service;
  return {
    ...service,
    containers: { kind: "unknown", reason: `changes of ${path} are ignored, so what is deployed stays` },
  };
}

function referencesOf({ containers }: Service): Reference[] {
  if (!Array.isArray(containers)) return [];
  return containers.flatMap(({ variables }) =>
    variables.flatMap(({ value }) => (value.kind === "reference" ? [value.reference] : [])),
  );
}

const asVersion = (name: string) => (reference: Reference, index: number) => ({
  ...reference,
  urn: reference.version.kind === "settled" ? reference.version.urn : `${name}-${index}`,
  enabled: true,
  destroyedOnReplacement: false,
  location: {},
});

/** The one secret and the version in use, as the only declared ones. */
function around({ name, project, secret }: Environment, references: readonly Reference[]): Declared {
  const place = {
    project: known(secret.source === "existing" ? secret.project : project),
    secret: known(secret.name),
  };
  const versions =
    secret.source === "existing" ? [{ ...place, version: known(String(secret.current)) }] : references;
  return {
    secrets: [
      {
        ...place,
        urn: declaredName,
        environment: secret.source === "existing" ? { kind: "absent" } : known(name),
        protected: true,
        expires: false,
        location: {},
      },
    ],
    versions: versions.map(asVersion(declaredName)),
    grants: [],
    accounts: [],
  };
}

function readsOf({ services }: Environment): { auth: readonly string[]; backend: readonly string[] } {
  return { auth: services.auth.jwtVariables ?? [], backend: services.backend.jwtVariables ?? [] };
}

function projectsOf(
  { project, projectNumber }: Environment,
  declared: readonly DeclaredReference[],
): { id: string; number: string }[] {
  const numbers = new Set([projectNumber, ...declared.map((one) => one.projectNumber)]);
  return [...numbers].flatMap((number) => (number === undefined ? [] : [{ id: project, number }]));
}
