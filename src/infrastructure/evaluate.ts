/**
 * Evaluates the program for an environment in this process: no engine, no cloud, no login. What comes out has the
 * shape of `pulumi preview --json` for a stack that is not deployed yet, and knows no more than such a preview does;
 * in a rotation, for a stack of which nothing but the previous version is deployed (decision 0029).
 */
import { join, relative, sep } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError } from "../environment/problems.ts";
import { type Present, type Recording, type Registration, recordPreview } from "./monitor.ts";
import { EvaluationError, readStackFiles, type StackFiles } from "./project-files.ts";
import { ConfigurationRefused } from "./stack.ts";

export { EvaluationError, environmentsOf } from "./project-files.ts";

/** A resource as a preview shows it. Unknowns are Pulumi's sentinel, secrets `"[secret]"`. */
export interface PreviewState {
  readonly urn: string;
  readonly custom: boolean;
  readonly type: string;
  readonly inputs: Record<string, unknown>;
  /** The stack's and the components' outputs, and those of what is there already. */
  readonly outputs?: Record<string, unknown>;
  readonly parent?: string;
  readonly protect?: true;
  readonly dependencies?: string[];
  readonly propertyDependencies?: Record<string, string[]>;
  readonly sourcePosition?: string;
}

/** What `pulumi preview --json` prints, as far as the program alone decides it. */
export interface PreviewDocument {
  readonly config: Record<string, string>;
  readonly steps: readonly {
    readonly op: "create" | "same";
    readonly urn: string;
    readonly newState: PreviewState;
  }[];
  readonly diagnostics: readonly [];
  readonly changeSummary: { readonly create: number; readonly same?: number };
}

function isTagged(value: object): boolean {
  return Reflect.get(value, pulumi.runtime.specialSigKey) === pulumi.runtime.specialSecretSig;
}

/** Values as a preview prints them: no secret in it. */
function printed(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isTagged(value)) return "[secret]";
  if (Array.isArray(value)) return value.map(printed);
  return printedFields({ ...value });
}

function printedFields(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, printed(value)]));
}

/**
 * `project:///index.ts#23,10`: the file without the query it was imported under, relative to the project. For an ES
 * module the SDK glues its `file:` URL to the working directory; the last one counts.
 */
function positionText(directory: string, source: NonNullable<Registration["source"]>): string | undefined {
  const start = source.uri.lastIndexOf("file:/");
  if (start < 0) return undefined;
  const path = source.uri
    .slice(start)
    .replace(/^file:\/+/, "file:///")
    .replace(/(%3F|\?).*$/i, "");
  const local = relative(directory, fileURLToPath(path)).split(sep).join("/");
  return local.startsWith("..") ? undefined : `project:///${local}#${source.line},${source.column}`;
}

function stateOf(directory: string, registration: Registration, recording: Recording): PreviewState {
  const { urn, type, custom, inputs, parent, protect, dependencies, propertyDependencies, source } =
    registration;
  const outputs = recording.outputs.get(urn);
  const sourcePosition = source && positionText(directory, source);
  return {
    urn,
    custom,
    type,
    inputs: printedFields(inputs),
    ...(outputs && { outputs: printedFields(outputs) }),
    ...(parent !== "" && { parent }),
    ...(protect && { protect }),
    ...(dependencies.length > 0 && { dependencies }),
    ...(custom && { propertyDependencies }),
    ...(sourcePosition !== undefined && { sourcePosition }),
  };
}

function documentOf(directory: string, stack: StackFiles, recording: Recording): PreviewDocument {
  const { registrations } = recording;
  const config = Object.entries(stack.values).map(([key, text]) => [
    key,
    stack.secretKeys.has(key) ? "[secret]" : text,
  ]);
  const steps = registrations.map((registration) => ({
    op: recording.present.has(registration.urn) ? ("same" as const) : ("create" as const),
    urn: registration.urn,
    newState: stateOf(directory, registration, recording),
  }));
  return {
    config: Object.fromEntries(config),
    steps,
    diagnostics: [],
    changeSummary: {
      create: steps.length - recording.present.size,
      ...(recording.present.size > 0 && { same: recording.present.size }),
    },
  };
}

/**
 * A rotation starts from a deployed version. With both versions new, no document could tell which variable takes which;
 * with the previous one there, as it is when the change is made, every unknown is the new one's. Its number is the
 * generation's, which is a stand-in: the number it got is known to the cloud alone.
 */
function presentIn({ previous }: StackFiles): Present {
  return (type, name) =>
    previous !== undefined &&
    type === "gcp:secretmanager/secretVersion:SecretVersion" &&
    name === `jwt-secret-g${previous}`
      ? { version: String(previous) }
      : undefined;
}

/** Counts the imports: a module that was imported before registers nothing. */
let imports = 0;

async function run(program: string): Promise<void> {
  const failures: unknown[] = [];
  const collect = (reason: unknown) => failures.push(reason);
  process.on("unhandledRejection", collect);
  try {
    const url = `${pathToFileURL(program).href}?${++imports}`;
    // A throw inside would reach the SDK's own promises, which nobody waits for.
    await pulumi.runtime.runInPulumiStack(async () => {
      try {
        return { ...(await import(url)) };
      } catch (error) {
        failures.push(error);
        return {};
      }
    });
    await pulumi.runtime.disconnect();
  } finally {
    // A rejection shows after the work that caused it.
    await turn();
    await turn();
    process.off("unhandledRejection", collect);
    pulumi.runtime.disconnectSync();
  }
  if (failures.length > 0) throw failures[0];
}

/** What a failed program means for the user: configuration problems as they are, anything else in one line. */
function explained(stack: StackFiles, error: unknown): Error {
  if (error instanceof ConfigurationRefused) return new ConfigurationError(stack.environment, error.problems);
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split("\n").find((one) => one.trim() !== "") ?? "the program failed";
  return new EvaluationError(`${stack.main} fails for ${stack.environment}: ${line}`);
}

/**
 * Runs the program of a project for one environment. One at a time: Pulumi's runtime is global to the process.
 *
 * @param directory the folder that holds `Pulumi.yaml`
 * @param environment the stack's name
 * @throws ConfigurationError when the configuration is refused, with every problem
 * @throws EvaluationError when a file cannot be read or the program fails, in one line
 */
export async function evaluateStack(directory: string, environment: string): Promise<PreviewDocument> {
  const stack = await readStackFiles(directory, environment);
  const recording = await recordPreview(stack.project, environment, presentIn(stack));
  pulumi.runtime.setAllConfig({ ...stack.values }, [...stack.secretKeys]);
  try {
    await run(join(directory, stack.main));
  } catch (error) {
    throw explained(stack, error);
  } finally {
    pulumi.runtime.setAllConfig({}, []);
  }
  return documentOf(directory, stack, recording);
}
