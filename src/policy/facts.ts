/**
 * The facts a policy is decided on: what a document says about environments, whatever kind of document it was.
 * Readers in `src/documents` make them, rules in `src/policy/rules` judge them. No value of a secret is ever kept.
 */
import { z } from "zod";

/**
 * One part of a reference (its project, secret or version), with what the document tells about it.
 *
 * - `known`: the text is there, in canonical form. `settledBy` is set when the document showed an unknown in its
 *   place and the resource of that URN is the only one it can stand for.
 * - `settled`: the text is not there, but the part can only be that of one resource (its URN).
 *   Two settled parts are the same exactly when their URNs are.
 * - `absent`: the document says nothing where the platform allows nothing to be said (a version left out).
 * - `unknown`: the document does not hold it; `reason` says why. Two unknown parts with the same `scope` are one
 *   and the same value, though nobody knows which (services of one file that name no project).
 */
export const Part = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("known"), value: z.string(), settledBy: z.string().optional() }),
  z.strictObject({ kind: z.literal("settled"), urn: z.string() }),
  z.strictObject({ kind: z.literal("absent") }),
  z.strictObject({ kind: z.literal("unknown"), reason: z.string(), scope: z.string().optional() }),
]);
export type Part = z.infer<typeof Part>;

/** A reference to one version of one secret. `secret` is the short name; `project` an ID or a number, as written. */
export const Reference = z.strictObject({ project: Part, secret: Part, version: Part });
export type Reference = z.infer<typeof Reference>;

/** Where something stands: a file, a line of it (from 1), a resource, a position in the program's source. */
export const Location = z.strictObject({
  file: z.string().optional(),
  line: z.int().positive().optional(),
  urn: z.string().optional(),
  /** As Pulumi prints it, such as `project:///index.ts#23,10`. */
  sourcePosition: z.string().optional(),
});
export type Location = z.infer<typeof Location>;

/**
 * A variable of a container, or a file mounted into it.
 * `text` of a literal is kept for `ENVIRONMENT` and a well-formed `JWT_SECRET_FINGERPRINT` alone.
 */
export const Variable = z.strictObject({
  /** The variable's name; for a mounted file, the path inside the container. */
  name: z.string(),
  via: z.enum(["variable", "file"]),
  value: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("reference"), reference: Reference }),
    z.strictObject({ kind: z.literal("literal"), empty: z.boolean(), text: z.string().optional() }),
    /** `settled`: of a fingerprint, the URN of the one version it can have been computed from. */
    z.strictObject({ kind: z.literal("unknown"), reason: z.string(), settled: z.string().optional() }),
  ]),
  location: Location.optional(),
});
export type Variable = z.infer<typeof Variable>;

/** A container with its variables in document order (read order does not follow from it). */
export const Container = z.strictObject({
  name: z.string().optional(),
  /** Set for an init container, which runs before the others and ends. */
  init: z.literal(true).optional(),
  variables: z.array(Variable),
});
export type Container = z.infer<typeof Container>;

export const roles = ["auth", "backend"] as const;
/** `auth` signs tokens, `backend` verifies them. */
export type Role = (typeof roles)[number];

/** What a live service or worker pool says about the revision that serves; absent in documents that describe a wish. */
export const Serving = z.strictObject({
  latestCreated: z.string().optional(),
  latestReady: z.string().optional(),
  /**
   * The traffic, or the instances of a worker pool, as the platform reports them; `revision` is absent where they go to
   * the latest ready one.
   */
  traffic: z.array(z.strictObject({ percent: z.number(), revision: z.string().optional() })).optional(),
  /** Set when the status does not speak of the current template (observed generation behind, still reconciling). */
  stale: z.string().optional(),
});
export type Serving = z.infer<typeof Serving>;

/** A Cloud Run service, revision, job or worker pool. */
export const Service = z.strictObject({
  kind: z.enum(["service", "revision", "job", "workerPool"]),
  /** Absent for a service that is neither of the two, or not known to be. */
  role: z.enum(roles).optional(),
  name: Part,
  /** How a message calls it: the name, or the resource's logical name. Never empty. */
  label: z.string(),
  project: Part,
  /** Region; two services of one name in two places are two services. */
  region: z.string().optional(),
  location: Location,
  /** The e-mail of the runtime account; `absent` means the platform's default account. */
  account: Part,
  containers: z.union([
    z.array(Container),
    /** The document hides or does not hold them. */
    z.strictObject({ kind: z.literal("unknown"), reason: z.string() }),
  ]),
  serving: Serving.optional(),
  /** Variables that `--reads` puts first, in order; they count as JWT variables on this service. */
  reads: z.array(z.string()).default([]),
});
export type Service = z.infer<typeof Service>;

/** A Secret that is a resource of the stack. */
export const DeclaredSecret = z.strictObject({
  urn: z.string(),
  project: Part,
  secret: Part,
  /** The value of its `environment` label. */
  environment: Part,
  protected: z.boolean(),
  /** True when the stack only reads it: it is made, guarded and granted elsewhere. */
  external: z.boolean().optional(),
  /** True when it has a `ttl` or an `expireTime`; a string is the reason why that is not known. */
  expires: z.union([z.boolean(), z.string()]),
  location: Location,
});
export type DeclaredSecret = z.infer<typeof DeclaredSecret>;

/** A SecretVersion that is a resource of the stack. */
export const DeclaredVersion = z.strictObject({
  urn: z.string(),
  project: Part,
  secret: Part,
  version: Part,
  /** A string is the reason why it is not known. */
  enabled: z.union([z.boolean(), z.string()]),
  /** True when replacing it destroys the old version (deletionPolicy DELETE, the provider's default). */
  destroyedOnReplacement: z.union([z.boolean(), z.string()]),
  location: Location,
});
export type DeclaredVersion = z.infer<typeof DeclaredVersion>;

/** Members who hold a role, on one secret or on a whole project (`secret` is then `absent`). */
export const Grant = z.strictObject({
  urn: z.string(),
  project: Part,
  secret: Part,
  role: Part,
  /** As IAM writes them (`serviceAccount:E-MAIL`, `allUsers`); settled to an account's URN where that is unknown. */
  members: z.array(Part),
  /** A condition may withhold the grant; a string is the reason why it is not known whether there is one. */
  conditional: z.union([z.boolean(), z.string()]),
  /** Set when it takes from all others what it does not give them: this role (a binding), or any (a policy). */
  exclusive: z.enum(["role", "all"]).optional(),
  location: Location,
});
export type Grant = z.infer<typeof Grant>;

/** What only a Pulumi document holds: the resources around the services. */
export const Declared = z.strictObject({
  secrets: z.array(DeclaredSecret),
  versions: z.array(DeclaredVersion),
  grants: z.array(Grant),
  /** Accounts that are resources of the stack: their URN and e-mail, and why nobody may be able to run as them. */
  accounts: z.array(z.strictObject({ urn: z.string(), email: Part, unusable: z.string().optional() })),
  /** IAM members whom the configuration lists as readers of the secret; absent where the document does not show them. */
  accessors: z.array(z.string()).optional(),
  /** Further ones, of which the documents do not say the same. */
  disputedAccessors: z.array(z.string()).optional(),
  /** The stack's output `source`, where there is one. */
  source: z.enum(["generated", "supplied", "existing"]).optional(),
  /** A reason when the document cannot show that output: a `source` that is absent then proves nothing. */
  sourceUnseen: z.string().optional(),
  /** A reason when resources may be missing from the document (a preview without `--show-sames`). */
  incomplete: z.string().optional(),
});
export type Declared = z.infer<typeof Declared>;

/** One environment: everything the documents given say about it. */
export const Environment = z.strictObject({
  /** The environment being checked; absent when nothing tells. */
  name: z.string().optional(),
  services: z.array(Service),
  /** Present for Pulumi documents. */
  declared: Declared.optional(),
  /** IDs and numbers known to be of one project. */
  projects: z.array(z.strictObject({ id: z.string(), number: z.string() })).default([]),
});
export type Environment = z.infer<typeof Environment>;

/** The environments checked together. */
export const Facts = z.strictObject({ environments: z.array(Environment) });
export type Facts = z.infer<typeof Facts>;
