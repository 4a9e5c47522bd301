/** A small program of its own for the tests of the pack: right as it stands, and each test changes one thing. */
import { randomBytes } from "node:crypto";
import { Service } from "@pulumi/gcp/cloudrunv2/service.js";
import { Secret } from "@pulumi/gcp/secretmanager/secret.js";
import { SecretIamMember } from "@pulumi/gcp/secretmanager/secretIamMember.js";
import { SecretVersion } from "@pulumi/gcp/secretmanager/secretVersion.js";
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import type { Input, Output } from "@pulumi/pulumi";
import { secret as asSecret } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";

const roles = ["auth", "backend"] as const;
export type Role = (typeof roles)[number];

/** A secret and its two versions. */
export interface Made {
  secret: Secret;
  versions: [SecretVersion, SecretVersion];
}

export interface Env {
  name: string;
  value?: Input<string>;
  valueSource?: { secretKeyRef: { secret: Input<string>; version?: Input<string> } };
}

/** What a test may change. */
export interface Draft {
  /** Whether the secret is protected. */
  protect: boolean;
  /** The services that are made, backend first, as the project's own program does. */
  made: Role[];
  /** The services whose account may read the secrets. */
  granted: Role[];
  /** The variables of each service, given the stack's secret and another one. */
  env: Record<Role, (jwt: Made, other: Made) => Input<Env[]>>;
}

/** A variable with a value. */
export const plain = (name: string, value: Input<string>): Env => ({ name, value });

/** A variable that reads a secret, by the name that is known in a preview. */
export function reads(name: string, { secret, versions: [version] }: Made): Env {
  return refers(name, secret.secretId, version.version);
}

/** A variable that reads whatever is given. */
export function refers(name: string, secret: Input<string>, version: Input<string>): Env {
  return { name, valueSource: { secretKeyRef: { secret, version } } };
}

export const environment = plain("ENVIRONMENT", "staging");
const right = (jwt: Made): Env[] => [environment, reads("JWT_SECRET", jwt), reads("JWT_SECRET_KEY", jwt)];

// Made once, so that a second run of the same program changes nothing.
const keys = new Map<string, string>();
function keyOf(name: string): Output<string> {
  const key = keys.get(name) ?? randomBytes(48).toString("base64url");
  keys.set(name, key);
  return asSecret(key);
}

function make(name: string, protect: boolean): Made {
  const secret = new Secret(
    name,
    { secretId: `${name}-staging`, labels: { environment: "staging" }, replication: { auto: {} } },
    { protect },
  );
  const version = (generation: number, before: SecretVersion[]) =>
    new SecretVersion(
      `${name}-g${generation}`,
      { secret: secret.id, secretData: keyOf(`${name}-g${generation}`), deletionPolicy: "DISABLE" },
      // Versions are numbered as they come.
      { dependsOn: before },
    );
  const first = version(1, []);
  return { secret, versions: [first, version(2, [first])] };
}

/** The program with one thing changed. */
export function program(change: (draft: Draft) => void = () => {}): PulumiFn {
  return async () => {
    const draft: Draft = {
      protect: true,
      made: ["backend", "auth"],
      granted: ["auth", "backend"],
      env: { auth: right, backend: right },
    };
    change(draft);
    const jwt = make("jwt-secret", draft.protect);
    const other = make("other", draft.protect);
    const before: Service[] = [];
    for (const role of draft.made) {
      const account = new Account(role, { accountId: `${role}-staging` });
      const grants = (draft.granted.includes(role) ? [jwt, other] : []).map(
        ({ secret }, index) =>
          new SecretIamMember(`${role}-${index}`, {
            secretId: secret.secretId,
            role: "roles/secretmanager.secretAccessor",
            member: account.member,
          }),
      );
      const service = new Service(
        role,
        {
          name: `${role}-staging`,
          location: "us-central1",
          deletionProtection: false,
          template: {
            serviceAccount: account.email,
            containers: [
              { image: "us-docker.pkg.dev/cloudrun/container/hello", envs: draft.env[role](jwt, other) },
            ],
          },
        },
        // One after the other, as the project's own program has it.
        { dependsOn: [...grants, ...jwt.versions, ...other.versions, ...before] },
      );
      before.push(service);
    }
    return { secret: jwt.secret.name };
  };
}
