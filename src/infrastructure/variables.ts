/** The variables of a service's containers: plain ones by anyone, the reserved ones by this project alone. */
import type { input } from "@pulumi/gcp/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import { reservedVariable } from "../environment/names.ts";
import type { Container } from "./cloud-run-service.ts";
import type { Variable } from "./reference.ts";

/** Names that the types refuse; the rest is refused when the program runs. */
type ReservedName = "JWT_SECRET" | "ENVIRONMENT" | "AUTH_SERVICE_URL" | "PORT";

/** Plain variables by name. A JWT variable here does not compile. */
export type PlainVariables = { readonly [Name in ReservedName]?: never } & {
  readonly [name: `JWT_SECRET_${string}`]: never;
} & { readonly [name: string]: pulumi.Input<string> };

function isPlain(
  env: Readonly<Record<string, string>>,
): env is Readonly<Record<string, string>> & PlainVariables {
  return Object.keys(env).every((name) => reservedVariable(name) === undefined);
}

/**
 * Variables whose names are only known at run time, as plain ones.
 *
 * @throws RunError when one has a reserved name
 */
export function plainVariables(env: Readonly<Record<string, string>>): PlainVariables {
  if (isPlain(env)) return env;
  throw new pulumi.RunError("A plain variable has a name that is reserved for the environment's secret.");
}

/** Variables sorted by name: in any other order, adding one shows all that follow as changed. */
function sorted(variables: readonly Variable[]): Variable[] {
  return variables.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function refuse(service: string, problem: string): never {
  throw new pulumi.RunError(`${service}: ${problem}`);
}

/**
 * The containers with their variables in order, and `ours` added to the first.
 *
 * @throws RunError when a container sets a reserved name, one name twice, or hides its variables in an Output
 */
export function withVariables(
  service: string,
  containers: readonly Container[],
  ours: readonly Variable[],
): input.cloudrunv2.ServiceTemplateContainer[] {
  if (!Array.isArray(containers) || containers.length === 0) {
    refuse(service, "an override must leave the service's container first in template.containers.");
  }
  return containers.map((container, index) => {
    const plain = container.envs ?? [];
    if (!Array.isArray(plain))
      refuse(service, "an override must give envs as a plain list, not as an Output.");
    const seen = new Set<string>();
    for (const { name } of plain) {
      if (typeof name !== "string") refuse(service, "an override must name variables in plain text.");
      const reason = reservedVariable(name);
      if (reason !== undefined) refuse(service, `variable ${name} cannot be overridden: ${reason}.`);
      if (seen.has(name) || (index === 0 && ours.some((one) => one.name === name)))
        refuse(service, `variable ${name} is set twice.`);
      seen.add(name);
    }
    return { ...container, envs: sorted(index === 0 ? [...plain, ...ours] : plain) };
  });
}
