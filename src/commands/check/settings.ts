/** The files beside the documents: the project's severities and its waivers. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DocumentError } from "../../documents/error.ts";
import { decode } from "../../documents/input/decode.ts";
import { parse } from "../../documents/input/parse.ts";
import { parseShape } from "../../documents/shape.ts";
import { Settings, type WaiverInput, Waivers } from "../../policy/policy.ts";
import { Failure, type World } from "../command.ts";
import { readBytes } from "./read.ts";

/** Read from the working directory when it is there. */
export const settingsFile = "jwt-secret.policy.yaml";

const SettingsFile = z.strictObject({ severity: Settings.default({}) });

/** What a file holds. @throws Failure for one that cannot be read or is not shaped so */
async function readShaped<S extends z.ZodType>(schema: S, file: string, world: World): Promise<z.output<S>> {
  try {
    const [only, ...others] = parse(decode(await readBytes(file, world), file), file);
    if (others.length > 0) throw new DocumentError(file, "holds more than one YAML document");
    return parseShape(schema, only?.value, file, "", only?.line);
  } catch (error) {
    throw error instanceof DocumentError ? new Failure(error.describe()) : error;
  }
}

/** @throws Failure for a file that is not as it must be. */
export async function readSettings(world: World): Promise<Settings> {
  if (!existsSync(join(world.directory, settingsFile))) return {};
  return (await readShaped(SettingsFile, settingsFile, world)).severity;
}

/** @throws Failure for a file that is not as it must be. */
export async function readWaivers(file: string, world: World): Promise<WaiverInput[]> {
  return await readShaped(Waivers, file, world);
}
