/** The version of this program. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Package = z.object({ version: z.string() });

/** The version in package.json, which lies above this folder in the repository and in the package. */
export function version(): string {
  const text = readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8");
  return Package.parse(JSON.parse(text)).version;
}
