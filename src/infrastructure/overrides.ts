/** What an environment's configuration does not hold: `overrides/<environment>.ts`, ordinary TypeScript. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { type Role, roles } from "../environment/environment.ts";
import type { ServiceOverride } from "./cloud-run-service.ts";

/** The overrides of an environment's services, by role. The file exports one as `overrides`. */
export type Overrides = Readonly<Partial<Record<Role, ServiceOverride>>>;

function isOverride(value: unknown): value is ServiceOverride {
  return typeof value === "function";
}

/**
 * Reads `overrides/<environment>.ts` below a folder; undefined when there is none.
 *
 * @throws RunError when the file exports no `overrides`, or one that is no function of a role
 */
export async function readOverrides(directory: string, environment: string): Promise<Overrides | undefined> {
  const name = `overrides/${environment}.ts`;
  const path = join(directory, "overrides", `${environment}.ts`);
  if (!existsSync(path)) return undefined;
  const module: object = await import(pathToFileURL(path).href);
  const exported: unknown = Reflect.get(module, "overrides");
  if (typeof exported !== "object" || exported === null) {
    throw new pulumi.RunError(`${name} exports no overrides: write export const overrides: Overrides = {}.`);
  }
  const found: Partial<Record<Role, ServiceOverride>> = {};
  for (const [key, value] of Object.entries(exported)) {
    const role = roles.find((each) => each === key);
    if (role === undefined || !isOverride(value)) {
      throw new pulumi.RunError(`${name}: overrides.${key} is no function of auth or backend: remove it.`);
    }
    found[role] = value;
  }
  return found;
}
