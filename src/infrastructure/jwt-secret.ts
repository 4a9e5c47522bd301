/** The secret of an environment: the Secret, a version per live generation, and who may read it. */
import { createHash } from "node:crypto";
import { Secret } from "@pulumi/gcp/secretmanager/secret.js";
import { SecretIamMember } from "@pulumi/gcp/secretmanager/secretIamMember.js";
import { SecretVersion } from "@pulumi/gcp/secretmanager/secretVersion.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import type { Replication } from "../environment/environment.ts";
import { labelsOf } from "./labels.ts";
import { JwtReference, type JwtReferences } from "./reference.ts";

/** What every source has in common. */
interface CommonArgs {
  /** Name of the environment; becomes a label. */
  readonly environment: string;
  /** Project ID of the services. */
  readonly project: pulumi.Input<string>;
  /** IAM members who may read the secret besides the services, such as `serviceAccount:E-MAIL`. Default: none. */
  readonly accessors?: readonly string[];
}

/** A secret made here. */
interface ManagedArgs extends CommonArgs {
  /** Secret ID, unique in the project. */
  readonly name: pulumi.Input<string>;
  /** The generation in use, from 1. */
  readonly current: number;
  /** The generation still accepted. Default: none. */
  readonly previous?: number;
  /** Whether deletion is refused, by Pulumi and by the provider. Default: true. */
  readonly protected?: boolean;
  /** Where the payload is kept and with what key. Cannot be changed later. Default: automatic, Google's own key. */
  readonly replication?: Replication;
}

/** Pulumi makes a random key per generation. */
export interface GeneratedSecretArgs extends ManagedArgs {
  readonly source: "generated";
}

/** The keys are given. */
export interface SuppliedSecretArgs extends ManagedArgs {
  readonly source: "supplied";
  /** The key of each generation, by its number as text. Always handled as a Pulumi secret. */
  readonly values: pulumi.Input<Record<string, string>>;
}

/** Secret and versions are made elsewhere; the value never meets Pulumi. */
export interface ExistingSecretArgs extends CommonArgs {
  readonly source: "existing";
  /** Project ID or number the secret is in. Default: `project`. */
  readonly secretProject?: string;
  /** Secret ID. */
  readonly name: string;
  /** Number of the version in use. */
  readonly current: number;
  /** Number of the version still accepted. Default: none. */
  readonly previous?: number;
}

/** Arguments of `JwtSecret`. */
export type JwtSecretArgs = GeneratedSecretArgs | SuppliedSecretArgs | ExistingSecretArgs;

/**
 * Characters of a generated key: letters and digits, 5.95 bits each, 512 bits in all. OWASP asks for 64 characters
 * from a cryptographic generator, RFC 7518 for 256 bits.
 */
const keyLength = 86;

/** Where a secret is, as grants and references need it. */
interface Place {
  readonly project: pulumi.Input<string>;
  readonly secret: pulumi.Input<string>;
}

/** The one secret both services of an environment share. */
export class JwtSecret extends pulumi.ComponentResource {
  /** Full name, `projects/PROJECT/secrets/SECRET`. Known in a preview. */
  readonly name: pulumi.Output<string>;
  /** Full name of the version in use, `projects/PROJECT/secrets/SECRET/versions/NUMBER`. */
  readonly versionName: pulumi.Output<string>;
  /** Number of the project, as Google names the Secret by it; undefined for a secret made elsewhere. */
  readonly projectNumber: pulumi.Output<string> | undefined;
  /** Which key is in use, in clear; undefined for a secret made elsewhere. See `JwtReferences.fingerprint`. */
  readonly fingerprint: pulumi.Output<string> | undefined;
  /** What the services carry. */
  readonly references: JwtReferences;
  readonly #place: Place;
  readonly #grants = new Map<string, SecretIamMember>();

  /** @throws when `values` lacks a live generation */
  constructor(name: string, args: JwtSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jwt-secret:infrastructure:JwtSecret", name, {}, opts);
    const made = args.source === "existing" ? existing(args) : managed(this, name, args, opts);
    this.#place = made.place;
    this.name = pulumi.interpolate`projects/${made.place.project}/secrets/${made.place.secret}`;
    this.versionName = pulumi.interpolate`${this.name}/versions/${made.current}`;
    this.projectNumber = made.projectNumber;
    this.fingerprint = made.fingerprint;
    this.references = {
      ...(made.fingerprint && { fingerprint: made.fingerprint }),
      current: new JwtReference(made.reference, made.current),
      ...(made.previous !== undefined && { previous: new JwtReference(made.reference, made.previous) }),
    };
    for (const member of args.accessors ?? []) this.grant(`accessor-${member}`, member, { parent: this });
    this.registerOutputs({ name: this.name, versionName: this.versionName });
  }

  /**
   * Lets a member read this secret, and this one only. A member that is known by name is granted it once: with a
   * second resource for the same grant, removing one would take it from both.
   */
  grant(name: string, member: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): SecretIamMember {
    const known = typeof member === "string" ? this.#grants.get(member) : undefined;
    if (known !== undefined) return known;
    const { project, secret } = this.#place;
    const role = "roles/secretmanager.secretAccessor";
    const grant = new SecretIamMember(name, { project, secretId: secret, role, member }, opts);
    if (typeof member === "string") this.#grants.set(member, grant);
    return grant;
  }
}

interface Made {
  readonly place: Place;
  /** How a service names the secret. */
  readonly reference: pulumi.Input<string>;
  readonly current: pulumi.Input<string>;
  readonly previous?: pulumi.Input<string>;
  readonly projectNumber?: pulumi.Output<string>;
  readonly fingerprint?: pulumi.Output<string>;
}

function existing(args: ExistingSecretArgs): Made {
  const project = args.secretProject ?? args.project;
  const full = pulumi.interpolate`projects/${project}/secrets/${args.name}`;
  const here = pulumi.output(args.project);
  return {
    place: { project, secret: args.name },
    // Cloud Run wants the short ID in the service's own project and the full name in another.
    reference: pulumi
      .all([here, project, full])
      .apply(([own, other, name]) => (own === other ? args.name : name)),
    current: String(args.current),
    ...(args.previous !== undefined && { previous: String(args.previous) }),
  };
}

function managed(
  parent: JwtSecret,
  name: string,
  args: GeneratedSecretArgs | SuppliedSecretArgs,
  opts: pulumi.ComponentResourceOptions | undefined,
): Made {
  const protect = args.protected ?? true;
  const secret = new Secret(
    name,
    {
      project: args.project,
      secretId: args.name,
      replication: replicationOf(args.replication ?? { mode: "automatic" }),
      labels: labelsOf(args.environment),
      deletionProtection: protect,
    },
    { parent, protect, dependsOn: opts?.dependsOn },
  );
  const version = (generation: number) =>
    new SecretVersion(
      `${name}-g${generation}`,
      {
        // As `secret.id` will read, and known before the Secret exists.
        secret: pulumi.interpolate`projects/${secret.project}/secrets/${secret.secretId}`,
        secretData: keyOf(parent, name, args, generation),
        enabled: true,
        // Never destroyed: a retired version is disabled, and an operator can enable it again.
        deletionPolicy: "DISABLE",
      },
      { parent },
    );
  const current = version(args.current);
  return {
    place: { project: secret.project, secret: secret.secretId },
    reference: secret.secretId,
    current: current.version,
    ...(args.previous !== undefined && { previous: version(args.previous).version }),
    fingerprint: fingerprintOf(current),
    projectNumber: secret.name.apply(projectNumberOf),
  };
}

function keyOf(
  parent: JwtSecret,
  name: string,
  args: GeneratedSecretArgs | SuppliedSecretArgs,
  generation: number,
): pulumi.Output<string> {
  if (args.source === "generated") {
    return new RandomPassword(
      `${name}-g${generation}`,
      { length: keyLength, special: false },
      // A generation keeps its key for life: another length would be another key under the same number.
      { parent, ignoreChanges: ["length", "special"] },
    ).result;
  }
  return pulumi.secret(args.values).apply((values) => {
    const value = Object.hasOwn(values, generation) ? values[generation] : undefined;
    if (value !== undefined) return value;
    throw new pulumi.RunError(`jwt-secret:values holds no key for generation ${generation}.`);
  });
}

/**
 * The fingerprint of a version's value. It is taken from the version and not from where the value came from: a service
 * then depends on the version alone, and a preview's reader can settle whose fingerprint an unknown one is. No longer a
 * Pulumi secret, because one secret variable hides all containers of a service from every document; 64 bits of a hash
 * tell nothing of a key of 256 bits or more.
 */
function fingerprintOf(version: SecretVersion): pulumi.Output<string> {
  const digest = version.secretData.apply((value) => {
    if (value) return createHash("sha256").update(value, "utf8").digest("hex").slice(0, 16);
    throw new pulumi.RunError("The state holds no value of the secret's version: run pulumi refresh.");
  });
  return pulumi.unsecret(digest);
}

function replicationOf(replication: Replication) {
  const encryption = (kmsKeyName: string | undefined) =>
    kmsKeyName === undefined ? {} : { customerManagedEncryption: { kmsKeyName } };
  if (replication.mode === "automatic") return { auto: encryption(replication.kmsKey) };
  const replicas = replication.replicas.map(({ location, kmsKey }) => ({ location, ...encryption(kmsKey) }));
  return { userManaged: { replicas } };
}

/** Secret Manager names a Secret by its project's number: `projects/123456789012/secrets/...`. */
function projectNumberOf(name: string): string {
  const number = /^projects\/(\d+)\//.exec(name)?.[1];
  if (number !== undefined) return number;
  throw new pulumi.RunError(
    `The Secret's name ${JSON.stringify(name)} does not show the project's number: set it with ` +
      "pulumi config set jwt-secret:projectNumber NUMBER.",
  );
}
