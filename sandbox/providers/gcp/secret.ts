import type { JsonObject } from "../../cloud/state.ts";
import { CallError } from "../api.ts";
import { type Context, madeEarlier, markOf, type ResourceType } from "../resource.ts";
import { isPlainObject, type Properties, text, UNKNOWN, type Value } from "../values.ts";
import {
  abandoned,
  field,
  given,
  labelOutputs,
  named,
  objectOf,
  parts,
  present,
  projectOf,
  properties,
  unknowns,
  unlessMissing,
} from "./common.ts";

/** Settings that can be changed in place: the input's name is the API's. */
const changeable = [
  "labels",
  "annotations",
  "topics",
  "rotation",
  "expireTime",
  "ttl",
  "versionAliases",
  "versionDestroyTtl",
];

/** gcp:secretmanager/secret:Secret, on Secret Manager's projects.secrets. */
export const secretType: ResourceType = {
  token: "gcp:secretmanager/secret:Secret",
  marked: true,
  autonamed: "secretId",
  replaceOn: ["secretId", "project", "replication"],
  secretOutputs: ["effectiveLabels", "pulumiLabels"],
  chosenByPlatform: ["expireTime"],
  notReadBack: ["deletionProtection", "deletionPolicy", "labels", "annotations", "ttl", "tags"],

  preview(inputs, context) {
    return {
      ...defaults(inputs, projectOf(inputs, context)),
      ...unknowns("name", "createTime"),
      expireTime: inputs.expireTime ?? (inputs.ttl === undefined ? "" : UNKNOWN),
    };
  },

  async create(inputs, context) {
    const secretId = given(inputs, "secretId");
    const project = projectOf(inputs, context);
    const id = `projects/${project}/secrets/${secretId}`;
    const mark = markOf(inputs, context);
    const answer = await named("creating", "Secret", secretId, async () => {
      try {
        return await context.api.call("POST", `/v1/projects/${project}/secrets`, {
          query: { secretId },
          body: { ...settings(inputs), replication: replicationToApi(inputs.replication) },
          mark,
        });
      } catch (cause) {
        const exists = cause instanceof CallError && cause.reason === "ALREADY_EXISTS";
        if (!exists || (await madeEarlier(mark, context)) !== id) throw cause;
        return await context.api.call("GET", `/v1/${id}`);
      }
    });
    return { id, outputs: outputsOf(inputs, project, answer) };
  },

  async read(id, before, context) {
    const { project = "", secretId = "" } = place(id, context);
    const path = `projects/${project}/secrets/${secretId}`;
    const answer = await named("reading", "Secret", secretId, () =>
      unlessMissing(() => context.api.call("GET", `/v1/${path}`)),
    );
    if (!answer) return undefined;
    const live = properties(answer);
    const inputs = present({
      secretId,
      project,
      replication: replicationFromApi(live.replication),
      topics: live.topics,
      rotation: live.rotation,
      expireTime: live.expireTime,
      versionAliases: live.versionAliases,
      versionDestroyTtl: live.versionDestroyTtl,
      labels: live.labels,
      annotations: live.annotations,
    });
    const kept = { ...before.outputs, ...before.inputs };
    return { id: path, inputs, outputs: outputsOf({ ...inputs, ...keptOnly(kept, live) }, project, answer) };
  },

  async update(id, inputs, before, context) {
    const { project = "", secretId = "" } = place(id, context);
    const changed = changeable.filter(
      (name) => JSON.stringify(inputs[name]) !== JSON.stringify(before.inputs[name]),
    );
    const answer = await named("updating", "Secret", secretId, () =>
      changed.length === 0
        ? context.api.call("GET", `/v1/${id}`)
        : context.api.call("PATCH", `/v1/${id}`, {
            query: { updateMask: changed.join(",") },
            body: settings(inputs),
          }),
    );
    return outputsOf(inputs, project, answer);
  },

  async delete(id, outputs, context) {
    const { secretId = "" } = place(id, context);
    if (abandoned("Secret", secretId, outputs)) return;
    if (outputs.deletionProtection === true) {
      throw new Error(
        `Error deleting Secret ${JSON.stringify(secretId)}: cannot destroy secret manager secret without setting deletion_protection=false and running \`terraform apply\``,
      );
    }
    await named("deleting", "Secret", secretId, () =>
      unlessMissing(() => context.api.call("DELETE", `/v1/${id}`)),
    );
  },
};

function place(id: string, context: Context): Record<string, string> {
  const form = "projects/{{project}}/secrets/{{secret_id}}";
  const found = parts(id, /^(?:(?:projects\/)?(?<project>[^/]+)\/(?:secrets\/)?)?(?<secretId>[^/]+)$/, form);
  return { ...found, project: found.project ?? projectOf({}, context) };
}

function settings(inputs: Properties): Properties {
  return present(Object.fromEntries(changeable.map((name) => [name, inputs[name]])));
}

/** What only the provider knows, and the labels that are under its care. */
function keptOnly(kept: Properties, live: Properties): Properties {
  const labels = Object.entries(objectOf(live.labels)).filter(([name]) => name in objectOf(kept.labels));
  return present({
    deletionProtection: kept.deletionProtection,
    deletionPolicy: kept.deletionPolicy,
    ttl: kept.ttl,
    ...(isPlainObject(kept.labels) && { labels: Object.fromEntries(labels) }),
  });
}

function defaults(inputs: Properties, project: string): Properties {
  return {
    secretId: inputs.secretId ?? null,
    project,
    replication: replicationOutput(inputs.replication),
    deletionProtection: inputs.deletionProtection ?? false,
    deletionPolicy: inputs.deletionPolicy ?? "DELETE",
    annotations: inputs.annotations ?? null,
    effectiveAnnotations: inputs.annotations ?? {},
    rotation: inputs.rotation ?? null,
    tags: inputs.tags ?? null,
    topics: inputs.topics ?? [],
    ttl: inputs.ttl ?? null,
    versionAliases: inputs.versionAliases ?? null,
    versionDestroyTtl: inputs.versionDestroyTtl ?? "",
    ...labelOutputs(inputs, undefined),
  };
}

function outputsOf(inputs: Properties, project: string, answer: JsonObject): Properties {
  const live = properties(answer);
  return {
    ...defaults(inputs, project),
    ...labelOutputs(inputs, live.labels),
    name: field(answer, "name"),
    createTime: field(answer, "createTime"),
    expireTime: text(live.expireTime) ?? "",
  };
}

function replicationOutput(replication: Value | undefined): Value {
  if (!isPlainObject(replication)) return replication ?? null;
  const { auto, userManaged } = replication;
  return {
    auto: isPlainObject(auto)
      ? { customerManagedEncryption: auto.customerManagedEncryption ?? null }
      : (auto ?? null),
    userManaged: userManaged ?? null,
  };
}

/** The API says `automatic` for what Pulumi calls `auto`. */
function replicationToApi(replication: Value | undefined): Properties {
  const { auto, ...rest } = objectOf(replication);
  return { ...rest, ...(auto !== undefined && { automatic: auto }) };
}

function replicationFromApi(replication: Value | undefined): Properties {
  const { automatic, ...rest } = objectOf(replication);
  return { ...rest, ...(automatic !== undefined && { auto: automatic }) };
}
