/** The files beside the documents: the project's severities and its waivers. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DocumentError } from "../../documents/error.ts";
import { decode } from "../../documents/input/decode.ts";
import { parse } from "../../documents/input/parse.ts";
import { Settings, type WaiverInput, Waivers } from "../../policy/policy.ts";
import { Failure, type World } from "../command.ts";
import { readBytes } from "./read.ts";

/** Read from the working directory when it is there. */
export const settingsFile = "jwt-secret.policy.yaml";

const SettingsFile = z.strictObject({ severity: Settings.default({}) });

async function readValue(file: string, world: World): Promise<unknown> {
  try {
    const [only, ...others] = parse(decode(await readBytes(file, world), file), file);
    if (others.length > 0) throw new DocumentError(file, "holds more than one YAML document");
    return only?.value;
  } catch (error) {
    throw error instanceof DocumentError ? new Failure(error.describe()) : error;
  }
}

function checked<S extends z.ZodType>(schema: S, value: unknown, file: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join(".") ?? "";
  throw new Failure(`${file}: ${path === "" ? "" : `${path}: `}${issue?.message ?? "not as expected"}`);
}

/** @throws Failure for a file that is not as it must be. */
export async function readSettings(world: World): Promise<Settings> {
  if (!existsSync(join(world.directory, settingsFile))) return {};
  return checked(SettingsFile, await readValue(settingsFile, world), settingsFile).severity;
}

/** @throws Failure for a file that is not as it must be. */
export async function readWaivers(file: string, world: World): Promise<WaiverInput[]> {
  return checked(Waivers, await readValue(file, world), file);
}
