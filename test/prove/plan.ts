/**
 * A world as a program writes it down: which text stands for each reference, which resources it draws on, and what
 * is not known yet. Renderers print the plan; the view reads off it what a document can tell.
 */
import { shuffled } from "./dice.ts";
import {
  at,
  type Case,
  cycle,
  type Environment,
  email,
  type Grant,
  type Phase,
  type Ref,
  type Rendering,
  type Secret,
  type Service,
  type Spelling,
  type World,
} from "./model.ts";

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

const types = {
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
function phaseOf({ pulumi }: Rendering): Phase {
  return pulumi.kind === "preview" ? pulumi.phase : "settled";
}

export function plan(subject: Case): PlannedEnvironment[] {
  const counter = { next: 0 };
  return subject.world.environments.map((environment) => planEnvironment(subject, environment, counter));
}

function planEnvironment(
  subject: Case,
  environment: Environment,
  counter: { next: number },
): PlannedEnvironment {
  const { rendering, world } = subject;
  const phase = phaseOf(rendering);
  const base: Status = phase === "first" ? "create" : "same";
  const stack = environment.name;
  const secrets: PlannedSecret[] = environment.secrets.map((secret) => ({
    secret,
    urn: urnOf(stack, types.secret, secret.resource),
    status: base,
    versions: secret.versions.map(({ number }, index) => ({
      number,
      index,
      urn: urnOf(stack, types.version, `${secret.resource}-g${number}`),
      status:
        phase === "rotation" && secret.id.includes("jwt") && index === secret.versions.length - 1
          ? "create"
          : base,
    })),
  }));
  const accounts = planAccounts(world, environment, base);
  const all = [
    ...environment.services.map((service) => ({ service, leaving: false })),
    ...environment.leaving.map((service) => ({ service, leaving: true })),
  ];
  const services = all.map(({ service, leaving }, position) =>
    planService(subject, environment, secrets, accounts, service, position, leaving, counter),
  );
  const unknownMembers = phase === "first" && rendering.pulumi.unknownAccounts;
  const byOutput = cycle(rendering.spellings, 0).secret.startsWith("output");
  const grants = environment.grants.map((grant, index): PlannedGrant => {
    const target = secrets.find(
      ({ secret }) => secret.id === grant.secret && secret.project === grant.project,
    );
    const drawn = grant.members.map((member) =>
      accounts.find((account) => `serviceAccount:${account.email}` === member),
    );
    return {
      grant,
      urn: urnOf(stack, types[grant.form], `grant-${index}`),
      status: base,
      secret:
        target && byOutput
          ? target.status === "create"
            ? unknown
            : pathOf(world, { project: grant.project, secret: grant.secret, version: null }, "id")
          : grant.secret,
      members: grant.members.map((member, position) =>
        unknownMembers && drawn[position] ? unknown : member,
      ),
      secretDrawsOn: target ? [target.urn] : [],
      membersDrawOn: [...new Set(drawn.flatMap((account) => (account ? [account.urn] : [])))],
    };
  });
  return {
    environment,
    services,
    secrets,
    grants,
    accounts,
    stack: base,
  };
}

function planAccounts(world: World, environment: Environment, status: Status): PlannedAccount[] {
  const named = new Map<string, PlannedAccount>();
  for (const service of environment.services) {
    if (service.account === null || named.has(service.account)) continue;
    named.set(service.account, {
      urn: urnOf(environment.name, types.account, service.account),
      name: service.account,
      email: email(world, service),
      status,
    });
  }
  return [...named.values()];
}

function planService(
  { rendering, world }: Case,
  environment: Environment,
  secrets: PlannedSecret[],
  accounts: PlannedAccount[],
  service: Service,
  position: number,
  leaving: boolean,
  counter: { next: number },
): PlannedService {
  const pulumi = rendering.family === "pulumi";
  const knative = pulumi
    ? service.kind === "service" && cycle(rendering.pulumi.knative, position)
    : rendering.cloudrun.kind === "v1";
  const aliases = new Map<string, string>();
  const targets: string[] = [];
  const write = (ref: Ref): Written => {
    const spelling = cycle(rendering.spellings, counter.next++);
    return writeReference(
      world,
      rendering.family === "pulumi" ? secrets : [],
      service,
      knative,
      ref,
      spelling,
      (path) => {
        const known = [...aliases].find(([, target]) => target === path);
        if (known) return known[0];
        // An alias may be called anything, what another secret is called included.
        const alias =
          targets.length === 0 ? `jwt-secret-${environment.name}-alias` : `alias-${targets.length}`;
        targets.push(path);
        aliases.set(alias, path);
        return alias;
      },
    );
  };
  const containers = service.containers.map((container) => ({
    name: container.name,
    variables: shuffled(container.variables, rendering.order).map(
      ({ name, value }): WrittenVariable =>
        value.kind === "literal"
          ? { name, value: { kind: "literal", text: value.text } }
          : { name, value: { kind: "reference", ...write(value.ref) } },
    ),
    files: container.files.map(({ file, ref }) => ({ file, ...write(ref) })),
  }));
  const account = accounts.find(({ name }) => name === service.account);
  const unknownAccount =
    pulumi && phaseOf(rendering) === "first" && rendering.pulumi.unknownAccounts && account !== undefined;
  const status: Status = leaving
    ? "leaving"
    : phaseOf(rendering) === "first"
      ? "create"
      : cycle(rendering.pulumi.changed, position)
        ? "update"
        : "same";
  const type = service.kind === "revision" ? types.service : knative ? types.knative : types[service.kind];
  const drawn = containers.flatMap(({ variables, files }) => [
    ...variables.flatMap(({ value }) => (value.kind === "reference" ? value.drawsOn : [])),
    ...files.flatMap(({ drawsOn }) => drawsOn),
  ]);
  return {
    service,
    urn: urnOf(environment.name, type, service.resource),
    status,
    knative,
    hidden: pulumi && cycle(rendering.pulumi.hidden, position),
    revision: !pulumi && knative && cycle(rendering.cloudrun.revision, position),
    containers,
    aliases: Object.fromEntries(aliases),
    account: service.account === null ? null : unknownAccount ? unknown : email(world, service),
    drawsOn: [...new Set([...(account ? [account.urn] : []), ...drawn])],
  };
}

function writeReference(
  world: World,
  secrets: readonly PlannedSecret[],
  service: Service,
  knative: boolean,
  ref: Ref,
  spelling: Spelling,
  alias: (path: string) => string,
): Written {
  const placeholder = ref.secret.startsWith("$");
  const target = secrets.find(({ secret }) => secret.id === ref.secret && secret.project === ref.project);
  const version = target?.versions.find(({ number }) => number === ref.version);
  const drawsOn: string[] = [];
  let writtenVersion = ref.version;
  if (spelling.version === "output" && version) {
    drawsOn.push(version.urn);
    if (version.status === "create") writtenVersion = unknown;
  }
  const home = ref.project === service.project;
  let style = spelling.secret;
  if (placeholder) style = "short";
  // A program that writes a name or an account's project by hand draws on nothing.
  if (!target && style === "output-id") style = "id";
  if (!target && style === "output-name") style = "number";
  if (style === "short" && !home) style = knative ? "alias" : "id";
  if (knative && style !== "short") style = style.startsWith("output") && home ? "short" : "alias";
  if (!knative && style === "alias") style = "id";
  let secret: string;
  switch (style) {
    case "short":
      secret = ref.secret;
      if (target) drawsOn.push(target.urn);
      break;
    case "alias":
      secret = alias(pathOf(world, ref, spelling.secret === "number" ? "number" : "id"));
      break;
    case "output-id":
    case "output-name":
      drawsOn.push(target?.urn ?? "");
      secret =
        target?.status === "create" ? unknown : pathOf(world, ref, style === "output-id" ? "id" : "number");
      break;
    default:
      secret = pathOf(world, ref, style);
  }
  return { secret, version: writtenVersion, drawsOn };
}

export function pathOf(world: World, ref: Ref, by: "id" | "number"): string {
  return `projects/${at(world.projects, ref.project)[by]}/secrets/${ref.secret}`;
}
