/** Reads `Pulumi.yaml` and `Pulumi.<environment>.yaml` as the engine would hand them to the program. */
import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { isPlaceholderProject } from "../environment/names.ts";
import type { StackConfiguration } from "../environment/read.ts";
import { weakness } from "../environment/strength.ts";

/** A project or stack file that cannot be evaluated; the message is one line that names the file. */
export class EvaluationError extends Error {
  override readonly name = "EvaluationError";
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function readYaml(directory: string, file: string): Promise<Fields> {
  let text: string;
  try {
    text = await readFile(join(directory, file), "utf8");
  } catch (error) {
    const reason =
      error instanceof Error && "code" in error && error.code === "ENOENT"
        ? "is not there"
        : "cannot be read";
    throw new EvaluationError(`${file} ${reason}: run this in the folder that holds it.`);
  }
  try {
    const content: unknown = parse(text) ?? {};
    if (isFields(content)) return content;
    throw new EvaluationError(`${file} is not a map: it begins with config: in a stack's file.`);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const [first = "is not YAML"] = error.message.split("\n");
    throw new EvaluationError(`${file}: ${first.replace(/:$/, "")}.`);
  }
}

/** The environments that have a `Pulumi.<environment>.yaml` in a folder, sorted. */
export async function environmentsOf(directory: string): Promise<string[]> {
  const files = await readdir(directory);
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/** The encrypted form of a secret in a stack's file. */
function isEncrypted(value: unknown): boolean {
  return isFields(value) && typeof value.secure === "string" && Object.keys(value).length === 1;
}

/** Stands in for a secret that only the passphrase or the KMS key opens: random, and strong enough to be accepted. */
function standIn(): string {
  let value: string;
  do value = randomBytes(48).toString("base64url");
  while (weakness(value) !== undefined);
  return value;
}

function open(value: unknown): unknown {
  if (isEncrypted(value)) return standIn();
  if (Array.isArray(value)) return value.map(open);
  if (isFields(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, open(inner)]));
  return value;
}

function holdsEncrypted(value: unknown): boolean {
  if (isEncrypted(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsEncrypted);
}

const valuesKey = "jwt-secret:values";

/** Supplied keys that are encrypted as one: a stand-in per generation in use. */
function standInValues(secret: unknown): Record<string, string> {
  const generations = isFields(secret) ? [secret.current ?? 1, secret.previous] : [];
  return Object.fromEntries(
    generations.filter((one) => one !== undefined).map((one) => [String(one), standIn()]),
  );
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");
}

/** The defaults that `Pulumi.yaml` declares; keys without a namespace belong to the project. */
function declaredDefaults(project: Fields, name: string): Record<string, unknown> {
  const defaults: Record<string, unknown> = {};
  for (const [key, declaration] of Object.entries(isFields(project.config) ? project.config : {})) {
    const value = isFields(declaration) ? (declaration.value ?? declaration.default) : declaration;
    if (value !== undefined) defaults[key.includes(":") ? key : `${name}:${key}`] = value;
  }
  return defaults;
}

/** A stack as its files describe it. */
export interface StackFiles extends StackConfiguration {
  /** The project's name. */
  readonly project: string;
  /** The program, relative to the folder. */
  readonly main: string;
  /** The generation of the key that is still accepted; undefined outside of a rotation. */
  readonly previous: number | undefined;
}

/**
 * Reads a stack's files. Encrypted values are replaced by random stand-ins, and a placeholder project by a stand-in
 * that the program accepts, so that committed files can be judged.
 *
 * @throws EvaluationError when a file is missing, is not YAML, or takes its configuration from elsewhere
 */
export async function readStackFiles(directory: string, environment: string): Promise<StackFiles> {
  const file = `Pulumi.${environment}.yaml`;
  const [project, stack] = await Promise.all([readYaml(directory, "Pulumi.yaml"), readYaml(directory, file)]);
  if (typeof project.name !== "string")
    throw new EvaluationError("Pulumi.yaml has no name: write name: jwt-secret.");
  if (stack.environment !== undefined) {
    throw new EvaluationError(
      `${file} imports Pulumi ESC environments, which only a preview can see: check a preview.`,
    );
  }
  if (stack.config !== undefined && !isFields(stack.config)) {
    throw new EvaluationError(`${file}: config is not a map of keys.`);
  }
  const config: Record<string, unknown> = { ...declaredDefaults(project, project.name), ...stack.config };
  const values: Record<string, string> = {};
  const secretKeys = new Set<string>();
  for (const [key, value] of Object.entries(config)) {
    const whole = key === valuesKey && isEncrypted(value);
    values[key] = textOf(whole ? standInValues(config["jwt-secret:secret"]) : open(value));
    if (holdsEncrypted(value)) secretKeys.add(key);
  }
  const keys = config[valuesKey];
  // One key in clear among encrypted ones is in clear all the same.
  if (isFields(keys) && !isEncrypted(keys) && !Object.values(keys).every(isEncrypted))
    secretKeys.delete(valuesKey);
  if (isPlaceholderProject(values["gcp:project"] ?? "")) values["gcp:project"] = standInProject(environment);
  const main = typeof project.main === "string" ? project.main : "index.ts";
  const previous = previousIn(config["jwt-secret:secret"]);
  return { project: project.name, main, environment, values, secretKeys, previous };
}

/** What is no number is refused when the program reads it. */
function previousIn(secret: unknown): number | undefined {
  return isFields(secret) && typeof secret.previous === "number" ? secret.previous : undefined;
}

function standInProject(environment: string): string {
  return `stand-in-${environment}`.slice(0, 30).replace(/[^a-z0-9]+$/, "");
}
