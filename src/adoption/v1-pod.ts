/** The pod of a v1 template: containers, volumes and what annotations say about them. */
import { readAliases } from "../documents/aliases.ts";
import type { Part } from "../policy/facts.ts";
import type { Fields } from "./fields.ts";
import { type Branch, branch, branchesOf, isBranch, type Tree, textOf } from "./tree.ts";

const run = (name: string) => `run.googleapis.com/${name}`;

const known = (part: Part) => (part.kind === "known" ? part.value : undefined);

/** A secret's name with the annotation's aliases resolved: `projects/P/secrets/S` for one, itself for any other. */
type Resolve = (name: string) => string;

/** What the annotation of aliases makes of a name. One that cannot be read makes every short name lost. */
function aliasesOf(text: string | undefined, lost: () => void): Resolve {
  const aliases = readAliases(text === undefined ? undefined : { [run("secrets")]: text });
  if ("unreadable" in aliases) {
    lost();
    return (name) => name;
  }
  return (name) => {
    const target = aliases.known.get(name);
    const [project, secret] = [target && known(target.project), target && known(target.secret)];
    return project === undefined || secret === undefined ? name : `projects/${project}/secrets/${secret}`;
  };
}

function envOf(container: Fields, resolve: Resolve): Tree[] {
  return container.list("env").map((variable) => {
    const name = variable.text("name");
    const source = variable.map("valueFrom");
    const reference = source.map("secretKeyRef");
    const secret = reference.text("name");
    const version = reference.text("key");
    // A placeholder in a value is the service's business, so the text is taken as it is.
    const value = variable.take("value");
    for (const fields of [reference, source, variable]) fields.end();
    return branch({
      name,
      value: typeof value === "string" || typeof value === "number" ? String(value) : undefined,
      valueSource:
        secret === undefined ? undefined : { secretKeyRef: branch({ secret: resolve(secret), version }) },
    });
  });
}

function portOf(container: Fields): Branch | undefined {
  const [first, ...others] = container.list("ports");
  for (const port of others) port.end();
  if (first === undefined) return undefined;
  const port = branch({ containerPort: first.number("containerPort"), name: first.text("name") });
  first.ignore("protocol");
  first.end();
  return port;
}

/** What the annotations of the template say of every container. */
interface Shared {
  readonly cpuIdle: boolean;
  readonly startupCpuBoost: true | undefined;
  readonly dependsOn: Branch;
}

function containerOf(container: Fields, shared: Shared, resolve: Resolve): Branch {
  const name = container.text("name");
  const resources = container.map("resources");
  const limits = resources.map("limits").texts();
  resources.ignore("requests");
  resources.end();
  const args = branch({
    name,
    image: container.text("image"),
    commands: container.tree("command"),
    args: container.tree("args"),
    envs: envOf(container, resolve),
    ports: portOf(container),
    resources: branch({ limits, cpuIdle: shared.cpuIdle, startupCpuBoost: shared.startupCpuBoost }),
    startupProbe: container.tree("startupProbe"),
    livenessProbe: container.tree("livenessProbe"),
    readinessProbe: container.tree("readinessProbe"),
    volumeMounts: container.tree("volumeMounts"),
    workingDir: container.text("workingDir"),
    dependsOns: name === undefined ? undefined : shared.dependsOn[name],
  });
  container.end();
  return args;
}

function secretVolume(secret: Fields, resolve: Resolve): Branch {
  const name = secret.text("secretName");
  const args = branch({
    secret: name === undefined ? undefined : resolve(name),
    defaultMode: secret.number("defaultMode"),
    items: secret.list("items").map((item) => {
      const file = branch({ path: item.text("path"), version: item.text("key"), mode: item.number("mode") });
      item.end();
      return file;
    }),
  });
  secret.end();
  return args;
}

/** A bucket mounted by Cloud Storage FUSE; any other driver is lost. */
function bucketVolume(csi: Fields): Branch {
  const driver = csi.text("driver");
  const attributes = csi.map("volumeAttributes");
  const options = attributes.text("mountOptions");
  if (driver !== "gcsfuse.run.googleapis.com") csi.lose("driver");
  const bucket = attributes.text("bucketName");
  const args = branch({
    bucket,
    readOnly: csi.truth("readOnly"),
    mountOptions: options === undefined ? undefined : options.split(","),
  });
  attributes.end();
  csi.end();
  return args;
}

function volumeOf(volume: Fields, resolve: Resolve): Branch {
  const name = volume.text("name");
  const args = branch({
    name,
    secret: volume.has("secret") ? secretVolume(volume.map("secret"), resolve) : undefined,
    gcs: volume.has("csi") ? bucketVolume(volume.map("csi")) : undefined,
    nfs: volume.tree("nfs"),
    emptyDir: volume.has("emptyDir") ? emptyDir(volume.map("emptyDir")) : undefined,
  });
  volume.end();
  return args;
}

function emptyDir(fields: Fields): Branch {
  const args = branch({
    medium: fields.text("medium")?.toUpperCase(),
    sizeLimit: fields.text("sizeLimit"),
  });
  fields.end();
  return args;
}

/** Cloud SQL connections, which v1 keeps in an annotation and v2 as a volume of this name (as gcloud-made services show in v2). */
function cloudSql(annotations: Fields): string[] {
  return (annotations.text(run("cloudsql-instances")) ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

const sqlVolume = "cloudsql";

/** The pod as the fields of a v2 template. Takes its annotations from `annotations`. */
export function readPod(spec: Fields, annotations: Fields): Branch {
  const text = annotations.text(run("secrets"));
  const resolve = aliasesOf(text, () => annotations.lose(run("secrets")));
  const dependsOn = annotations.json(run("container-dependencies"));
  const shared: Shared = {
    // Unless the annotation says otherwise, CPU is there during requests only.
    cpuIdle: annotations.text(run("cpu-throttling"))?.toLowerCase() !== "false",
    startupCpuBoost: annotations.truth(run("startup-cpu-boost")),
    dependsOn: isBranch(dependsOn) ? dependsOn : {},
  };
  const containers = spec.list("containers").map((container) => containerOf(container, shared, resolve));
  const volumes = spec.list("volumes").map((volume) => volumeOf(volume, resolve));
  const instances = cloudSql(annotations);
  const serving = containers.find((container) => container.ports !== undefined) ?? containers[0];
  if (instances.length > 0 && serving !== undefined) {
    volumes.push({ name: sqlVolume, cloudSqlInstance: { instances } });
    serving.volumeMounts = [...branchesOf(serving.volumeMounts), { name: sqlVolume, mountPath: "/cloudsql" }];
  }
  const timeout = spec.number("timeoutSeconds");
  const selector = spec.map("nodeSelector");
  const accelerator = selector.text(run("accelerator"));
  selector.end();
  const account = spec.text("serviceAccountName") ?? textOf(spec.tree("serviceAccount"));
  const args = branch({
    maxInstanceRequestConcurrency: spec.number("containerConcurrency"),
    timeout: timeout === undefined ? undefined : `${timeout}s`,
    serviceAccount: account,
    nodeSelector: accelerator === undefined ? undefined : { accelerator },
    containers,
    volumes: volumes.length === 0 ? undefined : volumes,
  });
  spec.ignore("serviceAccount", "enableServiceLinks");
  spec.end();
  return args;
}
