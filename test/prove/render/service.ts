/** A service as a resource of a stack, in the shape of either API. */
import { at, type Environment, type World } from "../model.ts";
import type { PlannedService } from "../plan/planned.ts";
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
