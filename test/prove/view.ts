/**
 * What a document still shows of the world: the truth with everything blotted out that the rendering hides.
 * Derived from the plan, not from the printed text, and without any knowledge of the readers.
 */
import { at, type Case, type Grant, type Kind, type Secret, type Serving } from "./model.ts";
import { type PlannedEnvironment, type PlannedService, unknown, type Written } from "./plan.ts";

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
  /** The number of one of these SecretVersions. */
  | { kind: "one-of"; urns: string[] }
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
  existing: boolean;
}

export interface View {
  environments: SeenEnvironment[];
  /** IDs and numbers known to be of one project. */
  matches: { id: string; number: string }[];
}

export function look(subject: Case, planned: readonly PlannedEnvironment[]): View {
  return subject.rendering.family === "pulumi"
    ? lookAtPulumi(subject, planned)
    : lookAtCloudRun(subject, planned);
}

function given({ options, world }: Case): View["matches"] {
  return options.matched.map((index) => at(world.projects, index));
}

function lookAtPulumi(subject: Case, planned: readonly PlannedEnvironment[]): View {
  const { world, rendering } = subject;
  const { pulumi } = rendering;
  const preview = pulumi.kind === "preview";
  const matches = given(subject);
  const environments = planned.map((plannedEnvironment): SeenEnvironment => {
    const { environment } = plannedEnvironment;
    const shown = ({ status }: { status: string }) =>
      status !== "leaving" && (!preview || status !== "same" || pulumi.showSames);
    const everything = [
      ...plannedEnvironment.services,
      ...plannedEnvironment.secrets,
      ...plannedEnvironment.secrets.flatMap(({ versions }) => versions),
      ...plannedEnvironment.grants,
      ...plannedEnvironment.accounts,
    ];
    const created = (status: string) => preview && status === "create";
    for (const secret of plannedEnvironment.secrets) {
      // A Secret that stands shows its id (with the project's ID) beside its name (with the number).
      if (shown(secret) && !created(secret.status)) matches.push(at(world.projects, secret.secret.project));
    }
    const idOf = (project: number): ProjectAtom => `id:${at(world.projects, project).id}`;
    return {
      name: environment.name,
      pulumi: true,
      preview,
      incomplete: everything.some((item) => item.status !== "leaving" && !shown(item)),
      services: plannedEnvironment.services
        .filter(shown)
        .map((service) =>
          seeService(subject, service, idOf(service.service.project), plannedEnvironment, preview),
        ),
      secrets: plannedEnvironment.secrets.filter(shown).map(({ secret, urn, versions }) => ({
        urn,
        project: idOf(secret.project),
        secret,
        versions: versions.filter(shown).map(({ urn: versionUrn, number, status, index }) => ({
          urn: versionUrn,
          number: created(status) ? null : number,
          enabled: at(secret.versions, index).enabled,
          destroyed: [null, "DELETE"].includes(at(secret.versions, index).deletionPolicy),
        })),
      })),
      grants: plannedEnvironment.grants.filter(shown).map((planned): SeenGrant => {
        const hidden = preview && planned.secret === unknown;
        const members = preview ? planned.members : planned.grant.members;
        return {
          grant: planned.grant,
          project: idOf(planned.grant.project),
          secret: hidden ? null : planned.grant.secret,
          urn: hidden ? (planned.secretDrawsOn[0] ?? null) : null,
          members: members.map((member) => (member === unknown ? null : member)),
          candidates: planned.membersDrawOn,
          opaque: planned.grant.form.endsWith("policy") && members.includes(unknown),
        };
      }),
      existing: environment.source === "existing",
    };
  });
  return { environments, matches };
}

function lookAtCloudRun(subject: Case, planned: readonly PlannedEnvironment[]): View {
  const { world, rendering, options } = subject;
  const { cloudrun } = rendering;
  let file = 0;
  const services = planned.flatMap((environment) =>
    environment.services
      .filter(({ status }) => status !== "leaving")
      .map((service) => {
        const project = at(world.projects, service.service.project);
        const scope = cloudrun.layout === "one-file-each" ? file++ : 0;
        const unnamed =
          options.project === undefined ? `file:${scope}` : `id:${at(world.projects, options.project).id}`;
        const atom =
          cloudrun.namespace === "number"
            ? `number:${project.number}`
            : cloudrun.namespace === "id" || cloudrun.kind === "v2"
              ? `id:${project.id}`
              : unnamed;
        return seeService(subject, service, atom, environment, false);
      }),
  );
  const parts = part(services);
  const fillsBoth = (group: SeenService[]) =>
    (["auth", "backend"] as const).every((role) => group.some((service) => mayBe(subject, service, role)));
  const groups = parts.length > 1 && parts.every(fillsBoth) ? parts : services.length > 0 ? [services] : [];
  return {
    matches: given(subject),
    environments: groups.map((group) => ({
      name: options.environment,
      pulumi: false,
      preview: false,
      incomplete: false,
      services: group,
      secrets: [],
      grants: [],
      existing: false,
    })),
  };
}

/** Services by their ENVIRONMENT; those that do not say one are a part of their own. */
function part(services: readonly SeenService[]): SeenService[][] {
  const parts = new Map<string, SeenService[]>();
  for (const service of services) {
    const key = environmentOf(service) ?? "";
    parts.set(key, [...(parts.get(key) ?? []), service]);
  }
  return [...parts.values()];
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

function seeService(
  subject: Case,
  planned: PlannedService,
  project: ProjectAtom,
  environment: PlannedEnvironment,
  preview: boolean,
): SeenService {
  const { service, aliases, account, hidden } = planned;
  const see = (written: Written): SeenRef => seeRef(written, project, aliases, planned, environment, preview);
  const containers = planned.containers.map(
    ({ variables, files }): SeenContainer => ({
      variables: variables.map(({ name, value }) => ({
        name,
        value:
          value.kind === "reference"
            ? { kind: "reference", ref: see(value) }
            : value.text.includes("${")
              ? { kind: "placeholder" }
              : { kind: "literal", text: value.text },
      })),
      files: files.map((written) => ({ file: written.file, ref: see(written) })),
    }),
  );
  const live = subject.rendering.family === "cloudrun" && !planned.revision;
  return {
    kind: service.kind,
    name: service.name,
    region: service.region,
    project,
    account: seeAccount(planned, account, environment, preview),
    containers: hidden ? "hidden" : containers,
    serving: live ? service.serving : "not said",
    revision: planned.revision,
    print: JSON.stringify([containers, service.serving, account, planned.revision]),
  };
}

function seeAccount(
  planned: PlannedService,
  account: string | null,
  environment: PlannedEnvironment,
  preview: boolean,
): SeenService["account"] {
  if (account === null) return { kind: "default" };
  const resource = environment.accounts.find(({ name }) => name === planned.service.account);
  if (account === unknown && resource) {
    return preview
      ? { kind: "urn", urn: resource.urn }
      : { kind: "member", member: `serviceAccount:${resource.email}` };
  }
  return { kind: "member", member: `serviceAccount:${account}` };
}

function seeRef(
  { secret, version }: Written,
  home: ProjectAtom,
  aliases: Readonly<Record<string, string>>,
  planned: PlannedService,
  environment: PlannedEnvironment,
  preview: boolean,
): SeenRef {
  // A sentinel may be any of the resources the template draws on that do not exist yet.
  const drawn = new Set(planned.drawsOn);
  const newSecrets = environment.secrets.filter(
    ({ urn, status, versions }) =>
      status === "create" && (drawn.has(urn) || versions.some((version) => drawn.has(version.urn))),
  );
  const newVersions = environment.secrets
    .flatMap(({ versions }) => versions)
    .filter(({ urn, status }) => status === "create" && drawn.has(urn));
  return {
    secret: seeSecret(
      secret,
      home,
      aliases,
      newSecrets.map(({ urn }) => urn),
      preview,
    ),
    version:
      version === unknown && preview
        ? { kind: "one-of", urns: newVersions.map(({ urn }) => urn) }
        : version?.includes("${")
          ? { kind: "free" }
          : { kind: "known", text: version },
  };
}

function seeSecret(
  text: string,
  home: ProjectAtom,
  aliases: Readonly<Record<string, string>>,
  candidates: string[],
  preview: boolean,
): SecretSlot {
  if (text === unknown && preview) return { kind: "one-of", urns: candidates };
  const path = aliases[text] ?? text;
  if (path.includes("${")) return { kind: "free" };
  const [first, project, second, secret] = path.split("/");
  if (first !== "projects" || second !== "secrets" || !project || !secret) {
    return { kind: "known", project: home, secret: path };
  }
  return { kind: "known", project: `${/^\d+$/.test(project) ? "number" : "id"}:${project}`, secret };
}
