import type { CloudState, JsonObject, JsonValue, Mark } from "./state.ts";

/** One API call, as its handler sees it. Handlers are synchronous: a call happens entirely or not at all. */
export interface Call {
  readonly state: CloudState;
  readonly now: Date;
  /** Seconds until a grant works. */
  readonly delayGrantsSeconds: number;
  /** True: an API answers only in projects that enabled it. */
  readonly apisMustBeEnabled: boolean;
  /** The parts of the path, by name; those of a pattern are always there. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly mark: Mark | undefined;
  /** True: a new revision is ready once the runtime has started an instance of it, and not at once. */
  readonly startsInstances: boolean;
  /** The IAM member the call is made as; undefined: the owner of the sandbox, who may do everything. */
  readonly caller: string | undefined;
}

/** A named part of the path. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`the route has no part called ${name}`);
  return value;
}

/** A field of a JSON object when it is an object, else an empty one. */
export function objectField(value: JsonObject, name: string): JsonObject {
  return asObject(value[name]) ?? {};
}

export function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

export function asArray(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

export function asString(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The fields of `value` that `names` lists and that are there. */
export function pick(value: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const field = value[name];
      return field === undefined || field === null ? [] : [[name, field]];
    }),
  );
}
