/**
 * The configuration of a stack as people write it, key by key, with what the tables in the documentation say of each.
 * `examples[0]` of a key is what an error message tells the user to write.
 */
import { z } from "zod";
import * as names from "./names.ts";
import { member, seconds } from "./schema-parts.ts";
import { replication, secret } from "./schema-secret.ts";
import { serviceSettings } from "./schema-service.ts";

const grantRetry = z
  .strictObject({
    settle: seconds(0, 600).default(60).meta({
      description:
        "Seconds a new grant is given to work before a service that needs it is deployed; 0: not at all.",
    }),
    timeout: seconds(0, 900).default(120).meta({
      description:
        'Seconds during which a deployment refused with "Permission denied on secret" is tried again; 0: never.',
    }),
    pause: seconds(1, 60).default(5).meta({ description: "Seconds between those tries." }),
  })
  .refine((retry) => retry.timeout <= retry.pause * 99, {
    path: ["pause"],
    error: "is too short: the engine tries at most 100 times; write at least a hundredth of the timeout",
  })
  .prefault({});

/** The keys of the namespaces `gcp` and `jwt-secret`, as in `Pulumi.<environment>.yaml`. */
export const Configuration = z.strictObject({
  "gcp:project": z
    .string()
    .regex(names.projectPattern, "must be a project ID: 6 to 30 lower-case letters, digits and -")
    .meta({ description: "Google Cloud project ID.", examples: ["PROJECT_ID"] }),
  "gcp:region": z
    .string()
    .regex(/^[a-z]+-[a-z]+\d+$/, "must be a region; write us-central1, for example")
    .meta({ description: "Region of the services.", examples: ["us-central1"] }),
  "jwt-secret:secret": secret.meta({ examples: [{ source: "generated" }] }),
  "jwt-secret:values": z
    .record(
      z.string().regex(/^[1-9]\d*$/, "must be named by a generation: 1, 2, ..."),
      z.string({ error: "must be text" }),
    )
    .optional()
    .meta({
      description: "The key of each generation, as Pulumi secrets; with `source: supplied` only.",
    }),
  "jwt-secret:services": z.strictObject(serviceSettings).meta({
    examples: [{ auth: { image: "IMAGE" }, backend: { image: "IMAGE" } }],
  }),
  "jwt-secret:accessors": z.array(member("read the secret")).default([]).meta({
    description: "Further IAM members who may read the secret, such as an end-to-end test's account.",
  }),
  "jwt-secret:testAccess": z
    .string()
    .regex(/\S.*\s\S/, "must be a sentence that says why")
    .optional()
    .meta({
      description:
        "Why a test's account among the accessors may read production's key; without it that is refused.",
      note: "none",
    }),
  "jwt-secret:replication": replication.default({ mode: "automatic" }),
  "jwt-secret:projectNumber": z
    .string()
    .regex(names.projectNumberPattern, "must be the project's number: digits only")
    .optional()
    .meta({
      description: "The project's number, for AUTH_SERVICE_URL. Required with `source: existing`.",
      note: "read from the Secret's name",
      examples: ["123456789012"],
    }),
  "jwt-secret:enableApis": z.boolean().default(false).meta({
    description: "Whether the program enables the Cloud Run, Secret Manager and IAM APIs.",
  }),
  "jwt-secret:grantRetry": grantRetry,
  "jwt-secret:tokenLifetime": seconds(1, 34_560_000)
    .optional()
    .meta({
      description:
        "Seconds the longest-lived token that auth signs is valid, refresh tokens included; `jwt-secret rotate` waits so long.",
      note: "none; a rotation needs it",
      examples: [3600],
    }),
});
export type Configuration = z.infer<typeof Configuration>;
