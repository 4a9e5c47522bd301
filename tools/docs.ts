/**
 * Fills the generated parts of the documentation: `npm run docs`. Tables come from the schema, outputs from running the
 * commands in a scratch sandbox, pages of rules from the rules. `--check` writes nothing and fails when anything is
 * stale; `--tables` leaves the outputs as they are; `--tests` also runs `npm test`, whose last line is shown.
 */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { configurationTable, outputsTable } from "../src/environment/tables.ts";
import { type Block, blocksOf, fill, normalise } from "./blocks.ts";
import { generate, root } from "./generated.ts";

/** The pages with generated blocks. */
export const pages = ["README.md", "docs/configuration.md", "docs/adopting.md"];

/** Pages whose commands write into the project, and so run in a copy of it. */
const writing = ["docs/adopting.md"];

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
export function argumentsOf(command: string, sandbox: string, project: string = root): string[] {
  const [, name, rest = ""] = /^npm (?:run )?([\w:-]+)(?: -- (.+))?$/.exec(command) ?? [];
  const { scripts } = Scripts.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const script = name === undefined ? undefined : scripts[name];
  if (script === undefined) throw new Error(`${command} is not one of the scripts in package.json.`);
  const args = `${script} ${rest}`.trim().split(/\s+/);
  const elsewhere = project === root ? [] : ["--project", project];
  const places = script.includes("sandbox/cli.ts") ? ["--sandbox", sandbox, ...elsewhere] : [];
  return [...args.slice(1), ...places];
}

/** `npm start` stays at a terminal, and says so at the end of what it prints. */
const staying = "until Ctrl-C";

/**
 * Runs a command as a user types it and gives what it printed on standard output; one that stays as at a terminal is
 * ended, and its output is what it printed until then.
 */
export function outputOf(command: string, sandbox: string, project: string = root): Promise<string> {
  const args = argumentsOf(command, sandbox, project);
  const stays = args.includes("sandbox/cli.ts") && args.includes("up");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args, ...(stays ? ["--stay"] : [])], {
      cwd: project,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    let until: string | undefined;
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      printed += chunk;
      if (stays && until === undefined && printed.includes(staying) && printed.endsWith("\n")) {
        until = printed;
        child.kill("SIGINT");
      }
    });
    child.on("error", reject);
    child.on("close", () => resolve((until ?? printed).trimEnd()));
  });
}

/**
 * The folder a page's commands run in: the checkout, or for a page that writes into the project a copy of the files it
 * may write, with links to everything else. Throws when the copy cannot be made.
 */
export function projectFor(page: string, folder: string): string {
  if (!writing.includes(page)) return root;
  const copy = join(folder, "project");
  mkdirSync(copy);
  for (const file of readdirSync(root)) {
    if (/^(index\.ts|package\.json|Pulumi\..*yaml)$/.test(file)) cpSync(join(root, file), join(copy, file));
  }
  for (const name of ["docs", "node_modules", "policy-pack", "sandbox", "src", "tools"]) {
    symlinkSync(join(root, name), join(copy, name));
  }
  return copy;
}

/** The tests take minutes, and one of them compares the other outputs. */
export const isTests = (command: string) => command === "npm test";

const isRun = ({ kind, name }: Block) =>
  kind === "output" && (!isTests(name) || process.argv.includes("--tests"));

/** A page with its outputs as the commands print them, run one after the other in one scratch sandbox. */
async function withOutputs(path: string, page: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "jwt-secret-docs-"));
  const sandbox = join(folder, "sandbox");
  const project = projectFor(path, folder);
  const texts: (string | undefined)[] = [];
  try {
    for (const block of blocksOf(page)) {
      if (!isRun(block)) {
        texts.push(undefined);
        continue;
      }
      process.stderr.write(`$ ${block.name}\n`);
      const places = { root, sandbox };
      const all = (await outputOf(block.name, sandbox, project)).replaceAll(sandbox, ".sandbox");
      const printed = isTests(block.name) ? (all.split("\n").at(-1) ?? "") : all;
      // The seconds of one run are as good as those of another.
      const same = normalise(printed, places) === normalise(block.text, places);
      texts.push(same ? undefined : printed);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return fill(page, texts);
}

async function main(): Promise<void> {
  const made = new Map<string, string>();
  for (const path of pages) {
    const page = withTables(readFileSync(join(root, path), "utf8"));
    made.set(path, process.argv.includes("--tables") ? page : await withOutputs(path, page));
  }
  const { rulePages, rulePagesFolder } = await import("./rule-pages.ts");
  const { reportSchema } = await import("./report-schema.ts");
  const { reviewPage } = await import("./ci/review-page.ts");
  generate(
    new Map([...made, ...reportSchema(), ...rulePages(), ...(await reviewPage())]),
    "npm run docs",
    rulePagesFolder,
  );
}

if (import.meta.main) await main();
