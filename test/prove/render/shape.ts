/** Small pieces that several documents share. */
import type { Written } from "../plan/planned.ts";
import type { Json, JsonObject } from "./json.ts";

/** Every object that passed the bridge carries this list. */
export function defaults(value: JsonObject): JsonObject {
  return { __defaults: [], ...value };
}

export function secretRef({ secret, version }: Written): JsonObject {
  return version === null ? { secret } : { secret, version };
}

export function keyRef({ secret, version }: Written): JsonObject {
  return version === null ? { name: secret } : { key: version, name: secret };
}

export function aliasAnnotation(aliases: Readonly<Record<string, string>>): JsonObject {
  const pairs = Object.entries(aliases).map(([alias, path]) => `${alias}:${path}`);
  return pairs.length === 0 ? {} : { "run.googleapis.com/secrets": pairs.join(",") };
}

export function hasKeys(value: object): boolean {
  return Object.keys(value).length > 0;
}

export function listUnlessEmpty(key: string, list: Json[]): JsonObject {
  return list.length === 0 ? {} : { [key]: list };
}

export function account(key: string, value: string | null): JsonObject {
  return value === null ? {} : { [key]: value };
}
