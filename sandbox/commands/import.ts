/** `npm run import`: the engine's own `pulumi import --file`, into the sandbox's state. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { visible } from "../../src/reports/escape.ts";
import { run } from "../engine/run.ts";
import { nameOf, typeOf } from "../events.ts";
import { Failure } from "../failure.ts";
import { startLanguageHost } from "../language-host.ts";
import { heading, print } from "../print.ts";
import { type Session, withSession } from "../session.ts";
import type { Settings } from "../settings.ts";
import { projectName } from "../workspace.ts";

const State = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(z.looseObject({ urn: z.string(), custom: z.boolean() })).optional(),
  }),
});

async function urnsIn({ exported }: Session): Promise<string[]> {
  const { resources = [] } = State.parse(await exported()).deployment;
  return resources.filter(({ custom }) => custom).map(({ urn }) => urn);
}

/** Runs the import in a folder whose `Pulumi.yaml` names a runtime that runs nothing. */
async function runImport({ home, pulumi }: Session, settings: Settings, file: string) {
  const host = await startLanguageHost();
  const folder = mkdtempSync(join(home.folder, "import-"));
  try {
    const stack = `Pulumi.${settings.environment}.yaml`;
    writeFileSync(join(folder, stack), readFileSync(join(home.project, stack)), { mode: 0o600 });
    writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify({ name: projectName, runtime: host.runtime }));
    const args = ["import", "--stack", settings.environment, "--file", file, "--yes", "--skip-preview"];
    const quiet = [
      "--protect=false",
      "--generate-code=false",
      "--skip-plugin-pre-install",
      "--non-interactive",
    ];
    return await run(pulumi.command, [...args, ...quiet], { ...pulumi, cwd: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    host.close();
  }
}

/** Imports and prints what the state holds more than before; gives the exit code. */
export async function importFile(settings: Settings): Promise<number> {
  const [file, ...others] = settings.files;
  if (file === undefined || others.length > 0) {
    throw new Failure("Name one file: npm run import -- --file import.staging.json.");
  }
  const path = resolve(file);
  if (!existsSync(path)) throw new Failure(`${file} does not exist: npm run adopt writes it.`);
  return await withSession(settings, async (session) => {
    const before = await urnsIn(session);
    const ran = await runImport(session, settings, path);
    if (ran.code !== 0) {
      const reason = /error: ?([^\n]+)/.exec(ran.stdout + ran.stderr)?.[1] ?? "the engine gave no reason";
      throw new Failure(`${file} was not imported: ${visible(reason.trim())}`, 1);
    }
    const imported = (await urnsIn(session)).filter(
      (urn) => !before.includes(urn) && !urn.includes("::pulumi:providers:"),
    );
    heading(`pulumi import --stack ${settings.environment}`);
    for (const urn of imported.sort()) print(`  = ${typeOf(urn).padEnd(18)} ${nameOf(urn)}`);
    print(`  ${imported.length} imported; nothing was changed`);
    return 0;
  });
}
