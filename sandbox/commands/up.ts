/** `npm start`: deploys an environment into the sandbox with a real update, and shows what came of it. */
import type { OpMap } from "@pulumi/pulumi/automation/index.js";
import { explainFailure } from "../engine-errors.ts";
import { watch } from "../events.ts";
import { showRunning } from "../handshake.ts";
import { outputsOf } from "../outputs.ts";
import { coloured, columns, heading, print } from "../print.ts";
import { environmentsOf, sandboxProject } from "../project.ts";
import { seedExistingSecret } from "../seed.ts";
import { showServices } from "../services.ts";
import { type Session, withSession } from "../session.ts";
import type { Settings } from "../settings.ts";
import { keep } from "../stay.ts";
import { judge } from "../verdict.ts";

/** Deploys and prints, and lets the services run as long as they should; gives the exit code. */
export async function up(settings: Settings): Promise<number> {
  const { exitCode, services } = await withSession(settings, async (session) => ({
    exitCode: await deploy(session, settings),
    services: session.services,
  }));
  // After the session: whoever deploys next finds the sandbox free.
  if (services !== undefined && !settings.deployOnly) await keep(services, settings);
  return exitCode;
}

async function deploy(session: Session, settings: Settings): Promise<number> {
  const { stack, packs, engine } = session;
  print(
    `Pulumi ${engine.version} (${engine.source}) deploys ${settings.environment} into the sandbox, no cloud account needed.`,
  );
  await seedExistingSecret(session);
  heading(`pulumi up --stack ${settings.environment}`);
  const { watched, onEvent } = watch(print);
  try {
    await stack.up({
      ...packs,
      onEvent,
      refresh: settings.refresh,
      showSecrets: false,
      suppressProgress: true,
    });
  } catch (error) {
    throw explainFailure(error, watched, settings);
  }
  for (const warning of watched.warnings) print(`  ${coloured("yellow", "warning")} ${warning}`);
  print(`  ${summaryOf(watched.changes)}`);
  return await showResult(session, settings);
}

async function showResult(session: Session, settings: Settings): Promise<number> {
  heading("Services");
  showServices(session.cloud, sandboxProject(settings.environment));

  heading("Policy");
  const exported = await session.exported();
  const { text, exitCode } = judge(JSON.stringify(exported), "pulumi stack export");
  print(text.trimEnd());

  heading("Outputs");
  columns(outputsOf(exported));

  heading("Next");
  const other = environmentsOf(settings.source).find((name) => name !== settings.environment);
  const named = settings.environment === "staging" ? "" : ` -- ${settings.environment}`;
  columns([
    [`npm start${named}`, "again: nothing changes"],
    ...(other === undefined
      ? []
      : [[`npm start${other === "staging" ? "" : ` -- ${other}`}`, `the same for ${other}`]]),
    [`npm run preview${named}`, "edit index.ts or the YAML first, and see what would change"],
    [`npm run state${named}`, "what is deployed"],
    ["npm run check", "the policy on every environment's configuration, without deploying"],
    [`npm run destroy${named}`, "take it down"],
    ["npm run reset", "start over"],
  ]);
  if (session.services === undefined || settings.deployOnly) return exitCode;
  return (await showRunning(session, settings.environment)) ? exitCode : Math.max(exitCode, 1);
}

/** `no changes (12 resources)`, or what was done to how many. */
export function summaryOf(changes: OpMap): string {
  const counts = Object.entries(changes).filter(([, count]) => count > 0);
  const total = counts.reduce((sum, [op, count]) => sum + (op === "delete" ? 0 : count), 0);
  const changed = counts.filter(([op]) => op !== "same");
  if (changed.length === 0) return `no changes (${total} resources)`;
  const words: Record<string, string> = {
    create: "created",
    update: "updated",
    delete: "deleted",
    replace: "replaced",
  };
  return `${changed.map(([op, count]) => `${count} ${words[op] ?? op}`).join(", ")} (${total} resources)`;
}
