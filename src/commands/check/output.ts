/** Where the report goes: to standard output, or into a file that is none of those read. */
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { rules } from "../../policy/policy.ts";
import type { Report } from "../../policy/report.ts";
import { writers } from "../../reports/writer.ts";
import { version } from "../../version.ts";
import { Failure, UsageError, type World } from "../command.ts";
import type { CheckOptions } from "./options.ts";
import { settingsFile } from "./settings.ts";

/** Which file a path leads to, through whatever links; undefined for what is not there, or no file. */
function identity(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat?.isFile() === true ? `${stat.dev} ${stat.ino}` : undefined;
}

/** The configurations that a check without FILE evaluates. */
const configuration = /^Pulumi(?:\..+)?\.yaml$/u;

/** @throws UsageError where the report would be written over what it is about */
export function refuseOverwriting({ files, output, waivers }: CheckOptions, { directory }: World): void {
  const target = output === undefined ? undefined : identity(resolve(directory, output));
  if (target === undefined) return;
  const own = files.length > 0 ? [] : readdirSync(directory).filter((name) => configuration.test(name));
  const read = [...files, ...own, ...(waivers === undefined ? [] : [waivers]), settingsFile];
  if (read.some((file) => identity(resolve(directory, file)) === target)) {
    throw new UsageError(`--output ${output} is a file that is read: name another`);
  }
}

function useColour({ stdout, env }: World, { format, output }: CheckOptions): boolean {
  return (
    format === "text" && output === undefined && stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb"
  );
}

/** Writes the report. @throws Failure where it cannot be written */
export function print(report: Report, options: CheckOptions, world: World): void {
  const text = writers[options.format].write(report, {
    rules,
    version: version(),
    colour: useColour(world, options),
    root: world.directory,
  });
  if (options.output === undefined) {
    world.stdout.write(text);
    return;
  }
  try {
    writeFileSync(resolve(world.directory, options.output), text);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw new Failure(
      `${options.output}: the report cannot be written there (${code}): name another file with --output`,
    );
  }
}
