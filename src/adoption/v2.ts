/** Cloud Run's v2 shape, which its REST API prints, as the arguments of Pulumi's resource: some names are plural there. */
import type { Definition } from "./definition.ts";
import { Fields } from "./fields.ts";
import { type Branch, branch, branchesOf, type Tree, textOf } from "./tree.ts";

/** What only the platform says (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services, "Output only"). */
const outputOnly = [
  "uid",
  "generation",
  "createTime",
  "updateTime",
  "deleteTime",
  "expireTime",
  "creator",
  "lastModifier",
  "observedGeneration",
  "conditions",
  "latestReadyRevision",
  "latestCreatedRevision",
  "trafficStatuses",
  "satisfiesPzs",
  "satisfiesPzi",
  "reconciling",
  "etag",
];

const settings = [
  "description",
  "labels",
  "client",
  "clientVersion",
  "ingress",
  "launchStage",
  "binaryAuthorization",
  "scaling",
  "invokerIamDisabled",
  "defaultUriDisabled",
  "customAudiences",
  "iapEnabled",
];

const templateSettings = [
  "revision",
  "labels",
  "annotations",
  "scaling",
  "vpcAccess",
  "timeout",
  "serviceAccount",
  "executionEnvironment",
  "encryptionKey",
  "encryptionKeyRevocationAction",
  "encryptionKeyShutdownDuration",
  "maxInstanceRequestConcurrency",
  "sessionAffinity",
  "healthCheckDisabled",
  "nodeSelector",
  "gpuZonalRedundancyDisabled",
  "volumes",
];

const containerSettings = [
  "name",
  "image",
  "args",
  "resources",
  "volumeMounts",
  "workingDir",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "baseImageUri",
];

function takeAll(fields: Fields, names: readonly string[]): Record<string, Tree | undefined> {
  return Object.fromEntries(names.map((name) => [name, fields.tree(name)]));
}

function containerOf(container: Fields): Branch {
  const ports = branchesOf(container.tree("ports"));
  const args = branch({
    ...takeAll(container, containerSettings),
    commands: container.tree("command"),
    dependsOns: container.tree("dependsOn"),
    ports: ports[0],
    envs: container.tree("env"),
  });
  container.end();
  return args;
}

/** A v2 Service, in full. */
export function readV2Definition(value: unknown, file: string): Definition {
  const lost: string[] = [];
  const root = new Fields(value, "", lost);
  const full = root.text("name") ?? "";
  const [, project, region, name = full] =
    /^projects\/([^/]+)\/locations\/([^/]+)\/services\/([^/]+)$/.exec(full) ?? [];
  const ready = root.map("terminalCondition");
  const since = ready.text("lastTransitionTime");
  const urls = [...(root.has("urls") ? [root.tree("urls")] : []), root.tree("uri")].flat();
  const template = root.map("template");
  const templateArgs = branch({
    ...takeAll(template, templateSettings),
    containers: template.list("containers").map(containerOf),
  });
  template.end();
  const args = branch({
    ...takeAll(root, settings),
    traffics: root.tree("traffic"),
    template: templateArgs,
  });
  root.ignore(...outputOnly, "annotations");
  root.end();
  return {
    file,
    name,
    ...(project !== undefined && { project }),
    ...(region !== undefined && { region }),
    args,
    lost,
    urls: [...new Set(urls.flatMap((one) => textOf(one) ?? []))],
    ...(since !== undefined && { since }),
  };
}
