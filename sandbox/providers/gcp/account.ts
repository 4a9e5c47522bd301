import type { JsonObject } from "../../cloud/state.ts";
import { CallError } from "../api.ts";
import { CreatedButFailed, madeEarlier, markOf, type ResourceType } from "../resource.ts";
import { type Properties, UNKNOWN } from "../values.ts";
import {
  abandoned,
  field,
  given,
  named,
  parts,
  present,
  projectOf,
  properties,
  unknowns,
  unlessMissing,
} from "./common.ts";

/** gcp:serviceaccount/account:Account, on IAM's projects.serviceAccounts. */
export const accountType: ResourceType = {
  token: "gcp:serviceaccount/account:Account",
  marked: true,
  autonamed: "accountId",
  replaceOn: ["accountId", "project"],
  notReadBack: ["deletionPolicy", "createIgnoreAlreadyExists"],

  // The real provider computes email and member while planning, once account and project are known.
  preview(inputs, context) {
    const project = projectOf(inputs, context);
    const email = inputs.accountId === UNKNOWN || project === UNKNOWN ? UNKNOWN : emailOf(inputs, project);
    return {
      ...defaults(inputs, project),
      ...unknowns("name", "uniqueId"),
      email,
      member: email === UNKNOWN ? UNKNOWN : `serviceAccount:${email}`,
    };
  },

  async create(inputs, context) {
    const accountId = given(inputs, "accountId");
    const project = projectOf(inputs, context);
    const id = `projects/${project}/serviceAccounts/${emailOf(inputs, project)}`;
    const mark = markOf(inputs, context);
    const answer = await named("creating", "service account", accountId, async () => {
      try {
        return await context.api.call("POST", `/v1/projects/${project}/serviceAccounts`, {
          body: {
            accountId,
            serviceAccount: present({ displayName: inputs.displayName, description: inputs.description }),
          },
          mark,
        });
      } catch (cause) {
        const exists = cause instanceof CallError && cause.reason === "ALREADY_EXISTS";
        const taken =
          exists && (inputs.createIgnoreAlreadyExists === true || (await madeEarlier(mark, context)) === id);
        if (!taken) throw cause;
        return await context.api.call("GET", `/v1/${id}`);
      }
    });
    if (inputs.disabled !== true) return { id, outputs: outputsOf(inputs, project, answer) };
    try {
      await named("disabling", "service account", accountId, () =>
        context.api.call("POST", `/v1/${id}:disable`),
      );
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      throw new CreatedButFailed(cause.message, id, outputsOf(inputs, project, answer));
    }
    return { id, outputs: { ...outputsOf(inputs, project, answer), disabled: true } };
  },

  async read(id, before, context) {
    const { project = "", email = "" } = parts(
      id,
      /^projects\/(?<project>[^/]+)\/serviceAccounts\/(?<email>[^/]+)$/,
      "projects/{{project}}/serviceAccounts/{{email}}",
    );
    const answer = await named("reading", "service account", email, () =>
      unlessMissing(() => context.api.call("GET", `/v1/${id}`)),
    );
    if (!answer) return undefined;
    const live = properties(answer);
    const inputs = present({
      accountId: email.split("@")[0] ?? "",
      project,
      displayName: live.displayName,
      description: live.description,
      disabled: live.disabled,
    });
    const kept = present({
      deletionPolicy: before.outputs.deletionPolicy,
      createIgnoreAlreadyExists: before.outputs.createIgnoreAlreadyExists,
    });
    return { id, inputs, outputs: outputsOf({ ...inputs, ...kept }, project, answer) };
  },

  async update(id, inputs, before, context) {
    const project = projectOf(inputs, context);
    const name = given(inputs, "accountId");
    const changed = ["displayName", "description"].filter((key) => inputs[key] !== before.inputs[key]);
    return await named("updating", "service account", name, async () => {
      if (changed.length > 0) {
        await context.api.call("PATCH", `/v1/${id}`, {
          body: {
            updateMask: changed.join(","),
            serviceAccount: { displayName: inputs.displayName ?? "", description: inputs.description ?? "" },
          },
        });
      }
      if ((inputs.disabled === true) !== (before.outputs.disabled === true)) {
        await context.api.call("POST", `/v1/${id}:${inputs.disabled === true ? "disable" : "enable"}`);
      }
      return outputsOf(inputs, project, await context.api.call("GET", `/v1/${id}`));
    });
  },

  async delete(id, outputs, context) {
    const name = String(outputs.accountId ?? id);
    if (abandoned("service account", name, outputs)) return;
    await named("deleting", "service account", name, () =>
      unlessMissing(() => context.api.call("DELETE", `/v1/${id}`)),
    );
  },
};

function emailOf(inputs: Properties, project: string): string {
  return `${given(inputs, "accountId")}@${project}.iam.gserviceaccount.com`;
}

function defaults(inputs: Properties, project: string): Properties {
  return {
    accountId: inputs.accountId ?? null,
    project,
    displayName: inputs.displayName ?? "",
    description: inputs.description ?? "",
    disabled: inputs.disabled ?? false,
    deletionPolicy: inputs.deletionPolicy ?? "DELETE",
    createIgnoreAlreadyExists: inputs.createIgnoreAlreadyExists ?? null,
  };
}

function outputsOf(inputs: Properties, project: string, answer: JsonObject): Properties {
  const email = field(answer, "email");
  return {
    ...defaults(inputs, project),
    disabled: answer.disabled === true,
    email,
    member: `serviceAccount:${email}`,
    name: field(answer, "name"),
    uniqueId: field(answer, "uniqueId"),
  };
}
