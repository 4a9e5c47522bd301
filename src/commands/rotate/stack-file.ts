/** Reads the part of a `Pulumi.<environment>.yaml` that a rotation is about, and replaces the file in one step. */
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { problemsOf } from "../../environment/problems.ts";
import { Configuration } from "../../environment/schema.ts";
import { unreadable } from "../check/read.ts";
import { Failure } from "../command.ts";

const { shape } = Configuration;
const Settings = z.object({
  "jwt-secret:secret": shape["jwt-secret:secret"],
  "jwt-secret:services": shape["jwt-secret:services"],
  // `pulumi config set` writes a number as text.
  "jwt-secret:tokenLifetime": z.preprocess(
    (value) => (typeof value === "string" && /^\d+$/u.test(value) ? Number(value) : value),
    shape["jwt-secret:tokenLifetime"],
  ),
  // Encrypted one by one, or all as one.
  "jwt-secret:values": z.record(z.string(), z.unknown()).optional(),
  "gcp:project": z.string().optional(),
});

/** What the file says, as far as a rotation needs it. */
export interface StackSettings {
  readonly secret: z.output<(typeof shape)["jwt-secret:secret"]>;
  /** The secret's short ID. */
  readonly secretName: string;
  /** Generations that `jwt-secret:values` holds a key for; undefined when they are encrypted as one. */
  readonly supplied: readonly number[] | undefined;
  /** Seconds. */
  readonly tokenLifetime: number | undefined;
  /** Seconds a request, or a WebSocket connection, may last. */
  readonly timeouts: { readonly auth: number; readonly backend: number };
  /** Google Cloud project ID. */
  readonly project: string;
}

/** A stack's file: its text and what it says. */
export interface StackFile {
  /** `Pulumi.<environment>.yaml`. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly settings: StackSettings;
}

/** @throws Failure when the file is missing, is not YAML, or does not say what a rotation needs */
export function readStackFile(directory: string, environment: string): StackFile {
  const name = `Pulumi.${environment}.yaml`;
  const path = join(directory, name);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Failure(`${unreadable(name, error).describe()} and run this in the project's folder`);
  }
  return { name, path, text, settings: settingsOf(name, environment, text) };
}

function settingsOf(file: string, environment: string, text: string): StackSettings {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    throw new Failure(`${file}: ${error.message.split("\n")[0]?.replace(/:$/u, "") ?? "is not YAML"}`);
  }
  const { config } =
    z.object({ config: z.record(z.string(), z.unknown()) }).safeParse(document.toJS()).data ?? {};
  if (config === undefined) throw new Failure(`${file} has no config: name another stack with --stack`);
  const parsed = Settings.safeParse(config);
  if (!parsed.success) {
    const [problem] = problemsOf(parsed.error, config);
    throw new Failure(`${file}: ${problem?.key} ${problem?.text}`);
  }
  const secret = parsed.data["jwt-secret:secret"];
  const services = parsed.data["jwt-secret:services"];
  const values = parsed.data["jwt-secret:values"];
  const wholly = values !== undefined && Object.keys(values).join() === "secure";
  return {
    secret,
    secretName: (secret.name ?? `jwt-secret-${environment}`).split("/").at(-1) ?? "",
    supplied: wholly ? undefined : Object.keys(values ?? {}).map(Number),
    tokenLifetime: parsed.data["jwt-secret:tokenLifetime"],
    timeouts: { auth: services.auth.timeout, backend: services.backend.timeout },
    project: projectOf(secret.name, parsed.data["gcp:project"]),
  };
}

function projectOf(name: string | undefined, project = "PROJECT_ID"): string {
  return /^projects\/([^/]+)\//u.exec(name ?? "")?.[1] ?? project;
}

/**
 * Replaces the file's text: whoever reads it, and whatever interrupts this, sees the old text or the new one.
 *
 * @throws Failure when the file was changed since it was read, or cannot be written
 */
export function replaceStackFile({ name, path, text }: StackFile, next: string): void {
  // A link stays a link.
  const target = realpathSync(path);
  const draft = join(dirname(target), `.${name}.${process.pid}`);
  try {
    writeFileSync(draft, next, { flag: "wx", mode: 0o600 });
    const descriptor = openSync(draft, "r+");
    // Not when it is made: the umask would take some of it away.
    fchmodSync(descriptor, statSync(target).mode);
    fsyncSync(descriptor);
    closeSync(descriptor);
    if (readFileSync(target, "utf8") !== text) {
      throw new Failure(
        `${name} was changed by somebody else meanwhile: nothing was written, run this again`,
      );
    }
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    if (error instanceof Failure) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw new Failure(`${name} cannot be written (${code}): check its permissions and its folder's`);
  }
}
