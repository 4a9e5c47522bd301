/**
 * Fills the generated parts of the documentation: `npm run docs`. Tables come from the schema, outputs from running the
 * commands in a scratch sandbox, pages of rules from the rules. `--check` writes nothing and fails when anything is
 * stale; `--tables` leaves the outputs as they are; `--tests` also runs `npm test`, whose last line is shown.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { configurationTable, outputsTable } from "../src/environment/tables.ts";
import { type Block, blocksOf, fill, normalise } from "./blocks.ts";
import { generate, root } from "./generated.ts";

/** The pages with generated blocks. */
export const pages = ["README.md"];

const tables: Readonly<Record<string, () => string>> = {
  configuration: configurationTable,
  outputs: outputsTable,
};

/** The table of a block. Throws when there is none of that name. */
export function tableOf({ name }: Block): string {
  const make = tables[name];
  if (make === undefined)
    throw new Error(`There is no table ${name}: choose one of ${Object.keys(tables).join(", ")}.`);
  return make();
}

/** A page with its tables as the schema has them; outputs are left as they are. */
export function withTables(page: string): string {
  return fill(
    page,
    blocksOf(page).map((block) => (block.kind === "table" ? tableOf(block) : undefined)),
  );
}

const Scripts = z.object({ scripts: z.record(z.string(), z.string()) });

/**
 * What follows `node` for a command as a user types it: `npm start -- production` becomes `tools/run.mjs
 * sandbox/cli.ts up production`. A command of the sandbox gets `sandbox` as its folder.
 */
export function argumentsOf(command: string, sandbox: string): string[] {
  const [, name, rest = ""] = /^npm (?:run )?([\w:-]+)(?: -- (.+))?$/.exec(command) ?? [];
  const { scripts } = Scripts.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const script = name === undefined ? undefined : scripts[name];
  if (script === undefined) throw new Error(`${command} is not one of the scripts in package.json.`);
  const args = `${script} ${rest}`.trim().split(/\s+/);
  return [...args.slice(1), ...(script.includes("sandbox/cli.ts") ? ["--sandbox", sandbox] : [])];
}

/** Runs a command as a user types it and gives what it printed on standard output. */
export function outputOf(command: string, sandbox: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argumentsOf(command, sandbox), {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      printed += chunk;
    });
    child.on("error", reject);
    child.on("close", () => resolve(printed.trimEnd()));
  });
}

/** The tests take minutes, and one of them compares the other outputs. */
export const isTests = (command: string) => command === "npm test";

const isRun = ({ kind, name }: Block) =>
  kind === "output" && (!isTests(name) || process.argv.includes("--tests"));

/** A page with its outputs as the commands print them, run one after the other in one scratch sandbox. */
async function withOutputs(page: string): Promise<string> {
  const sandbox = mkdtempSync(join(tmpdir(), "jwt-secret-docs-"));
  const texts: (string | undefined)[] = [];
  try {
    for (const block of blocksOf(page)) {
      if (!isRun(block)) {
        texts.push(undefined);
        continue;
      }
      process.stderr.write(`$ ${block.name}\n`);
      const places = { root, sandbox };
      const all = (await outputOf(block.name, sandbox)).replaceAll(sandbox, ".sandbox");
      const printed = isTests(block.name) ? (all.split("\n").at(-1) ?? "") : all;
      // The seconds of one run are as good as those of another.
      const same = normalise(printed, places) === normalise(block.text, places);
      texts.push(same ? undefined : printed);
    }
  } finally {
    rmSync(sandbox, { recursive: true, force: true });
  }
  return fill(page, texts);
}

async function main(): Promise<void> {
  const made = new Map<string, string>();
  for (const path of pages) {
    const page = withTables(readFileSync(join(root, path), "utf8"));
    made.set(path, process.argv.includes("--tables") ? page : await withOutputs(page));
  }
  const { rulePages, rulePagesFolder } = await import("./rule-pages.ts");
  const { reportSchema } = await import("./report-schema.ts");
  generate(new Map([...made, ...reportSchema(), ...rulePages()]), "npm run docs", rulePagesFolder);
}

if (import.meta.main) await main();
