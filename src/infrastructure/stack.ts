/** Where Pulumi's configuration becomes an Environment. */
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment/environment.ts";
import { ConfigurationError, type Problem } from "../environment/problems.ts";
import { readEnvironment } from "../environment/read.ts";

/** A configuration that was refused, as Pulumi prints it: its message, and no stack trace. */
export class ConfigurationRefused extends pulumi.RunError {
  readonly problems: readonly Problem[];

  constructor({ message, problems }: ConfigurationError) {
    super(`${message}\nNothing was changed.`);
    this.problems = problems;
  }
}

/** The environment of the running stack, and the supplied keys where it has them. */
export interface StackEnvironment {
  readonly environment: Environment;
  /** By generation; a Pulumi secret. */
  readonly values?: pulumi.Output<Record<string, string>>;
}

/** Whether Pulumi keeps a key's value as a secret. The SDK has the answer but does not declare it. */
function isSecret(key: string): boolean {
  const runtime: object = pulumi.runtime;
  const ask: unknown = Reflect.get(runtime, "isConfigSecret");
  if (typeof ask === "function") return ask(key) === true;
  throw new pulumi.RunError("This version of @pulumi/pulumi does not tell which configuration is secret.");
}

/**
 * Reads the running stack's environment. Everything is checked here, before any resource is registered.
 *
 * @throws ConfigurationRefused with every problem found
 */
export function readStack(): StackEnvironment {
  const values = pulumi.runtime.allConfig();
  const secretKeys = new Set(Object.keys(values).filter(isSecret));
  try {
    const environment = readEnvironment({ environment: pulumi.getStack(), values, secretKeys });
    if (environment.secret.source !== "supplied") return { environment };
    const config = new pulumi.Config("jwt-secret");
    return { environment, values: config.requireSecretObject<Record<string, string>>("values") };
  } catch (error) {
    throw error instanceof ConfigurationError ? new ConfigurationRefused(error) : error;
  }
}
