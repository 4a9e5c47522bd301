/**
 * The sandbox's copy of the project's YAML. The engine writes an encryption salt into a stack's file, and the sandbox
 * has a Google Cloud project of its own: neither may reach a committed file.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { Failure, messageOf } from "./failure.ts";
import { root } from "./home.ts";
import { carryOver } from "./supplied.ts";

/** What the sandbox reads of a `Pulumi.<env>.yaml`; the rest is carried over as it is. */
const StackFile = z.looseObject({
  config: z.record(z.string(), z.unknown()).default({}),
  encryptionsalt: z.string().optional(),
});
type StackFile = z.infer<typeof StackFile>;

/** The Google Cloud project that stands for an environment in the sandbox. */
export function sandboxProject(environment: string): string {
  return `sandbox-${environment}`.slice(0, 30).replace(/-+$/, "");
}

/** The environments a project has files for, sorted. */
export function environmentsOf(source: string = root): string[] {
  return readdirSync(source)
    .flatMap((file) => /^Pulumi\.([a-z][a-z0-9-]*)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/** The copy that was written. */
export interface Copied {
  config: Record<string, unknown>;
  /** Generations of a supplied key that the sandbox has no stand-in for yet. */
  missing: string[];
}

/**
 * Writes the copy into `target` and gives the configuration in it. `change` may alter the configuration on the way.
 * Throws a `Failure` when the environment has no file or the file is not YAML.
 */
export function copyProject(
  target: string,
  environment: string,
  source: string = root,
  change: (config: Record<string, unknown>) => void = () => {},
): Copied {
  const file = `Pulumi.${environment}.yaml`;
  if (!existsSync(join(source, file))) {
    const known = environmentsOf(source).join(", ");
    throw new Failure(
      `There is no environment ${environment}: ${file} does not exist. Choose one of: ${known}.`,
    );
  }
  const committed = readStackFile(join(source, file));
  mkdirSync(target, { recursive: true });
  const copy = join(target, file);
  const config: Record<string, unknown> = { ...committed.config, "gcp:project": sandboxProject(environment) };
  change(config);
  // The salt belongs to the sandbox's passphrase and outlives every edit of the committed file.
  const { encryptionsalt: salt, config: copied } = existsSync(copy)
    ? readStackFile(copy)
    : StackFile.parse({});
  const missing = carryOver(config, copied);
  writeWhole(copy, stringify({ ...(salt === undefined ? {} : { encryptionsalt: salt }), config }));
  writeWhole(join(target, "Pulumi.yaml"), readFileSync(join(source, "Pulumi.yaml"), "utf8"));
  return { config, missing };
}

function readStackFile(path: string): StackFile {
  try {
    return StackFile.parse(parse(readFileSync(path, "utf8")) ?? {});
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${messageOf(error).split("\n")[0]}. Correct the file.`);
  }
}

/** A crash leaves the old file or the new one, never half of one. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
