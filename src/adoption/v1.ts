/**
 * Cloud Run's v1 shape (Knative), which `gcloud run services describe` prints, as the arguments of the v2 resource.
 * Annotations: https://cloud.google.com/run/docs/reference/annotations; the v2 fields in their place:
 * https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services.
 */
import type { Definition } from "./definition.ts";
import { isSystemName } from "./definition.ts";
import { Fields } from "./fields.ts";
import { type Branch, branch, type Tree, textOf } from "./tree.ts";
import { readPod } from "./v1-pod.ts";

const ingress = {
  all: "INGRESS_TRAFFIC_ALL",
  internal: "INGRESS_TRAFFIC_INTERNAL_ONLY",
  "internal-and-cloud-load-balancing": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
};
const environments = { gen1: "EXECUTION_ENVIRONMENT_GEN1", gen2: "EXECUTION_ENVIRONMENT_GEN2" };
const egress = {
  all: "ALL_TRAFFIC",
  "all-traffic": "ALL_TRAFFIC",
  "private-ranges-only": "PRIVATE_RANGES_ONLY",
};
const scalingModes = { automatic: "AUTOMATIC", manual: "MANUAL" };

const run = (name: string) => `run.googleapis.com/${name}`;

/** Marks that the platform and its tools leave, and that no setting stands for. */
const marks = ["ingress-status", "operation-id", "urls", "client-name", "client-version"].map(run);

function binaryAuthorization(annotations: Fields): Branch | undefined {
  const policy = annotations.text(run("binary-authorization"));
  const justification = annotations.text(run("binary-authorization-breakglass"));
  if (policy === undefined) return undefined;
  return branch({
    ...(policy === "default" ? { useDefault: true } : { policy }),
    breakglassJustification: justification,
  });
}

function orNone(values: Branch): Branch | undefined {
  return Object.keys(values).length === 0 ? undefined : values;
}

/** The rest of the platform's own annotations is lost; those of users belong to nobody here and stay as they are. */
function endAnnotations(annotations: Fields): Branch | undefined {
  const own = annotations.names().filter((name) => !isSystemName(name));
  const kept = new Fields(
    Object.fromEntries(own.map((name) => [name, annotations.take(name)])),
    "",
    [],
  ).texts();
  annotations.end();
  return kept;
}

function serviceArgs(annotations: Fields): Branch {
  const args = branch({
    client: annotations.text(run("client-name")),
    clientVersion: annotations.text(run("client-version")),
    description: annotations.text(run("description")),
    ingress: annotations.word(run("ingress"), ingress),
    launchStage: annotations.text(run("launch-stage")),
    invokerIamDisabled: annotations.truth(run("invoker-iam-disabled")),
    defaultUriDisabled: annotations.truth(run("default-url-disabled")),
    iapEnabled: annotations.truth(run("iap-enabled")),
    customAudiences: annotations.json(run("custom-audiences")),
    binaryAuthorization: binaryAuthorization(annotations),
    scaling: orNone(
      branch({
        minInstanceCount: annotations.number(run("minScale")),
        maxInstanceCount: annotations.number(run("maxScale")),
        scalingMode: annotations.word(run("scalingMode"), scalingModes),
        manualInstanceCount: annotations.number(run("manualInstanceCount")),
      }),
    ),
  });
  annotations.ignore(...marks, "serving.knative.dev/creator", "serving.knative.dev/lastModifier");
  return args;
}

function vpcAccess(annotations: Fields): Branch | undefined {
  return orNone(
    branch({
      connector: annotations.text(run("vpc-access-connector")),
      egress: annotations.word(run("vpc-access-egress"), egress),
      networkInterfaces: annotations.json(run("network-interfaces")),
    }),
  );
}

function templateArgs(annotations: Fields): Branch {
  const shutdown = annotations.number(run("encryption-key-shutdown-hours"));
  const revocation = annotations.text(run("post-key-revocation-action-type"));
  const args = branch({
    executionEnvironment: annotations.word(run("execution-environment"), environments),
    sessionAffinity: annotations.truth(run("sessionAffinity")),
    vpcAccess: vpcAccess(annotations),
    encryptionKey: annotations.text(run("encryption-key")),
    encryptionKeyShutdownDuration: shutdown === undefined ? undefined : `${shutdown * 3600}s`,
    encryptionKeyRevocationAction: revocation?.toUpperCase().replaceAll("-", "_"),
    gpuZonalRedundancyDisabled: annotations.truth(run("gpu-zonal-redundancy-disabled")),
    scaling: orNone(
      branch({
        minInstanceCount: annotations.number("autoscaling.knative.dev/minScale"),
        maxInstanceCount: annotations.number("autoscaling.knative.dev/maxScale"),
      }),
    ),
  });
  annotations.ignore(...marks);
  return args;
}

function trafficOf(spec: Fields): Tree[] {
  return spec.list("traffic").map((target) => {
    const revision = target.text("revisionName");
    const latest = target.truth("latestRevision") === true || revision === undefined;
    const args = branch({
      type: `TRAFFIC_TARGET_ALLOCATION_TYPE_${latest ? "LATEST" : "REVISION"}`,
      revision: latest ? undefined : revision,
      percent: target.number("percent"),
      tag: target.text("tag"),
    });
    target.ignore("url");
    target.end();
    return args;
  });
}

/** The URLs and the time of the latest revision, from what the status says. */
function statusOf(status: Fields, annotations: Fields): Pick<Definition, "urls" | "since"> {
  const listed = annotations.json(run("urls"));
  const url = status.text("url");
  const urls = [...(Array.isArray(listed) ? listed : []), ...(url === undefined ? [] : [url])];
  const ready = status.list("conditions").find((condition) => condition.text("type") === "Ready");
  const since = ready?.text("lastTransitionTime");
  return {
    urls: [...new Set(urls.flatMap((one) => textOf(one) ?? []))],
    ...(since !== undefined && { since }),
  };
}

function labelsOf(labels: Fields): Branch | undefined {
  labels.ignore(...labels.names().filter(isSystemName));
  return labels.texts();
}

/** A v1 Service, in full. */
export function readV1Definition(value: unknown, file: string): Definition {
  const lost: string[] = [];
  const root = new Fields(value, "", lost);
  root.ignore("@type", "apiVersion", "kind");
  const status = statusOf(new Fields(root.take("status"), "status", []), copy(value));
  const metadata = root.map("metadata");
  const name = metadata.text("name") ?? "";
  const project = metadata.text("namespace");
  const labels = metadata.map("labels");
  const region = labels.text("cloud.googleapis.com/location");
  const annotations = metadata.map("annotations");
  const args = serviceArgs(annotations);
  endAnnotations(annotations);
  const spec = root.map("spec");
  const template = spec.map("template");
  const inner = template.map("metadata");
  const templateAnnotations = inner.map("annotations");
  const templateLabels = labelsOf(inner.map("labels"));
  const pod = readPod(template.map("spec"), templateAnnotations);
  const fromAnnotations = templateArgs(templateAnnotations);
  const revision = inner.text("name");
  Object.assign(args, {
    ...labelsArg(labelsOf(labels)),
    traffics: trafficOf(spec),
    template: {
      ...fromAnnotations,
      ...pod,
      ...labelsArg(templateLabels),
      ...branch({ annotations: endAnnotations(templateAnnotations), revision }),
    },
  });
  inner.ignore("creationTimestamp", "namespace", "generation");
  for (const fields of [inner, template, spec, root]) fields.end();
  return {
    file,
    name,
    ...(project !== undefined && { project }),
    ...(region !== undefined && { region }),
    args,
    lost,
    ...status,
  };
}

const labelsArg = (labels: Branch | undefined) => (labels === undefined ? {} : { labels });

/** The annotations of a service once more, for what is read of them beside the settings. */
function copy(value: unknown): Fields {
  return new Fields(value, "", []).map("metadata").map("annotations");
}
