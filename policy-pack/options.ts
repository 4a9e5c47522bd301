/** What an organisation tells the pack about its services, in the configuration of the policy `services-present`. */
import type { PolicyConfigSchema } from "@pulumi/policy";
import { z } from "zod";
import type { RoleOptions } from "../src/documents/roles.ts";

const Names = z.array(z.string().min(1)).min(1).optional();
const Configuration = z.strictObject({
  auth: Names,
  backend: Names,
  authReads: Names,
  backendReads: Names,
  environment: z.string().min(1).optional(),
  required: z.boolean().default(false),
});

/** The configuration of `services-present`, as the engine checks it before anything runs. */
export const configSchema: PolicyConfigSchema = {
  properties: {
    auth: names("Names of the service that signs tokens, where no word of its name says so."),
    backend: names("Names of the service that verifies tokens, where no word of its name says so."),
    authReads: names("Variables that auth reads first, in this order; they count as JWT variables."),
    backendReads: names("Variables that backend reads first, in this order; they count as JWT variables."),
    environment: {
      type: "string",
      minLength: 1,
      description: "The environment's name. Default: the stack's.",
    },
    required: {
      type: "boolean",
      default: false,
      description: "Whether a stack without any trace of a JWT secret is refused too.",
    },
  },
};

function names(description: string) {
  return { type: "array", minItems: 1, items: { type: "string", minLength: 1 }, description } as const;
}

/** The pack's options. */
export interface Options extends RoleOptions {
  /** The environment's name. Default: the stack's. */
  environment?: string;
  /** Whether a stack without any trace of a JWT secret is held to the policy. */
  required: boolean;
}

/** Without configuration: services go by their names. */
export const defaults: Options = { required: false };

/** Reads the configuration. @throws ZodError for one that the engine should have refused. */
export function readOptions(configuration: unknown): Options {
  const { auth, backend, authReads, backendReads, environment, required } =
    Configuration.parse(configuration);
  return {
    named: { ...(auth && { auth }), ...(backend && { backend }) },
    reads: { ...(authReads && { auth: authReads }), ...(backendReads && { backend: backendReads }) },
    ...(environment && { environment }),
    required,
  };
}
