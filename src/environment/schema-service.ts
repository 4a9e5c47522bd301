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
