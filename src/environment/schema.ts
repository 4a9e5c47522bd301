/**
 * The configuration of a stack as people write it, key by key, with what the tables in the documentation say of each.
 * `examples[0]` of a key is what an error message tells the user to write.
 */
import { z } from "zod";
import { mebibytes, milliCpu } from "./compute.ts";
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
  previous: generation("previous")
    .optional()
    .meta({ description: "The generation whose tokens are still accepted while they live." }),
  protected: z.boolean().default(true).meta({
    description:
      "Whether Pulumi and the provider refuse to delete the Secret. Switch off to take an environment down.",
  }),
};

const secret = z.discriminatedUnion(
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

const replication = z.discriminatedUnion(
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

/** Anyone with an account, or anyone at all. */
const everyone = /^(allUsers|allAuthenticatedUsers)$/i;

const member = (role: string) =>
  z
    .string()
    .refine((text) => !everyone.test(text), `would let everyone ${role}; name the accounts that need it`)
    .refine(
      (text) =>
        everyone.test(text) ||
        /^(serviceAccount|user|group):[^\s@:]+@[^\s@:]+\.[^\s@:]+$/.test(text) ||
        /^principal(Set)?:\/\/\S+$/.test(text),
      "is not an IAM member; write serviceAccount:E-MAIL, user:E-MAIL, group:E-MAIL or principal://...",
    );

/** Every name is judged, whatever is wrong with the values beside it. */
const variableName = z.string().superRefine((name, context) => {
  const reason = names.reservedVariable(name);
  if (reason !== undefined) {
    context.addIssue({ code: "custom", message: `cannot be set here: ${reason}; remove it` });
  } else if (!names.variablePattern.test(name)) {
    const message = "is not a variable name; write letters, digits and _, not beginning with a digit";
    context.addIssue({ code: "custom", message });
  }
});

const variables = z.record(
  variableName,
  z
    .string({ error: "must be text; put the value in quotes" })
    .refine(
      (value) => Buffer.byteLength(value) <= 32_768,
      "is longer than the 32 KiB Cloud Run takes; shorten it",
    ),
);

const seconds = (least: number, most: number) =>
  z
    .int({ error: `must be a whole number of seconds from ${least} to ${most}` })
    .min(least, `must be from ${least} to ${most} seconds`)
    .max(most, `must be from ${least} to ${most} seconds`);

const whole = (least: number, most: number) =>
  z
    .int({ error: `must be a whole number from ${least} to ${most}` })
    .min(least, `must be from ${least} to ${most}`)
    .max(most, `must be from ${least} to ${most}`);

/** Bounds: https://cloud.google.com/run/docs/configuring/healthchecks. */
const startupProbe = z
  .strictObject({
    path: z
      .string()
      .regex(/^\/\S*$/, "must be a path; write /health, for example")
      .optional()
      .meta({
        description:
          "Path that answers 2xx or 3xx once the container is up; without it a TCP connection is enough.",
      }),
    port: whole(1, 65_535)
      .optional()
      .meta({ description: "Port that is probed.", note: "the service's port" }),
    initialDelay: seconds(0, 240).default(0).meta({ description: "Seconds before the first probe." }),
    timeout: seconds(1, 240)
      .default(1)
      .meta({ description: "Seconds one probe may take; at most the period." }),
    period: seconds(1, 240).default(10).meta({ description: "Seconds between probes." }),
    failureThreshold: whole(1, 1000)
      .default(3)
      .meta({ description: "Failures after which the instance is given up." }),
  })
  .refine((probe) => probe.timeout <= probe.period, {
    path: ["timeout"],
    error: "must not be longer than the period",
  });

/** The settings of one service; `timeout` (seconds) and `sessionAffinity` are what the two roles differ in. */
function service(defaults: { timeout: number; sessionAffinity: boolean }) {
  return z.strictObject({
    image: z
      .string()
      .regex(
        /^[a-z0-9]\S*$/i,
        "must be a container image; write REGION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG",
      )
      .optional()
      .meta({
        description: "Container image. With `deployedBy: pipeline` only the first deployment uses it.",
        note: "Cloud Run's hello image when `deployedBy: pipeline`, otherwise required",
      }),
    deployedBy: z
      .enum(["pulumi", "pipeline"], { error: "must be pulumi or pipeline" })
      .default("pulumi")
      .meta({
        description:
          "`pipeline`: image, client and revision belong to the service's own pipeline; variables never do.",
      }),
    env: variables
      .default({})
      .meta({ description: "Plain variables. JWT variables and ENVIRONMENT are refused." }),
    name: z
      .string()
      .regex(
        names.servicePattern,
        "must be at most 49 lower-case letters, digits and -, beginning with a letter and not ending with -",
      )
      .optional()
      .meta({ description: "Name of the Cloud Run service.", note: "`<role>-<environment>`" }),
    account: z
      .string()
      .regex(
        names.accountPattern,
        "must be 6 to 30 lower-case letters, digits and -, beginning with a letter and not ending with -",
      )
      .optional()
      .meta({ description: "ID of the runtime account.", note: "`<role>-<environment>`" }),
    port: whole(1, 65_535).default(8080).meta({ description: "TCP port the container listens on." }),
    cpu: z
      .union([z.string(), z.number()], {
        error: "must be 1, 2, 4, 6 or 8, or a fraction from 0.08, such as 0.5",
      })
      .refine(
        (value) => milliCpu(value) !== undefined,
        "must be 1, 2, 4, 6 or 8, or a fraction from 0.08, such as 0.5",
      )
      .default(1)
      .meta({ description: "CPUs per instance: 1, 2, 4, 6, 8, or a fraction from 0.08." }),
    memory: z
      .string({ error: "must be text such as 512Mi or 2Gi" })
      .refine(
        (value) => mebibytes(value) !== undefined,
        "must be from 128Mi to 32Gi; write 512Mi, for example",
      )
      .default("512Mi")
      .meta({ description: "Memory per instance, 128Mi to 32Gi." }),
    minInstances: whole(0, 1000).default(0).meta({ description: "Instances kept running." }),
    maxInstances: whole(1, 1000).default(100).meta({ description: "Most instances at once." }),
    concurrency: whole(1, 1000).optional().meta({
      description: "Requests (or WebSocket connections) at once per instance, 1 to 1000.",
      note: "80; 1 with less than one CPU",
    }),
    timeout: seconds(1, 3600)
      .default(defaults.timeout)
      .meta({ description: "Seconds a request, or a WebSocket connection, may last." }),
    sessionAffinity: z
      .boolean()
      .default(defaults.sessionAffinity)
      .meta({ description: "Whether a client's requests go to the same instance while it lasts." }),
    ingress: z
      .enum(["all", "internal", "internal-and-cloud-load-balancing"], {
        error: "must be all, internal or internal-and-cloud-load-balancing",
      })
      .default("all")
      .meta({ description: "Networks that may reach the service." }),
    public: z.boolean().default(false).meta({
      description:
        "Whether anyone may call the service (through `invokerIamDisabled`, which also works where an organisation forbids allUsers).",
    }),
    invokers: z
      .array(member("call a private service"))
      .default([])
      .meta({ description: "IAM members who may call a private service." }),
    deletionProtection: z.boolean().optional().meta({
      description: "Whether deleting the service is refused.",
      note: "true in `production`, otherwise false",
    }),
    startupProbe: startupProbe
      .optional()
      .meta({ description: "When an instance counts as up.", note: "Cloud Run's TCP probe" }),
  });
}

/** The settings of each service. What joins several of them is judged in `joint.ts`. */
export const serviceSettings = {
  auth: service({ timeout: 300, sessionAffinity: false }).meta({ examples: [{ image: "IMAGE" }] }),
  backend: service({ timeout: 3600, sessionAffinity: true }).meta({ examples: [{ image: "IMAGE" }] }),
};

const grantRetry = z
  .strictObject({
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
});
export type Configuration = z.infer<typeof Configuration>;
