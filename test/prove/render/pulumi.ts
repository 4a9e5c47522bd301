/** A world as Pulumi prints it: `preview --json`, `stack export` and the checkpoint of a local backend. */
import { shuffled } from "../dice.ts";
import { at, type Case, type Environment, type Rendering, type World } from "../model.ts";
import {
  type PlannedEnvironment,
  type PlannedService,
  pathOf,
  type Status,
  typeOf,
  unknown,
  urnOf,
  type Written,
} from "../plan.ts";
import type { Json, JsonObject } from "./json.ts";

/** One resource of the stack, before it is a step of a preview or an entry of a state. */
interface Resource {
  urn: string;
  status: Status;
  protect?: boolean;
  id: string;
  inputs: JsonObject;
  outputs: JsonObject;
  propertyDependencies: Record<string, string[]>;
}

/** As the engine marks a secret in a state. */
const ciphertext: JsonObject = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:xpEsTluA86YCtY9k:C96jls1u98czvMJwO3IlZ7fRyf31IWhH0czXvgkYZ0i34jikfaT3EAYWv8xIso0z",
};

export function renderPulumi(subject: Case, planned: PlannedEnvironment): Json {
  const { rendering, world } = subject;
  const resources = shuffled(resourcesOf(world, planned, rendering), rendering.order);
  return rendering.pulumi.kind === "preview"
    ? preview(world, planned, resources, rendering)
    : state(world, planned, resources, rendering);
}

function resourcesOf(world: World, planned: PlannedEnvironment, rendering: Rendering): Resource[] {
  const { environment } = planned;
  const home = at(world.projects, environment.home);
  const inState = rendering.pulumi.kind !== "preview";
  const resources: Resource[] = [];
  for (const { urn, name, email, status } of planned.accounts) {
    const id = `projects/${home.id}/serviceAccounts/${email}`;
    resources.push({
      urn,
      status,
      id,
      inputs: defaults({ accountId: name }),
      outputs: { accountId: name, email, id, member: `serviceAccount:${email}`, name: id, project: home.id },
      propertyDependencies: { accountId: [] },
    });
  }
  for (const { secret, urn, status, versions } of planned.secrets) {
    const ref = { project: secret.project, secret: secret.id, version: null };
    const project = at(world.projects, secret.project);
    const ttl: JsonObject = secret.ttl ? { ttl: "86400s" } : {};
    const foreign: JsonObject = secret.project === environment.home ? {} : { project: project.id };
    resources.push({
      urn,
      status,
      protect: secret.protect,
      id: pathOf(world, ref, "id"),
      inputs: defaults({
        deletionProtection: true,
        ...(secret.label === null ? {} : { labels: { environment: secret.label } }),
        replication: defaults({ auto: defaults({}) }),
        secretId: secret.id,
        ...ttl,
        ...foreign,
      }),
      outputs: {
        deletionProtection: true,
        expireTime: "",
        id: pathOf(world, ref, "id"),
        labels: secret.label === null ? null : { environment: secret.label },
        name: pathOf(world, ref, "number"),
        project: project.id,
        secretId: secret.id,
        ttl: secret.ttl ? "86400s" : null,
      },
      propertyDependencies: { secretId: [], labels: [] },
    });
    for (const { urn: versionUrn, number, status: versionStatus, index } of versions) {
      const { enabled, deletionPolicy } = at(secret.versions, index);
      const name = `${pathOf(world, ref, "number")}/versions/${number}`;
      const policy: JsonObject = deletionPolicy === null ? {} : { deletionPolicy };
      const hidden: Json = inState ? ciphertext : "[secret]";
      resources.push({
        urn: versionUrn,
        status: versionStatus,
        id: name,
        inputs: defaults({
          ...policy,
          enabled,
          secret: status === "create" && !inState ? unknown : pathOf(world, ref, "id"),
          secretData: hidden,
        }),
        outputs: {
          deletionPolicy: deletionPolicy ?? "DELETE",
          destroyTime: "",
          enabled,
          id: name,
          name,
          project: null,
          secret: pathOf(world, ref, "id"),
          secretData: hidden,
          version: number,
        },
        propertyDependencies: { deletionPolicy: [], secret: [urn], secretData: [] },
      });
    }
  }
  for (const { grant, urn, status, secret, members, secretDrawsOn, membersDrawOn } of planned.grants) {
    const onProject = grant.form.startsWith("project-");
    const project = at(world.projects, grant.project).id;
    const target: JsonObject = onProject
      ? { project }
      : {
          secretId: inState && secret === unknown ? pathOf(world, { ...grant, version: null }, "id") : secret,
          ...(grant.project === environment.home ? {} : { project }),
        };
    const known = inState ? grant.members : members;
    const condition: JsonObject = grant.conditional
      ? { condition: { title: "hours", expression: "request.time.getHours() < 18" } }
      : {};
    const form = grant.form.replace("project-", "");
    let inputs: JsonObject;
    let property: string;
    if (form === "member") {
      property = "member";
      inputs = { ...target, role: grant.role, member: known[0] ?? "user:nobody@example.com", ...condition };
    } else if (form === "binding") {
      property = "members";
      inputs = { ...target, role: grant.role, members: known, ...condition };
    } else {
      property = "policyData";
      const policyData = JSON.stringify({ bindings: [{ role: grant.role, members: known, ...condition }] });
      inputs = { ...target, policyData: known.includes(unknown) ? unknown : policyData };
    }
    resources.push({
      urn,
      status,
      id: `${project}/${grant.role}`,
      inputs: defaults(inputs),
      outputs: { ...inputs, etag: "8joaD9zT", project },
      propertyDependencies: { ...(onProject ? {} : { secretId: secretDrawsOn }), [property]: membersDrawOn },
    });
  }
  for (const service of planned.services) {
    resources.push(serviceResource(world, environment, service, inState));
  }
  return resources;
}

function serviceResource(
  world: World,
  environment: Environment,
  planned: PlannedService,
  inState: boolean,
): Resource {
  const { service, knative, urn, status, hidden, drawsOn } = planned;
  const project = at(world.projects, service.project);
  const foreign: JsonObject = service.project === environment.home ? {} : { project: project.id };
  const conceal = (containers: Json): Json => (hidden ? (inState ? ciphertext : "[secret]") : containers);
  const id = `projects/${project.id}/locations/${service.region}/services/${service.name}`;
  const outputs: JsonObject = { id, name: service.name, project: project.id };
  let inputs: JsonObject;
  if (knative) {
    const annotations: JsonObject = hasKeys(planned.aliases)
      ? { metadata: defaults({ annotations: aliasAnnotation(planned.aliases) }) }
      : {};
    inputs = {
      location: service.region,
      name: service.name,
      ...foreign,
      template: defaults({
        ...annotations,
        spec: defaults({
          containers: conceal(
            planned.containers.map((container) =>
              defaults({
                image: "us-docker.pkg.dev/acme/apps/app:1",
                name: container.name,
                envs: container.variables.map(({ name, value }) =>
                  value.kind === "literal"
                    ? defaults({ name, value: value.text })
                    : defaults({ name, valueFrom: defaults({ secretKeyRef: keyRef(value) }) }),
                ),
                ...listUnlessEmpty(
                  "volumeMounts",
                  container.files.map((_, index) =>
                    defaults({ name: `${container.name}-${index}`, mountPath: `/secrets/${index}` }),
                  ),
                ),
              }),
            ),
          ),
          ...account("serviceAccountName", planned.account),
          ...listUnlessEmpty(
            "volumes",
            planned.containers.flatMap((container) =>
              container.files.map((file, index) =>
                defaults({
                  name: `${container.name}-${index}`,
                  secret: defaults({
                    secretName: file.secret,
                    items: [
                      defaults({ path: file.file, ...(file.version === null ? {} : { key: file.version }) }),
                    ],
                  }),
                }),
              ),
            ),
          ),
        }),
      }),
    };
  } else {
    const inner = defaults({
      containers: conceal(
        planned.containers.map((container) =>
          defaults({
            image: "us-docker.pkg.dev/acme/apps/app:1",
            name: container.name,
            envs: container.variables.map(({ name, value }) =>
              value.kind === "literal"
                ? defaults({ name, value: value.text })
                : defaults({ name, valueSource: defaults({ secretKeyRef: defaults(secretRef(value)) }) }),
            ),
            ...listUnlessEmpty(
              "volumeMounts",
              container.files.map((_, index) =>
                defaults({ name: `${container.name}-${index}`, mountPath: `/secrets/${index}` }),
              ),
            ),
          }),
        ),
      ),
      ...account("serviceAccount", planned.account),
      ...listUnlessEmpty(
        "volumes",
        planned.containers.flatMap((container) =>
          container.files.map((file, index) =>
            defaults({
              name: `${container.name}-${index}`,
              secret: defaults({
                secret: file.secret,
                items: [
                  defaults({ path: file.file, ...(file.version === null ? {} : { version: file.version }) }),
                ],
              }),
            }),
          ),
        ),
      ),
    });
    inputs = {
      deletionProtection: false,
      location: service.region,
      name: service.name,
      ...foreign,
      template: service.kind === "job" ? defaults({ template: inner }) : inner,
    };
  }
  return {
    urn,
    status,
    id,
    inputs: defaults(inputs),
    outputs,
    propertyDependencies: { location: [], name: [], template: drawsOn },
  };
}

function preview(
  world: World,
  planned: PlannedEnvironment,
  resources: Resource[],
  { pulumi }: Rendering,
): Json {
  const { environment } = planned;
  const stackUrn = urnOf(environment.name, "pulumi:pulumi:Stack", `jwt-secret-${environment.name}`);
  const steps: Json[] = [];
  const summary: Record<string, number> = {};
  const stackState: JsonObject = { urn: stackUrn, custom: false, type: "pulumi:pulumi:Stack" };
  const stackOutputs: JsonObject = environment.source === null ? {} : { source: environment.source };
  if (planned.stack === "create") {
    steps.push({ op: "create", urn: stackUrn, newState: stackState, detailedDiff: null });
  } else {
    steps.push({
      op: "same",
      urn: stackUrn,
      oldState: { ...stackState, outputs: stackOutputs },
      newState: stackState,
      detailedDiff: null,
    });
  }
  count(summary, planned.stack);
  const leaving: Json[] = [];
  for (const resource of resources) {
    const states = { oldState: oldState(resource, stackUrn, true), newState: newState(resource, stackUrn) };
    const common = { urn: resource.urn, detailedDiff: null };
    const shown = resource.status !== "same" || pulumi.showSames;
    if (pulumi.refresh && resource.status !== "create" && shown) {
      // A refresh comes first and shows the resource as it was found.
      steps.push({ op: "refresh", ...common, oldState: states.oldState, newState: states.oldState });
    }
    switch (resource.status) {
      case "create":
        steps.push({ op: "create", ...common, newState: states.newState });
        break;
      case "update":
        steps.push({ op: "update", ...common, ...states, diffReasons: ["template"] });
        break;
      case "leaving":
        leaving.push({ op: "delete", ...common, oldState: states.oldState });
        break;
      default:
        if (pulumi.showSames) steps.push({ op: "same", ...common, ...states });
    }
    count(summary, resource.status);
  }
  return {
    config: {
      "gcp:project": at(world.projects, environment.home).id,
      "gcp:region": "us-central1",
      ...(environment.source === null
        ? {}
        : { "jwt-secret:secret": JSON.stringify({ source: environment.source, current: 1 }) }),
    },
    steps: [...steps, ...leaving],
    diagnostics: [],
    duration: 1_000_000_000,
    changeSummary: summary,
  };
}

function count(summary: Record<string, number>, status: Status): void {
  const op = status === "leaving" ? "delete" : status;
  summary[op] = (summary[op] ?? 0) + 1;
}

function newState(resource: Resource, parent: string): JsonObject {
  return {
    urn: resource.urn,
    custom: true,
    type: typeOf(resource.urn),
    inputs: resource.inputs,
    parent,
    ...(resource.protect === undefined ? {} : { protect: resource.protect }),
    propertyDependencies: resource.propertyDependencies,
    sourcePosition: "project:///index.ts#23,10",
  };
}

/** What stands. Where the preview changes a resource, the references that it had were other ones. */
function oldState(resource: Resource, parent: string, changing: boolean): JsonObject {
  const state = newState(resource, parent);
  const inputs =
    changing && resource.status === "update"
      ? JSON.parse(JSON.stringify(resource.inputs).replaceAll("jwt-", "outdated-"))
      : resource.inputs;
  return { ...state, inputs, id: resource.id, outputs: resource.outputs };
}

function state(
  world: World,
  planned: PlannedEnvironment,
  resources: Resource[],
  { pulumi }: Rendering,
): Json {
  const { environment } = planned;
  const stackUrn = urnOf(environment.name, "pulumi:pulumi:Stack", `jwt-secret-${environment.name}`);
  const provider: JsonObject = { project: at(world.projects, environment.home).id, region: "us-central1" };
  const entries: Json[] = [
    {
      urn: stackUrn,
      custom: false,
      type: "pulumi:pulumi:Stack",
      outputs: environment.source === null ? {} : { source: environment.source },
    },
    {
      urn: urnOf(environment.name, "pulumi:providers:gcp", "default_9_35_0"),
      custom: true,
      id: "d7bf6446-ea1d-42fc-850b-8a814483ff2a",
      type: "pulumi:providers:gcp",
      inputs: provider,
      outputs: provider,
    },
    ...resources.map(
      (resource): Json => ({
        ...oldState(resource, stackUrn, false),
        ...(resource.status === "leaving" ? { delete: true } : {}),
        provider: `${urnOf(environment.name, "pulumi:providers:gcp", "default_9_35_0")}::d7bf6446-ea1d-42fc-850b-8a814483ff2a`,
      }),
    ),
  ];
  const deployment: JsonObject = {
    manifest: { time: "2026-11-22T17:02:00.187254381Z", magic: "ab35920a", version: "v3.259.0" },
    resources: entries,
    metadata: {},
  };
  return pulumi.kind === "export"
    ? { version: 3, deployment }
    : {
        version: 3,
        checkpoint: { stack: `organization/jwt-secret/${environment.name}`, latest: deployment },
      };
}

/** Every object that passed the bridge carries this list. */
function defaults(value: JsonObject): JsonObject {
  return { __defaults: [], ...value };
}

export function secretRef({ secret, version }: Written): JsonObject {
  return version === null ? { secret } : { secret, version };
}

export function keyRef({ secret, version }: Written): JsonObject {
  return version === null ? { name: secret } : { key: version, name: secret };
}

export function aliasAnnotation(aliases: Readonly<Record<string, string>>): JsonObject {
  const pairs = Object.entries(aliases).map(([alias, path]) => `${alias}:${path}`);
  return pairs.length === 0 ? {} : { "run.googleapis.com/secrets": pairs.join(",") };
}

export function hasKeys(value: object): boolean {
  return Object.keys(value).length > 0;
}

export function listUnlessEmpty(key: string, list: Json[]): JsonObject {
  return list.length === 0 ? {} : { [key]: list };
}

function account(key: string, value: string | null): JsonObject {
  return value === null ? {} : { [key]: value };
}
