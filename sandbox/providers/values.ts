/** Property values as the engine sends them, and the two special ones: unknown and secret. */

export type Value = null | boolean | number | string | Value[] | { [name: string]: Value };
export type Properties = Record<string, Value>;

/** Stands for a value that is not known yet (sdk/go/common/resource/plugin/rpc.go, UnknownStringValue). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Marks an object as special, and the kind of special that is a secret (resource/properties.go). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Where a bridged provider notes which inputs it filled in itself. */
export const defaultsKey = "__defaults";

export function isPlainObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function secret(value: Value): Value {
  return { [signatureKey]: secretSignature, value };
}

function isSecret(value: Value): value is { value: Value } {
  return isPlainObject(value) && value[signatureKey] === secretSignature && "value" in value;
}

/** The value with every secret replaced by what it wraps. */
export function unwrap(value: Value): Value {
  if (isSecret(value)) return unwrap(value.value);
  if (Array.isArray(value)) return value.map(unwrap);
  if (!isPlainObject(value)) return value;
  return unwrapAll(value);
}

export function unwrapAll(value: Properties): Properties {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, unwrap(item)]));
}

/** Wraps in `value` whatever is a secret, or holds the place of one, in `pattern`. */
export function wrapLike(value: Value, pattern: Value | undefined): Value {
  if (pattern === undefined || value === null) return value;
  if (isSecret(pattern)) return secret(value);
  if (Array.isArray(value) && Array.isArray(pattern))
    return value.map((item, at) => wrapLike(item, pattern[at]));
  if (isPlainObject(value) && isPlainObject(pattern)) return wrapAllLike(value, pattern);
  return value;
}

export function wrapAllLike(value: Properties, pattern: Properties): Properties {
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, wrapLike(item, pattern[name])]),
  );
}

/** The value without the notes about defaults. */
export function withoutDefaults(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  return isPlainObject(value) ? allWithoutDefaults(value) : value;
}

export function allWithoutDefaults(value: Properties): Properties {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== defaultsKey)
      .map(([name, item]) => [name, withoutDefaults(item)]),
  );
}

/** Whether anything in it is unknown. */
export function hasUnknown(value: Value): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isPlainObject(value) ? Object.values(value).some(hasUnknown) : value === UNKNOWN;
}

export function text(value: Value | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
