import { asArray, asObject, asString, objectField } from "./context.ts";
import { serviceUrl } from "./run-json.ts";
import { secretUses } from "./run-secrets.ts";
import type { CloudState, Policy, Version } from "./state.ts";

/** What exists in the cloud, for people and tests. No payload of a secret, and no value of a variable, is in it. */
export interface Description {
  readonly projects: readonly {
    readonly id: string;
    readonly number: string;
    readonly apis: readonly string[];
  }[];
  readonly secrets: readonly SecretDescription[];
  readonly accounts: readonly { readonly email: string; readonly disabled: boolean }[];
  readonly services: readonly ServiceDescription[];
}

export interface SecretDescription {
  /** `projects/ID/secrets/NAME`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly versions: readonly { readonly number: number; readonly state: Version["state"] }[];
  readonly grants: readonly GrantDescription[];
}

export interface GrantDescription {
  readonly role: string;
  readonly member: string;
  /** ISO time. */
  readonly grantedAt: string;
}

export interface ServiceDescription {
  /** `projects/ID/locations/REGION/services/NAME`. */
  readonly name: string;
  readonly url: string;
  readonly generation: number;
  readonly latestReadyRevision: string | undefined;
  readonly latestCreatedRevision: string;
  readonly traffic: readonly { readonly revision: string; readonly percent: number }[];
  readonly revisions: readonly RevisionDescription[];
  readonly grants: readonly GrantDescription[];
}

export interface RevisionDescription {
  readonly name: string;
  readonly ready: boolean;
  readonly reason: string | undefined;
  readonly account: string;
  readonly images: readonly string[];
  /** The names of its plain variables. */
  readonly variables: readonly string[];
  /** What it reads from Secret Manager; `variable` is absent for a mounted file. */
  readonly references: readonly {
    readonly variable?: string;
    readonly secret: string;
    readonly version: string;
  }[];
}

export function describe(state: CloudState): Description {
  return {
    projects: Object.entries(state.projects).map(([id, { number, apis }]) => ({ id, number, apis })),
    secrets: Object.entries(state.secrets).map(([name, secret]) => ({
      name,
      labels: strings(objectField(secret.settings, "labels")),
      versions: secret.versions.map(({ number, state: versionState }) => ({ number, state: versionState })),
      grants: grants(secret.policy),
    })),
    accounts: Object.entries(state.accounts).map(([email, { disabled }]) => ({ email, disabled })),
    services: Object.entries(state.services).map(([name, service]) => ({
      name,
      url: serviceUrl(state, service),
      generation: service.generation,
      latestReadyRevision: service.latestReady,
      latestCreatedRevision: service.latestCreated,
      traffic: asArray(service.settings.traffic).map((item) => {
        const target = asObject(item) ?? {};
        return {
          revision: asString(target.revision) || (service.latestReady ?? ""),
          percent: Number(target.percent ?? 0),
        };
      }),
      revisions: service.revisions.map((revision) => describeRevision(revision)),
      grants: grants(service.policy),
    })),
  };
}

function describeRevision(
  revision: CloudState["services"][string]["revisions"][number],
): RevisionDescription {
  const containers = asArray(revision.template.containers).map((container) => asObject(container) ?? {});
  const variables = containers.flatMap((container) =>
    asArray(container.env).map((item) => asObject(item) ?? {}),
  );
  return {
    name: revision.name,
    ready: revision.ready,
    reason: revision.reason,
    account: asString(revision.template.serviceAccount) ?? "",
    images: containers.map((container) => asString(container.image) ?? ""),
    variables: variables
      .filter(({ valueSource }) => !asObject(valueSource))
      .map(({ name }) => asString(name) ?? ""),
    references: secretUses(revision.template).map(({ variable, secret, version }) => ({
      ...(variable !== undefined && { variable }),
      secret,
      version,
    })),
  };
}

function grants(policy: Policy): GrantDescription[] {
  return policy.grants.map(({ role, member, grantedAt }) => ({ role, member, grantedAt }));
}

function strings(value: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}
