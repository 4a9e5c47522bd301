/** A service as a resource of a stack, in the shape of either API. */
import { at, type Environment, type World } from "../model.ts";
import type { PlannedService, Written } from "../plan/planned.ts";
import type { Json, JsonObject } from "./json.ts";
import { ciphertext, type Resource } from "./resource.ts";
import { account, aliasAnnotation, defaults, hasKeys, keyRef, listUnlessEmpty, secretRef } from "./shape.ts";

export function serviceResource(
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
            containersOf(planned, (value) => ({ valueFrom: defaults({ secretKeyRef: keyRef(value) }) })),
          ),
          ...account("serviceAccountName", planned.account),
          ...volumesOf(planned, { secret: "secretName", version: "key" }),
        }),
      }),
    };
  } else {
    const inner = defaults({
      containers: conceal(
        containersOf(planned, (value) => ({
          valueSource: defaults({ secretKeyRef: defaults(secretRef(value)) }),
        })),
      ),
      ...account("serviceAccount", planned.account),
      ...volumesOf(planned, { secret: "secret", version: "version" }),
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

/** The containers; `reading` is how a variable refers to a secret in this API. */
function containersOf({ containers }: PlannedService, reading: (value: Written) => JsonObject): Json {
  return containers.map((container) =>
    defaults({
      image: "us-docker.pkg.dev/acme/apps/app:1",
      name: container.name,
      envs: container.variables.map(({ name, value }) =>
        defaults(value.kind === "literal" ? { name, value: value.text } : { name, ...reading(value) }),
      ),
      ...listUnlessEmpty(
        "volumeMounts",
        container.files.map((_, index) =>
          defaults({ name: `${container.name}-${index}`, mountPath: `/secrets/${index}` }),
        ),
      ),
    }),
  );
}

/** The files of all containers, each a volume of its own; `words` are this API's for a secret and its version. */
function volumesOf({ containers }: PlannedService, words: { secret: string; version: string }): JsonObject {
  return listUnlessEmpty(
    "volumes",
    containers.flatMap((container) =>
      container.files.map(({ secret, version, file }, index) =>
        defaults({
          name: `${container.name}-${index}`,
          secret: defaults({
            [words.secret]: secret,
            items: [defaults({ path: file, ...(version === null ? {} : { [words.version]: version }) })],
          }),
        }),
      ),
    ),
  );
}
