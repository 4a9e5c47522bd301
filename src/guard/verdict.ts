/** The policy's objection to the services of the running program: loaded while the first resources are registered. */
import { DocumentError } from "../documents/error.ts";
import type { Environment } from "../environment/environment.ts";
import { declaredBy } from "./declared.ts";
import { factsOf, type ReadService } from "./facts.ts";
import { objection } from "./judge.ts";
import type { MayWait } from "./outputs.ts";
import type { Seen } from "./seen.ts";
import { Late } from "./watched.ts";

/** Why the services may not be deployed, in one line; undefined when they may. */
export async function ask(
  services: readonly ReadService[],
  environment: Environment,
  seen: Seen,
  mayWait: MayWait,
): Promise<string | undefined> {
  try {
    const resources = seen.all().map(({ resource }) => resource);
    const declared = await declaredBy(resources, mayWait);
    return objection(await factsOf(services, declared, environment, seen), environment);
  } catch (error) {
    if (error instanceof Late) {
      return "The environment's secret waits for a Cloud Run service, so what its services must carry is not known before one is deployed: remove that dependency.";
    }
    if (error instanceof DocumentError) return `The guard cannot read a service: ${error.describe()}.`;
    throw error;
  }
}
