/** The settings of the secret: where the key comes from, and where it is kept. */
import { z } from "zod";
import * as names from "./names.ts";

const generation = (what: string) =>
  z
    .int({ error: `must be a whole number from 1; write ${what}: 1` })
    .min(1, `must be 1 or more; write ${what}: 1`);

const managed = {
  name: z
    .string()
    .regex(
      names.secretPattern,
      "must be 1 to 255 letters, digits, - and _; write jwt-secret-staging, for example",
    )
    .optional()
    .meta({ description: "Secret ID, unique in the project.", note: "`jwt-secret-<environment>`" }),
  current: generation("current")
    .default(1)
    .meta({ description: "The generation tokens are signed with; raise it to rotate the key." }),
  previous: generation("previous").optional().meta({
    description: "The generation whose tokens are still accepted while they live; none in a new environment.",
  }),
  protected: z.boolean().default(true).meta({
    description:
      "Whether Pulumi and the provider refuse to delete the Secret. Switch off to take an environment down.",
  }),
};

/** The source of the key with its settings, by `source`. */
export const secret = z.discriminatedUnion(
  "source",
  [
    z.strictObject({
      source: z.literal("generated").meta({ description: "Pulumi makes a random key per generation." }),
      ...managed,
    }),
    z.strictObject({
      source: z
        .literal("supplied")
        .meta({ description: "The keys are Pulumi secrets in `jwt-secret:values`." }),
      ...managed,
    }),
    z.strictObject({
      source: z
        .literal("existing")
        .meta({ description: "Secret and versions are made elsewhere; the key never meets Pulumi." }),
      name: z
        .string()
        .regex(
          /^(projects\/[^/]+\/secrets\/)?[A-Za-z0-9_-]{1,255}$/,
          "must be a secret ID or projects/PROJECT/secrets/SECRET; write jwt-secret-staging, for example",
        )
        .meta({
          description: "ID of the secret, or `projects/PROJECT/secrets/SECRET` for one in another project.",
          examples: ["jwt-secret-staging"],
        }),
      current: generation("current").meta({
        description: "Number of the version tokens are signed with.",
        examples: [1],
      }),
      previous: generation("previous")
        .optional()
        .meta({ description: "Number of the version whose tokens are still accepted while they live." }),
    }),
  ],
  { error: "must name a source; write source: generated, supplied or existing" },
);

const kmsKey = z
  .string()
  .regex(
    /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/,
    "must be the name of a Cloud KMS key; write projects/P/locations/L/keyRings/R/cryptoKeys/K",
  );

const kmsLocation = (key: string) => key.split("/")[3];

/** Where Secret Manager keeps the payload, by `mode`. */
export const replication = z.discriminatedUnion(
  "mode",
  [
    z.strictObject({
      mode: z.literal("automatic").meta({ description: "Google chooses the places." }),
      kmsKey: kmsKey
        .refine(
          (key) => kmsLocation(key) === "global",
          "must lie in the location global for automatic replication",
        )
        .optional()
        .meta({ description: "Cloud KMS key (CMEK) in the location `global`.", note: "Google's own key" }),
    }),
    z.strictObject({
      mode: z.literal("user-managed").meta({ description: "The payload stays in the places named." }),
      replicas: z
        .array(
          z
            .strictObject({
              location: z
                .string()
                .regex(/^[a-z]+-[a-z]+\d+$/, "must be a region; write us-central1, for example")
                .meta({ description: "Region that holds a copy.", examples: ["us-central1"] }),
              kmsKey: kmsKey
                .optional()
                .meta({ description: "Cloud KMS key (CMEK) in that region; all replicas have one or none." }),
            })
            .refine(
              (replica) => replica.kmsKey === undefined || kmsLocation(replica.kmsKey) === replica.location,
              {
                path: ["kmsKey"],
                error: "must lie in the replica's own location",
              },
            ),
        )
        .min(1, "must name at least one location; write replicas: [{ location: us-central1 }]")
        .refine(
          (list) => new Set(list.map(({ location }) => location)).size === list.length,
          "names a location twice",
        )
        .refine(
          (list) =>
            list.every((one) => one.kmsKey !== undefined) || list.every((one) => one.kmsKey === undefined),
          "gives a kmsKey to some replicas only; give one to each or to none",
        ),
    }),
  ],
  { error: "must name a mode; write mode: automatic or mode: user-managed" },
);
