import { z } from "zod";
import generated from "./inputs.generated.json" with { type: "json" };
import { defaultsKey, isPlainObject, type Properties, UNKNOWN, type Value } from "./values.ts";

/** What a resource type takes as inputs: the check every provider runs before anything else. */

export type InputSchema =
  | "string"
  | "number"
  | "boolean"
  | { readonly list: InputSchema }
  | { readonly map: InputSchema }
  | ObjectSchema;

export interface ObjectSchema {
  readonly object: Readonly<Record<string, InputSchema>>;
  readonly required?: readonly string[] | undefined;
}

const inputSchema: z.ZodType<InputSchema> = z.lazy(() =>
  z.union([
    z.enum(["string", "number", "boolean"]),
    z.strictObject({ list: inputSchema }),
    z.strictObject({ map: inputSchema }),
    objectSchema,
  ]),
);
const objectSchema = z.strictObject({
  object: z.record(z.string(), inputSchema),
  required: z.array(z.string()).optional(),
});

const all = z.record(z.string(), objectSchema).parse(generated);

/** The input properties of a resource type. @throws Error when the sandbox has none. */
export function inputsOf(token: string): ObjectSchema {
  const schema = all[token];
  if (!schema)
    throw new Error(`inputs.generated.json has no ${token}: add it to inputs.generate.ts and run that`);
  return schema;
}

export interface Checked {
  /** The inputs in the form the real provider gives them back: no nulls, and `__defaults` in every object. */
  readonly inputs: Properties;
  /** One sentence per problem, as the real provider words them. */
  readonly problems: readonly string[];
}

/** Refuses unknown and missing properties and values of the wrong shape. */
export function checkInputs(schema: ObjectSchema, inputs: Properties, resource: string): Checked {
  const problems: string[] = [];
  const checked = checkObject(schema, inputs, resource, problems);
  return { inputs: checked, problems };
}

function checkObject(schema: ObjectSchema, value: Properties, path: string, problems: string[]): Properties {
  const result: Properties = { [defaultsKey]: [] };
  for (const name of schema.required ?? []) {
    if (value[name] !== undefined && value[name] !== null) continue;
    problems.push(
      `Missing required argument. The argument "${name}" is required, but no definition was found.. Examine values at '${path}.${name}'.`,
    );
  }
  for (const [name, item] of Object.entries(value)) {
    if (item === null || name === defaultsKey) continue;
    const expected = schema.object[name];
    if (expected === undefined) problems.push(`Invalid or unknown key. Examine values at '${path}.${name}'.`);
    else result[name] = checkValue(expected, item, `${path}.${name}`, problems);
  }
  return result;
}

function checkValue(schema: InputSchema, value: Value, path: string, problems: string[]): Value {
  if (value === UNKNOWN || value === null) return value;
  const wrong = (expected: string): Value => {
    problems.push(`Incorrect attribute value type. ${expected} required. Examine values at '${path}'.`);
    return value;
  };
  if (typeof schema === "string") return checkScalar(schema, value) ?? wrong(`A ${schema} is`);
  if ("list" in schema) {
    if (!Array.isArray(value)) return wrong("A list is");
    return value.map((item, index) => checkValue(schema.list, item, `${path}[${index}]`, problems));
  }
  if (!isPlainObject(value)) return wrong("An object is");
  if ("object" in schema) return checkObject(schema, value, path, problems);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      checkValue(schema.map, item, `${path}.${name}`, problems),
    ]),
  );
}

/** Text for numbers and the like is taken, as configuration often holds it. */
function checkScalar(schema: "string" | "number" | "boolean", value: Value): Value | undefined {
  if (typeof value === schema) return value;
  if (schema === "string" && (typeof value === "number" || typeof value === "boolean")) return String(value);
  if (
    schema === "number" &&
    typeof value === "string" &&
    value.trim() !== "" &&
    Number.isFinite(Number(value))
  ) {
    return Number(value);
  }
  if (schema === "boolean" && (value === "true" || value === "false")) return value === "true";
  return undefined;
}
