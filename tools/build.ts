/**
 * Builds what is shipped into `dist/`: the command line and the library, each in one file with all it needs, so that the
 * package has no dependencies and start-up loads one file. YAML, which most documents are not, is a file of its own.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type InputOptions, type OutputOptions, type Plugin, rolldown } from "rolldown";
import { root } from "./generated.ts";

const dist = join(root, "dist");

/** The library stays out of the bundle; it is loaded when there is YAML to read. */
const yamlApart: Plugin = {
  name: "yaml-apart",
  transform(code, id) {
    if (!id.endsWith("/input/yaml.ts")) return undefined;
    const replaced = code.replace('(import.meta.url)("yaml")', '(import.meta.url)("./yaml.cjs")');
    if (replaced === code) throw new Error("src/documents/input/yaml.ts no longer loads yaml as it did");
    return replaced;
  },
};

/** Only a checkout can evaluate its own environments, and it has the sources and Pulumi beside `dist`. */
const infrastructureApart: Plugin = {
  name: "infrastructure-apart",
  resolveId(source, importer) {
    const path = /^\.\.\/\.\.\/((?:infrastructure|environment)\/.*)$/u.exec(source)?.[1];
    if (path === undefined || importer?.endsWith("/commands/check/own.ts") !== true) return undefined;
    return { id: `../src/${path}`, external: true };
  },
};

async function bundle(input: InputOptions, output: OutputOptions): Promise<void> {
  const build = await rolldown({ platform: "node", ...input });
  await build.write({ codeSplitting: false, comments: false, ...output });
  await build.close();
}

rmSync(dist, { recursive: true, force: true });
const plugins = [yamlApart, infrastructureApart];
await bundle({ input: join(root, "src", "cli.ts"), plugins }, { file: join(dist, "jwt-secret.js"), format: "esm" });
await bundle({ input: join(root, "src", "check.ts"), plugins }, { file: join(dist, "check.js"), format: "esm" });
await bundle({ input: "yaml" }, { file: join(dist, "yaml.cjs"), format: "cjs" });
