/** Reads off a plan what the documents made of it can tell. */
import { at, type Case } from "../model.ts";
import { type PlannedEnvironment, unknown } from "../plan/planned.ts";
import { seeService } from "./see.ts";
import {
  environmentOf,
  mayBe,
  type ProjectAtom,
  type SeenEnvironment,
  type SeenGrant,
  type SeenService,
  type View,
} from "./view.ts";

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
  const all = given(subject);
  const environments = planned.map((plannedEnvironment): SeenEnvironment => {
    const matches = given(subject);
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
      source: sourceOf(subject, plannedEnvironment),
      matches,
    };
  });
  return { environments, matches: [...all, ...environments.flatMap(({ matches }) => matches)] };
}

/** A state shows all outputs; a preview its configuration, and the outputs that were. */
function sourceOf(
  { rendering }: Case,
  { environment, stack }: PlannedEnvironment,
): SeenEnvironment["source"] {
  const { kind, configured } = rendering.pulumi;
  const shown = kind !== "preview" || (environment.source !== null && (configured || stack !== "create"));
  if (!shown) return "unseen";
  return environment.source === "existing" ? "existing" : "here";
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
  // A service that is seen to have nothing to do with the key has no say in which environments there are.
  const parts = part(services.filter((service) => !isBystander(subject, service)));
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
      source: "unseen",
      matches: given(subject),
    })),
  };
}

function isBystander(subject: Case, service: SeenService): boolean {
  const { containers } = service;
  if (containers === "hidden" || mayBe(subject, service, "auth") || mayBe(subject, service, "backend"))
    return false;
  const names = containers.flatMap(({ variables, files }) => [
    ...variables.map(({ name }) => name),
    ...files.map(({ file }) => file),
  ]);
  return !names.some((name) => /jwt.secret/i.test(name));
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
