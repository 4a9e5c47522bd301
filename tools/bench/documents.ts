/** Makes states as `pulumi stack export` prints them: one environment with one mismatch, among other resources. */
import { closeSync, openSync, writeSync } from "node:fs";

const stack = "staging";
const project = "netra-staging";
const number = "701982941522";

const urn = (type: string, name: string) => `urn:pulumi:${stack}::netra::${type}::${name}`;
const provider = `${urn("pulumi:providers:gcp", "default_9_35_0")}::7d6f3a52-2f5e-4c7a-9a40-1c8f1f0f6a11`;
const position = (line: number) => `project:///index.ts#${line},${(line % 40) + 1}`;

function resource(type: string, name: string, inputs: object, outputs: object, more: object = {}) {
  return {
    urn: urn(type, name),
    custom: true,
    id: `projects/${project}/${name}`,
    type,
    inputs: { __defaults: [], ...inputs },
    outputs,
    parent: urn("pulumi:pulumi:Stack", `netra-${stack}`),
    dependencies: [urn("gcp:projects/service:Service", "apis")],
    provider,
    propertyDependencies: {},
    created: "2025-08-22T10:00:00Z",
    sourcePosition: position(name.length),
    ...more,
  };
}

const account = (name: string) => `${name}@${project}.iam.gserviceaccount.com`;

function service(name: string, envs: object[]) {
  const inputs = {
    name: `${name}-${stack}`,
    location: "us-central1",
    project,
    template: { serviceAccount: account(name), containers: [{ image: "app", envs }] },
  };
  return resource("gcp:cloudrunv2/service:Service", name, inputs, { uri: `https://${name}.example.com` });
}

const reads = (secret: string) => [
  { name: "ENVIRONMENT", value: stack },
  { name: "JWT_SECRET_KEY", valueSource: { secretKeyRef: { secret, version: "1" } } },
];

function secret(name: string) {
  const outputs = { id: `projects/${project}/secrets/${name}`, name: `projects/${number}/secrets/${name}` };
  return resource("gcp:secretmanager/secret:Secret", name, { secretId: name, project }, outputs, {
    protect: true,
  });
}

function version(of: string) {
  const inputs = { secret: `projects/${project}/secrets/${of}`, deletionPolicy: "DISABLE" };
  const outputs = { name: `projects/${number}/secrets/${of}/versions/1`, version: "1", enabled: true };
  return resource("gcp:secretmanager/secretVersion:SecretVersion", `${of}-1`, inputs, outputs);
}

function grant(name: string, secretId: string) {
  const inputs = {
    secretId,
    project,
    role: "roles/secretmanager.secretAccessor",
    member: `serviceAccount:${account(name)}`,
  };
  return resource("gcp:secretmanager/secretIamMember:SecretIamMember", `${name}-${secretId}`, inputs, {});
}

/** What a large stack is full of; one in 250 is a Cloud Run service, one in 125 a grant on a secret. */
function other(index: number) {
  const name = `item-${index}`;
  if (index % 250 === 249) {
    const envs = Array.from({ length: 10 }, (_, at) => ({ name: `SETTING_${at}`, value: `value-${at}` }));
    return service(name, envs);
  }
  if (index % 125 === 124) return grant(name, `secret-${index}`);
  const labels = { team: "platform", environment: stack, owner: `owner-${index % 7}` };
  const inputs = { name, project, labels, messageRetentionDuration: "604800s" };
  return resource("gcp:pubsub/topic:Topic", name, inputs, {
    __meta: '{"schema_version":"0"}',
    ...inputs,
    effectiveLabels: { ...labels, "goog-pulumi-provisioned": "true" },
    kmsKeyName: "",
    messageStoragePolicies: [{ allowedPersistenceRegions: ["us-central1", "europe-west1"] }],
  });
}

const indented = (value: object): string =>
  JSON.stringify(value, null, 4)
    .split("\n")
    .map((line) => `            ${line}`)
    .join("\n");

/** Writes a state of about `size` bytes. The two services, at its ends, read different secrets. */
export function writeState(file: string, size: number): void {
  const descriptor = openSync(file, "w");
  let written = 0;
  let waiting = "";
  const put = (text: string, now = false) => {
    waiting += text;
    if (!now && waiting.length < 1 << 20) return;
    written += writeSync(descriptor, waiting);
    waiting = "";
  };
  const [one, two] = ["jwt-secret-staging", "jwt-secret-key-staging"];
  const head = [secret(one), version(one), secret(two), version(two), service("auth", reads(one))];
  const tail = [grant("auth", one), grant("backend", two), service("backend", reads(two))].map(indented);
  put('{\n    "version": 3,\n    "deployment": {\n        "resources": [\n');
  put(head.map(indented).join(",\n"));
  for (let index = 0; written + waiting.length + tail.join("").length < size; index += 1) {
    put(`,\n${indented(other(index))}`);
  }
  put(`,\n${tail.join(",\n")}\n        ]\n    }\n}\n`, true);
  closeSync(descriptor);
}
