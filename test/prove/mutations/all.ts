/**
 * Named changes to a right world: the mistakes of the field, near-misses that are right, and traps for a checker.
 * None says what the verdict should be; that is the oracle's to find out.
 */
import type { Mutation } from "./change.ts";
import { environment } from "./environment.ts";
import { environments } from "./environments.ts";
import { field } from "./field.ts";
import { references } from "./references.ts";
import { resources } from "./resources.ts";
import { services } from "./services.ts";
import { variables } from "./variables.ts";

export const mutations: Readonly<Record<string, Mutation>> = {
  ...field,
  ...references,
  ...variables,
  ...environment,
  ...services,
  ...resources,
  ...environments,
};
