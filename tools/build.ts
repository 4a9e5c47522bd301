/**
 * Builds what is shipped into `dist/`: the command line and the library, each in one file with all it needs, so that the
 * package has no dependencies and start-up loads one file. YAML, which most documents are not, is a file of its own, and so
 * is what only `token`, `smoke` and `rotate` need.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Plugin, rolldown } from "rolldown";
import { declarations } from "./declarations.ts";
import { root } from "./generated.ts";
import { buildPolicyPack } from "./policy-pack.ts";

const dist = join(root, "dist");
const source = join(root, "src");

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
  resolveId(specifier, importer) {
    const path = /^\.\.\/\.\.\/((?:infrastructure|environment)\/.*)$/u.exec(specifier)?.[1];
    if (path === undefined || importer?.endsWith("/commands/check/own.ts") !== true) return undefined;
    return { id: `../src/${path}`, external: true };
  },
  // The launcher gives the bundle its import(), because it runs it as a script.
  renderChunk: (code) => code.replaceAll('import("../src/', '__import("../src/'),
};

/** What `token`, `smoke` and `rotate` need beyond the rest is larger than the rest: loaded when one is called. */
const operatorsApart: Plugin = {
  name: "operators-apart",
  resolveId: (specifier) =>
    specifier === "./commands/operators.ts" ? { id: "../dist/operators.cjs", external: true } : undefined,
  renderChunk(code) {
    const replaced = code.replaceAll('import("../dist/', '__import("../dist/');
    if (replaced === code) throw new Error("src/cli.ts no longer loads src/commands/operators.ts as it did");
    return replaced;
  },
};

/**
 * The command line's entry. zod can compile its schemas, which pays when they parse often: a check parses each a few
 * times, and compiling would take a fifth of it. It is told so before the first schema is made.
 */
const program: Plugin = {
  name: "program",
  resolveId: (specifier) => (specifier.startsWith("program:") ? specifier : undefined),
  load(id) {
    if (id === "program:settings") return 'import { config } from "zod"; config({ jitless: true });';
    if (id === "program:operators")
      return `import "program:settings"; export * from ${JSON.stringify(join(source, "commands", "operators.ts"))};`;
    if (id !== "program:start") return undefined;
    return `import "program:settings"; export { start } from ${JSON.stringify(join(source, "cli.ts"))};`;
  },
};

/** With one character beyond Latin-1, V8 keeps every character of a program in two bytes, and loads it more slowly. */
const asciiOnly: Plugin = {
  name: "ascii-only",
  generateBundle(_options, files) {
    for (const file of Object.values(files)) if (file.type === "chunk") file.code = inAscii(file.code);
  },
};

const inAscii = (code: string): string =>
  code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

async function bundle(input: string, file: string, format: "esm" | "cjs", plugins: Plugin[]): Promise<void> {
  const build = await rolldown({ input, platform: "node", cwd: root, plugins });
  await build.write({ file: join(dist, file), format, codeSplitting: false });
  await build.close();
}

rmSync(dist, { recursive: true, force: true });
// CommonJS starts faster: an ES module that imports node:fs loads the streams too.
await bundle("program:start", "jwt-secret.cjs", "cjs", [
  program,
  yamlApart,
  infrastructureApart,
  operatorsApart,
  asciiOnly,
]);
await bundle("program:operators", "operators.cjs", "cjs", [program, yamlApart]);
await bundle(join(source, "check.ts"), "check.js", "esm", [yamlApart]);
await bundle("yaml", "yaml.cjs", "cjs", []);
writeFileSync(join(dist, "check.d.ts"), declarations(join(source, "check.ts"), join(root, "tsconfig.json")));
await buildPolicyPack(join(dist, "policy-pack"));
