import { z } from "zod";

/** What the sandbox's cloud remembers: one JSON document, its only place for the values of secrets. */

/**
 * Left beside a resource by the client that created it, so that the same client can recognise its own work
 * after it was killed before it could write that down. `inputs` is a SHA-256.
 */
export const markSchema = z.strictObject({ urn: z.string(), inputs: z.string(), session: z.string() });
export type Mark = z.infer<typeof markSchema>;

const jsonObject = z.record(z.string(), z.json());
export type JsonValue = z.infer<ReturnType<typeof z.json>>;
export type JsonObject = z.infer<typeof jsonObject>;

const conditionSchema = z.looseObject({ title: z.string(), expression: z.string() });

/** One grant: role and member, since when (ISO time), as grants take a while to work. */
const grantSchema = z.strictObject({
  role: z.string(),
  member: z.string(),
  condition: conditionSchema.optional(),
  grantedAt: z.string(),
});
const policySchema = z.strictObject({ revision: z.number(), grants: z.array(grantSchema) });
export type Policy = z.infer<typeof policySchema>;
export type Grant = z.infer<typeof grantSchema>;

const versionSchema = z.strictObject({
  number: z.number().int().positive(),
  state: z.enum(["ENABLED", "DISABLED", "DESTROYED"]),
  createTime: z.string(),
  destroyTime: z.string().optional(),
  /** Base64; gone once destroyed. */
  data: z.string().optional(),
  mark: markSchema.optional(),
});
export type Version = z.infer<typeof versionSchema>;

const secretSchema = z.strictObject({
  project: z.string(),
  secretId: z.string(),
  createTime: z.string(),
  revision: z.number(),
  /** The fields a client sets: labels, replication, topics and so on, as the API spells them. */
  settings: jsonObject,
  policy: policySchema,
  versions: z.array(versionSchema),
  mark: markSchema.optional(),
});
export type Secret = z.infer<typeof secretSchema>;

const accountSchema = z.strictObject({
  project: z.string(),
  accountId: z.string(),
  uniqueId: z.string(),
  displayName: z.string(),
  description: z.string(),
  disabled: z.boolean(),
  revision: z.number(),
  mark: markSchema.optional(),
});
export type Account = z.infer<typeof accountSchema>;

const revisionSchema = z.strictObject({
  name: z.string(),
  createTime: z.string(),
  template: jsonObject,
  ready: z.boolean(),
  /** Its first instance is being started: it is neither ready nor failed yet. Needs a runtime. */
  starting: z.literal(true).optional(),
  /** Why it is not ready. */
  reason: z.string().optional(),
});
export type Revision = z.infer<typeof revisionSchema>;

const serviceSchema = z.strictObject({
  project: z.string(),
  location: z.string(),
  serviceId: z.string(),
  uid: z.string(),
  generation: z.number(),
  createTime: z.string(),
  updateTime: z.string(),
  /** The fields a client sets, template included, as the v2 API spells them. */
  settings: jsonObject,
  policy: policySchema,
  revisions: z.array(revisionSchema),
  latestReady: z.string().optional(),
  latestCreated: z.string(),
  mark: markSchema.optional(),
});
export type Service = z.infer<typeof serviceSchema>;

const projectSchema = z.strictObject({
  number: z.string(),
  createTime: z.string(),
  apis: z.array(z.string()),
  policy: policySchema,
});

export const stateSchema = z.strictObject({
  format: z.literal(1),
  /** By project ID. */
  projects: z.record(z.string(), projectSchema),
  /** By `projects/ID/secrets/NAME`. */
  secrets: z.record(z.string(), secretSchema),
  /** By email. */
  accounts: z.record(z.string(), accountSchema),
  /** By `projects/ID/locations/REGION/services/NAME`. */
  services: z.record(z.string(), serviceSchema),
});
export type CloudState = z.infer<typeof stateSchema>;

/** A cloud in which nothing was made yet. */
export function emptyState(): CloudState {
  return { format: 1, projects: {}, secrets: {}, accounts: {}, services: {} };
}
