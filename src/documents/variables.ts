/** The variables of a container: references, literals, and what cannot be told. */
import type { z } from "zod";
import type { Location, Variable } from "../policy/facts.ts";
import { type ContainerShape, Env, either, fieldsOf, requiredName, shown } from "./pod.ts";
import { type ReferenceContext, readReference } from "./reference.ts";
import { Hidden } from "./shape.ts";
import { readText, reveal } from "./text.ts";

const fingerprint = /^(?:sha256:)?[0-9a-f]{8,64}$/iu;

/** The name of an environment. Other text is what a tool or a person should have replaced, in whatever signs: `$ENV`, `<env>`. */
const environmentName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/u;

/** The variables whose text is no secret and which rules compare (facts.ts, `Variable`). */
function literalText(name: string, text: string): { text?: string } {
  if (name === "ENVIRONMENT") return { text };
  if (name !== "JWT_SECRET_FINGERPRINT" || !fingerprint.test(text)) return {};
  // Hexadecimal digits are the same in either case, and with or without the name of the hash.
  return { text: text.toLowerCase().replace("sha256:", "") };
}

/** A fingerprint that the update computes belongs to the one version it can be computed from. */
function settledFingerprint(name: string, { settler }: ReferenceContext): { settled?: string } {
  if (name !== "JWT_SECRET_FINGERPRINT" || settler === undefined) return {};
  const version = settler.version();
  return version.kind === "settled" ? { settled: version.urn } : {};
}

function literal(name: string, raw: unknown, context: ReferenceContext): Variable["value"] {
  const text = readText(raw);
  if (text.kind === "absent") return { kind: "literal", empty: true };
  // What Pulumi holds as a secret is compared with nothing, and printed nowhere.
  if (name === "ENVIRONMENT" && reveal(raw) !== raw)
    return { kind: "unknown", reason: "it is held as a Pulumi secret" };
  if (text.kind === "text") {
    if (name === "ENVIRONMENT" && !environmentName.test(text.text))
      return { kind: "unknown", reason: "it is no name of an environment" };
    return { kind: "literal", empty: false, ...literalText(name, text.text) };
  }
  // YAML's `true` and `1.5`: not the text it should be, but certainly no reference.
  if (typeof raw === "number" || typeof raw === "boolean") return { kind: "literal", empty: false };
  const settled = text.computed ? settledFingerprint(name, context) : {};
  return { kind: "unknown", reason: text.reason, ...settled };
}

/** The fields of a variable that are read. */
const read = new Set(Object.keys(Env.shape));

function variableValue(
  env: z.output<typeof Env>,
  name: string,
  context: ReferenceContext,
): Variable["value"] {
  const sources = [env.valueFrom, env.valueSource].filter((source) => source !== undefined);
  const [source] = sources;
  if (source === undefined) {
    // `value_source` of a tool that keeps the API's own spelling, for one: not an empty text.
    return fieldsOf(env).some((field) => !read.has(field)) && readText(env.value).kind === "absent"
      ? { kind: "unknown", reason: "its source is written in a way that is not known" }
      : literal(name, env.value, context);
  }
  if (sources.length > 1) return { kind: "unknown", reason: "it has both a valueFrom and a valueSource" };
  if (source instanceof Hidden) return { kind: "unknown", reason: source.reason };
  // State holds `value: ""` beside a reference; the API refuses any other.
  if (readText(env.value).kind !== "absent")
    return { kind: "unknown", reason: "it has both a value and a reference" };
  const ref = source.secretKeyRef;
  if (ref === undefined) return { kind: "unknown", reason: "its source is not a secret" };
  if (fieldsOf(source).some((field) => field !== "secretKeyRef"))
    return { kind: "unknown", reason: "it has another source beside the secret" };
  if (ref instanceof Hidden) return { kind: "unknown", reason: ref.reason };
  const secret = either(ref.secret, ref.name);
  const version = either(ref.version, ref.key);
  if (secret === undefined || version === undefined) {
    return { kind: "unknown", reason: "its reference is written in two ways that differ" };
  }
  return { kind: "reference", reference: readReference(secret.value, version.value, context) };
}

/** The variables in document order; `locate` is asked for `env[3]` or, as Pulumi calls it, `envs[3]`. */
export function readVariables(
  { env, envs }: z.output<typeof ContainerShape>,
  context: ReferenceContext,
  locate: (path: string) => Location,
): Variable[] {
  return Object.entries({ env, envs }).flatMap(([field, list]) =>
    (shown(list, "the list of variables") ?? []).flatMap((entry, index): Variable[] => {
      const variable = shown(entry, "a variable");
      if (variable === undefined) return [];
      // `NAME=VALUE` in the place of a name: the value is nobody's to print.
      const [name = "", ...value] = requiredName(variable.name, "the name of a variable").split("=");
      return [
        {
          name,
          via: "variable",
          value:
            value.length > 0 ? { kind: "literal", empty: false } : variableValue(variable, name, context),
          location: locate(`${field}[${index}]`),
        },
      ];
    }),
  );
}
