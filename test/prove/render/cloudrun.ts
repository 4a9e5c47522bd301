/** A service as Cloud Run prints it: the Knative shape of `gcloud` (v1) and that of the second API (v2). */
import { at, type Case, type World } from "../model.ts";
import type { PlannedService } from "../plan/planned.ts";
import type { Json, JsonObject } from "./json.ts";
import { aliasAnnotation, keyRef, listUnlessEmpty, secretRef } from "./shape.ts";

export function renderCloudRun(subject: Case, planned: PlannedService): JsonObject {
  const { world, rendering } = subject;
  if (rendering.cloudrun.kind === "v2") return second(world, planned, rendering.cloudrun.namespace);
  return planned.revision ? revision(subject, planned) : knative(subject, planned);
}

function nameOf(world: World, { service }: PlannedService, namespace: "id" | "number" | "none"): JsonObject {
  const project = at(world.projects, service.project);
  return namespace === "none" ? {} : { namespace: namespace === "id" ? project.id : project.number };
}

function knativeSpec(subject: Case, planned: PlannedService): JsonObject {
  const { foreignShape } = subject.rendering.cloudrun;
  return {
    containerConcurrency: 80,
    containers: planned.containers.map((container) => ({
      image: "gcr.io/acme/app:latest",
      name: container.name,
      env: container.variables.map(
        ({ name, value }): Json =>
          value.kind === "literal"
            ? { name, value: value.text }
            : foreignShape
              ? { name, valueSource: { secretKeyRef: secretRef(value) } }
              : { name, valueFrom: { secretKeyRef: keyRef(value) } },
      ),
      ...listUnlessEmpty(
        "volumeMounts",
        container.files.map((_, index) => ({
          name: `${container.name}-${index}`,
          mountPath: `/secrets/${index}`,
        })),
      ),
    })),
    ...(planned.account === null ? {} : { serviceAccountName: planned.account }),
    timeoutSeconds: 300,
    ...listUnlessEmpty(
      "volumes",
      planned.containers.flatMap((container) =>
        container.files.map(
          (file, index): Json => ({
            name: `${container.name}-${index}`,
            secret: {
              secretName: file.secret,
              items: [{ path: file.file, ...(file.version === null ? {} : { key: file.version }) }],
            },
          }),
        ),
      ),
    ),
  };
}

function revisionNames(name: string): { newest: string; older: string } {
  return { newest: `${name}-00012-xyz`, older: `${name}-00011-abc` };
}

function knative(subject: Case, planned: PlannedService): JsonObject {
  const { service } = planned;
  const { newest, older } = revisionNames(service.name);
  const { serving } = service;
  const status: JsonObject = {
    conditions: [{ status: "True", type: "Ready" }],
    latestCreatedRevisionName: newest,
    latestReadyRevisionName: serving === "not-ready" ? older : newest,
    observedGeneration: serving === "behind" ? 11 : 12,
    traffic: traffic(serving, newest, older).map(({ percent, name, latest }) => ({
      ...(latest ? { latestRevision: true } : {}),
      ...(percent === 0 ? { tag: "try" } : { percent }),
      revisionName: serving === "not-ready" && latest ? older : name,
    })),
    url: `https://${service.name}-pnovr5vsba-uc.a.run.app`,
  };
  return {
    apiVersion: "serving.knative.dev/v1",
    kind: "Service",
    metadata: {
      annotations: { "run.googleapis.com/ingress": "all" },
      generation: 12,
      labels: { "cloud.googleapis.com/location": service.region },
      name: service.name,
      ...nameOf(subject.world, planned, subject.rendering.cloudrun.namespace),
    },
    spec: {
      template: {
        metadata: {
          annotations: { "autoscaling.knative.dev/maxScale": "10", ...aliasAnnotation(planned.aliases) },
        },
        spec: knativeSpec(subject, planned),
      },
      ...(serving === "wish" ? {} : { traffic: [{ latestRevision: true, percent: 100 }] }),
    },
    ...(serving === "wish" ? {} : { status }),
  };
}

function revision(subject: Case, planned: PlannedService): JsonObject {
  const { service } = planned;
  return {
    "@type": "type.googleapis.com/google.cloud.run.v1.Revision",
    apiVersion: "serving.knative.dev/v1",
    kind: "Revision",
    metadata: {
      annotations: { "autoscaling.knative.dev/maxScale": "20", ...aliasAnnotation(planned.aliases) },
      generation: 1,
      labels: {
        "serving.knative.dev/service": service.name,
        "cloud.googleapis.com/location": service.region,
      },
      name: revisionNames(service.name).newest,
      ...nameOf(subject.world, planned, subject.rendering.cloudrun.namespace),
    },
    spec: knativeSpec(subject, planned),
    status: { conditions: [{ type: "Ready", status: "True" }], observedGeneration: 1 },
  };
}

/** Who gets the traffic: a share in percent, the revision, and whether it is there as "the latest". */
function traffic(
  serving: PlannedService["service"]["serving"],
  newest: string,
  older: string,
): { percent: number; name: string; latest: boolean }[] {
  switch (serving) {
    case "latest-by-name":
      return [{ percent: 100, name: newest, latest: false }];
    case "tagged":
      return [
        { percent: 0, name: older, latest: false },
        { percent: 100, name: newest, latest: true },
      ];
    case "split":
      return [
        { percent: 50, name: older, latest: false },
        { percent: 50, name: newest, latest: true },
      ];
    case "pinned-old":
      return [{ percent: 100, name: older, latest: false }];
    default:
      return [{ percent: 100, name: newest, latest: true }];
  }
}

function second(world: World, planned: PlannedService, namespace: "id" | "number" | "none"): JsonObject {
  const { service } = planned;
  const project = at(world.projects, service.project);
  const path = `projects/${namespace === "number" ? project.number : project.id}/locations/${service.region}/services/${service.name}`;
  const { newest, older } = revisionNames(service.name);
  const { serving } = service;
  const revisionPath = (name: string) => `${path}/revisions/${name}`;
  const status: JsonObject =
    serving === "wish"
      ? {}
      : {
          generation: "12",
          observedGeneration: serving === "behind" ? "11" : "12",
          latestCreatedRevision: revisionPath(newest),
          latestReadyRevision: revisionPath(serving === "not-ready" ? older : newest),
          ...(serving === "behind" ? { reconciling: true } : {}),
          trafficStatuses: traffic(serving, newest, older).map(
            ({ percent, name, latest }): Json =>
              latest
                ? { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent }
                : {
                    type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION",
                    revision: name,
                    ...(percent === 0 ? { tag: "try" } : { percent }),
                  },
          ),
          uri: `https://${service.name}-pnovr5vsba-uc.a.run.app`,
        };
  return {
    name: path,
    ingress: "INGRESS_TRAFFIC_ALL",
    launchStage: "GA",
    template: {
      scaling: { maxInstanceCount: 10 },
      timeout: "300s",
      ...(planned.account === null ? {} : { serviceAccount: planned.account }),
      containers: planned.containers.map((container) => ({
        image: "gcr.io/acme/app:latest",
        name: container.name,
        env: container.variables.map(
          ({ name, value }): Json =>
            value.kind === "literal"
              ? { name, ...(value.text === "" ? {} : { value: value.text }) }
              : { name, valueSource: { secretKeyRef: secretRef(value) } },
        ),
        ...listUnlessEmpty(
          "volumeMounts",
          container.files.map((_, index) => ({
            name: `${container.name}-${index}`,
            mountPath: `/secrets/${index}`,
          })),
        ),
      })),
      ...listUnlessEmpty(
        "volumes",
        planned.containers.flatMap((container) =>
          container.files.map(
            (file, index): Json => ({
              name: `${container.name}-${index}`,
              secret: {
                secret: file.secret,
                items: [{ path: file.file, ...(file.version === null ? {} : { version: file.version }) }],
              },
            }),
          ),
        ),
      ),
    },
    ...status,
  };
}
