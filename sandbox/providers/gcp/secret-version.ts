/** Versions of a secret: added, switched on and off, and retired as their deletion policy says. */
import type { JsonObject } from "../../cloud/state.ts";
import { CreatedButFailed, madeEarlier, markOf, type ResourceType } from "../resource.ts";
import type { Properties } from "../values.ts";
import { abandoned, field, given, named, parts, present, unknowns, unlessMissing } from "./common.ts";

const form = "projects/{{project}}/secrets/{{secret}}/versions/{{version}}";

/** gcp:secretmanager/secretVersion:SecretVersion, on Secret Manager's projects.secrets.versions. */
export const secretVersionType: ResourceType = {
  token: "gcp:secretmanager/secretVersion:SecretVersion",
  marked: true,
  defaults: { enabled: true },
  replaceOn: ["secret", "secretData", "secretDataWo", "secretDataWoVersion", "isSecretDataBase64", "project"],
  secretOutputs: ["secretData", "secretDataWo"],
  notReadBack: ["deletionPolicy", "secretDataWo", "secretDataWoVersion", "isSecretDataBase64", "project"],
  // One secret under the project's ID and under its number (CompareSelfLinkOrResourceName in the real provider).
  same: (path, before, after) =>
    path === "secret" &&
    typeof before === "string" &&
    typeof after === "string" &&
    last(before) === last(after),

  problems(inputs) {
    const given = ["secretData", "secretDataWo"].filter((name) => inputs[name] !== undefined);
    if (given.length === 1) return [];
    return [
      given.length === 0
        ? "Missing required argument. One of `secretData` or `secretDataWo` must be set"
        : "Conflicting configuration arguments. Only one of `secretData` and `secretDataWo` can be set",
    ];
  },

  preview(inputs) {
    return { ...defaults(inputs), ...unknowns("name", "version", "createTime"), destroyTime: "" };
  },

  async create(inputs, context) {
    const secret = given(inputs, "secret");
    const path = secret.startsWith("projects/") ? secret : `projects/${context.project}/secrets/${secret}`;
    const mark = markOf(inputs, context);
    // Adding a version never conflicts: what an earlier run added has to be looked for first.
    const earlier = await named("creating", "SecretVersion", last(secret), () => madeEarlier(mark, context));
    const answer = await named("creating", "SecretVersion", last(secret), () =>
      earlier === undefined
        ? context.api.call("POST", `/v1/${path}:addVersion`, {
            body: { payload: { data: payload(inputs) } },
            mark,
          })
        : context.api.call("GET", `/v1/${earlier}`),
    );
    const id = field(answer, "name");
    const wanted = inputs.enabled !== false;
    if (wanted === (answer.state === "ENABLED")) return { id, outputs: outputsOf(inputs, answer) };
    try {
      const switched = await named("creating", "SecretVersion", id, () =>
        context.api.call("POST", `/v1/${id}:${wanted ? "enable" : "disable"}`),
      );
      return { id, outputs: outputsOf(inputs, switched) };
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      throw new CreatedButFailed(cause.message, id, outputsOf(inputs, answer));
    }
  },

  async read(id, before, context) {
    const { secret = "" } = parts(id, /^(?<secret>projects\/[^/]+\/secrets\/[^/]+)\/versions\/[^/]+$/, form);
    const found = await named("reading", "SecretVersion", id, () =>
      unlessMissing(async () => {
        const answer = await context.api.call("GET", `/v1/${id}`);
        if (answer.state === "DESTROYED") return undefined;
        const kept = before.outputs.secretData ?? before.inputs.secretData;
        if (answer.state !== "ENABLED") return { answer, data: kept };
        const { payload: content } = await context.api.call("GET", `/v1/${id}:access`);
        const base64 = before.outputs.isSecretDataBase64 === true;
        return { answer, data: decode(content, base64) };
      }),
    );
    if (!found) return undefined;
    const written = before.inputs.secretDataWo !== undefined;
    const inputs = present({
      secret: before.inputs.secret ?? secret,
      enabled: found.answer.state === "ENABLED",
      secretData: written ? undefined : found.data,
    });
    const kept = present({
      deletionPolicy: before.outputs.deletionPolicy,
      isSecretDataBase64: before.outputs.isSecretDataBase64,
      secretDataWo: before.inputs.secretDataWo,
      secretDataWoVersion: before.inputs.secretDataWoVersion,
      project: before.inputs.project,
    });
    return {
      id: field(found.answer, "name"),
      inputs,
      outputs: outputsOf({ ...inputs, ...kept }, found.answer),
    };
  },

  async update(id, inputs, before, context) {
    const enabled = inputs.enabled !== false;
    const answer = await named("updating", "SecretVersion", id, () =>
      enabled === (before.outputs.enabled !== false)
        ? context.api.call("GET", `/v1/${id}`)
        : context.api.call("POST", `/v1/${id}:${enabled ? "enable" : "disable"}`),
    );
    return outputsOf(inputs, answer);
  },

  async delete(id, outputs, context) {
    if (abandoned("SecretVersion", id, outputs)) return;
    const action = outputs.deletionPolicy === "DISABLE" ? "disable" : "destroy";
    await named("deleting", "SecretVersion", id, () =>
      unlessMissing(() => context.api.call("POST", `/v1/${id}:${action}`)),
    );
  },
};

function defaults(inputs: Properties): Properties {
  return {
    secret: inputs.secret ?? null,
    enabled: inputs.enabled ?? true,
    deletionPolicy: inputs.deletionPolicy ?? "DELETE",
    isSecretDataBase64: inputs.isSecretDataBase64 ?? false,
    project: inputs.project ?? null,
    secretData: inputs.secretData ?? null,
    secretDataWo: inputs.secretDataWo ?? "",
    secretDataWoVersion: inputs.secretDataWoVersion ?? 0,
  };
}

function outputsOf(inputs: Properties, answer: JsonObject): Properties {
  const name = field(answer, "name");
  return {
    ...defaults(inputs),
    enabled: answer.state === "ENABLED",
    name,
    version: last(name),
    createTime: field(answer, "createTime"),
    destroyTime: field(answer, "destroyTime"),
  };
}

function payload(inputs: Properties): string {
  const data = String(inputs.secretData ?? inputs.secretDataWo ?? "");
  return inputs.isSecretDataBase64 === true ? data : Buffer.from(data, "utf8").toString("base64");
}

function decode(content: JsonObject[string] | undefined, base64: boolean): string {
  const data =
    typeof content === "object" && content !== null && !Array.isArray(content) ? content.data : undefined;
  const source = typeof data === "string" ? data : "";
  return base64 ? source : Buffer.from(source, "base64").toString("utf8");
}

function last(name: string): string {
  return name.split("/").at(-1) ?? name;
}
