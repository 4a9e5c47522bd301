/** The settings of a service. */
import { z } from "zod";
import { mebibytes, milliCpu } from "./compute.ts";
import * as names from "./names.ts";
import { member, seconds, whole } from "./schema-parts.ts";

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

/** Variables that carry other secrets. */
const secrets = z.record(
  variableName,
  z
    .string({ error: "must be text such as database-url@latest" })
    .regex(names.secretValuePattern, "must be SECRET@VERSION; write database-url@latest, for example")
    .transform((text) => {
      const { secret = "", version = "" } = names.secretValuePattern.exec(text)?.groups ?? {};
      return { secret, version };
    }),
);

/** Names that are no JWT variable by themselves, so that one which is need not be told. */
const jwtVariable = z
  .string()
  .regex(names.variablePattern, "is not a variable name; write letters, digits and _")
  .refine(
    (name) => names.reservedVariable(name) === undefined,
    "is a variable that this program sets in any case, or may not set; remove it",
  );

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
    secrets: secrets.optional().meta({
      description:
        "Variables that carry other secrets, each as `SECRET@VERSION`. The account must be able to read them.",
      examples: [{ DATABASE_URL: "database-url@latest" }],
    }),
    jwtVariables: z.array(jwtVariable).optional().meta({
      description: "Further names the service reads the JWT secret by; they carry the same reference.",
    }),
    authServiceUrl: z
      .union([z.literal(false), z.string().regex(/^https?:\/\/\S+$/)], {
        error: "must be a URL, or false to leave AUTH_SERVICE_URL unset",
      })
      .optional()
      .meta({
        description: "AUTH_SERVICE_URL, for a service that is told another one; `false` leaves it unset.",
        note: "auth's own URL on backend, unset on auth",
      }),
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
      .refine(
        (text) =>
          names.isAccountEmail(text) ? names.accountEmailPattern.test(text) : names.accountPattern.test(text),
        "must be 6 to 30 lower-case letters, digits and -, beginning with a letter and not ending with -, or the e-mail of an existing service account",
      )
      .optional()
      .meta({
        description: "ID of the runtime account that is made, or the e-mail of one that exists already.",
        note: "`<role>-<environment>`",
      }),
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
    cpuIdle: z.boolean().optional().meta({
      description: "Whether CPU is there during requests only, which costs less than at all times.",
      note: "the provider's: at all times",
    }),
    startupCpuBoost: z.boolean().optional().meta({
      description: "Whether an instance gets more CPU while it starts.",
      note: "the provider's: no",
    }),
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
