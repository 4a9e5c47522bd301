import { asArray, asObject, asString, type Call, objectField } from "./context.ts";
import { ApiError } from "./errors.ts";
import { mayReadSecret } from "./policies.ts";
import { projectNumber, projectOf } from "./projects.ts";
import { lookUpSecret } from "./secrets.ts";
import type { CloudState, JsonObject, Secret } from "./state.ts";
import { resolveVersion } from "./versions.ts";

/** A place in a template that names a version of a secret. */
export interface SecretUse {
  /** As Cloud Run spells the place in its messages, which follow the v1 form. */
  readonly path: string;
  /** The variable that carries it; undefined: a mounted file. */
  readonly variable?: string;
  /** As written: a name, or `projects/P/secrets/NAME`. */
  readonly secret: string;
  readonly version: string;
}

/** Every use of a secret in a revision template, in its order. */
export function secretUses(template: JsonObject): SecretUse[] {
  const spec = "spec.template.spec";
  const fromEnv = asArray(template.containers).flatMap((container, at) =>
    asArray(asObject(container)?.env).flatMap((item, index) => {
      const variable = asObject(item) ?? {};
      const source = asObject(variable.valueSource);
      if (!source) return [];
      const { secret, version } = objectField(source, "secretKeyRef");
      const path = `${spec}.containers[${at}].env[${index}].value_from.secret_key_ref.name`;
      return [
        {
          path,
          variable: asString(variable.name) ?? "",
          secret: asString(secret) ?? "",
          version: asString(version) ?? "latest",
        },
      ];
    }),
  );
  const fromVolumes = asArray(template.volumes).flatMap((item, at) => {
    const secret = asObject(asObject(item)?.secret);
    if (!secret) return [];
    const items = asArray(secret.items);
    return (items.length > 0 ? items : [{}]).map((file, index) => ({
      path: `${spec}.volumes[${at}].secret.items[${index}].key`,
      secret: asString(secret.secret) ?? "",
      version: asString(asObject(file)?.version) ?? "latest",
    }));
  });
  return [...fromEnv, ...fromVolumes];
}

/** Why a revision of this template would not become ready: one sentence for each secret it cannot have. */
export function secretProblems(call: Call, project: string, template: JsonObject): string[] {
  const account = asString(template.serviceAccount) ?? "";
  return secretUses(template).flatMap((use) => {
    const problem = problemOf(call, project, account, use);
    return problem === undefined ? [] : [`${use.path}: ${problem}`];
  });
}

function problemOf(call: Call, project: string, account: string, use: SecretUse): string | undefined {
  const named = /^projects\/([^/]+)\/secrets\/(.+)$/.exec(use.secret);
  const owner = known(call.state, named?.[1] ?? project, call.now);
  const name = named?.[2] ?? use.secret;
  const number =
    owner === undefined ? named?.[1] : (call.state.projects[owner]?.number ?? projectNumber(owner));
  const full = `projects/${number}/secrets/${name}/versions/${use.version}`;
  const secret: Secret | undefined =
    owner === undefined ? undefined : lookUpSecret(call.state, owner, name, call.now);
  // An account without access learns nothing about what exists, but for its own project Cloud Run says so.
  if (!secret && owner === project) return `Secret ${full} was not found`;
  const policies = [secret?.policy, call.state.projects[owner ?? ""]?.policy];
  const disabled = call.state.accounts[account]?.disabled === true;
  if (!secret || disabled || !mayReadSecret(policies, `serviceAccount:${account}`, call)) {
    return `Permission denied on secret: ${full} for Revision service account ${account}. The service account used must be granted the 'Secret Manager Secret Accessor' role (roles/secretmanager.secretAccessor) at the secret, project or higher level.`;
  }
  const version = resolveVersion(secret, use.version);
  if (!version) return `Secret ${full} was not found`;
  return version.state === "ENABLED" ? undefined : `Secret Version [${full}] is in ${version.state} state.`;
}

function known(state: CloudState, project: string, now: Date): string | undefined {
  try {
    return projectOf(state, project, now);
  } catch (cause) {
    if (cause instanceof ApiError) return undefined;
    throw cause;
  }
}
