/** One environment's stack on the real engine: its program, its state, its environment variables. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";
import type { Engine } from "./engine/find.ts";
import { run } from "./engine/run.ts";
import { Failure } from "./failure.ts";
import type { Home } from "./home.ts";
import { isAlive } from "./lock.ts";
import { installLauncher } from "./policy-pack/launcher.ts";

/** The project's name, as `Pulumi.yaml` has it. */
export const projectName = "jwt-secret";

export interface WorkspaceOptions {
  home: Home;
  environment: string;
  engine: Engine;
  passphrase: string;
  /** The folder whose `index.ts` is the program. */
  source: string;
  /** What the engine needs to find the sandbox's providers. */
  providers: Record<string, string>;
  /** Whether previews and updates run with the policy pack. */
  policyPack: boolean;
}

/** A cached module would register nothing the second time, and an update would then delete everything. */
let runs = 0;

/** Runs the project's own `index.ts`, fresh each time; its exports are the stack's outputs. */
async function program(source: string): Promise<Record<string, unknown>> {
  runs += 1;
  const url = pathToFileURL(join(source, "index.ts"));
  url.search = `run=${process.pid}-${runs}`;
  return { ...(await import(url.href)) };
}

/** A stack on the real engine. */
export interface OpenStack {
  /** Updates, previews and destroys: the operations that run the program. */
  stack: Stack;
  /** For previews and updates: the policy packs they run with. */
  packs: { policyPacks: string[] };
  /** `pulumi stack export` without `--show-secrets` (which the Automation API's own export passes): values stay encrypted. */
  exported(): Promise<unknown>;
  /** How to run the CLI on this stack's workspace. */
  pulumi: { command: string; cwd: string; env: NodeJS.ProcessEnv };
}

/** Opens the stack, made on first use. The caller holds the sandbox's lock. */
export async function openStack(options: WorkspaceOptions): Promise<OpenStack> {
  const { home, environment, engine } = options;
  mkdirSync(home.state, { recursive: true, mode: 0o700 });
  mkdirSync(home.pulumi, { recursive: true, mode: 0o700 });
  checkState(home, environment);
  await clearDeadLocks(home, environment);
  forgetAmbientSettings();
  const command = await PulumiCommand.get({ root: dirname(dirname(engine.path)) });
  const envVars = {
    ...options.providers,
    // No `.attrs` files beside the state: an update that is killed can leave one empty, which the engine then cannot
    // read ("failed to load checkpoint: EOF"; gocloud.dev/blob/fileblob writes them in place).
    PULUMI_BACKEND_URL: `${pathToFileURL(home.state).href}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: options.passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Without it every run with state tries to download the plugins that this process serves.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: environment, projectName, program: () => program(options.source) },
    {
      workDir: home.project,
      pulumiHome: home.pulumi,
      pulumiCommand: command,
      envVars,
    },
  );
  // Every update would end with three more runs of the CLI for outputs and history, which the export holds too.
  stack.outputs = async () => ({});
  stack.info = async () => undefined;
  const env = { ...process.env, ...envVars, PULUMI_HOME: home.pulumi };
  const pulumi = { command: engine.path, cwd: home.project, env };
  const exported = async () => {
    const ran = await run(pulumi.command, ["stack", "export", "--stack", environment], pulumi);
    if (ran.code !== 0) throw new Failure(`The state of ${environment} cannot be read: ${ran.stderr.trim()}`);
    return JSON.parse(ran.stdout);
  };
  return {
    stack,
    packs: { policyPacks: options.policyPack ? [installLauncher(home)] : [] },
    exported,
    pulumi,
  };
}

/** Settings of the user's own Pulumi that would lead this stack elsewhere. */
function forgetAmbientSettings(): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("PULUMI_") && !name.startsWith("PULUMI_TEST_")) delete process.env[name];
  }
}

/** Where the local backend keeps an environment's checkpoint. */
export function checkpointOf(home: Home, environment: string): string {
  return join(home.state, ".pulumi", "stacks", projectName, `${environment}.json`);
}

/** A checkpoint that was cut off stops everything before the engine could write over it. */
function checkState(home: Home, environment: string): void {
  const path = checkpointOf(home, environment);
  if (!existsSync(path)) return;
  try {
    z.looseObject({ checkpoint: z.looseObject({}) }).parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    const backup = existsSync(`${path}.bak`)
      ? `restore the engine's backup (copy ${path}.bak over it)`
      : "restore it from a backup";
    throw new Failure(
      `The state file ${path} is not readable as a checkpoint: ${backup}, or start over with \`npm run reset\`. ` +
        "Nothing was changed.",
    );
  }
}

const Lock = z.object({ pid: z.int().positive(), hostname: z.string() });

/** The engine's locks outlive an update that was killed. One whose process is gone is cleared; any other is kept. */
async function clearDeadLocks(home: Home, environment: string): Promise<void> {
  const folder = join(home.state, ".pulumi", "locks", "organization", projectName, environment);
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const path = join(folder, file);
    const lock = readLock(path);
    if (lock !== undefined && (lock.hostname !== hostname() || !(await ends(lock.pid)))) {
      throw new Failure(
        `${environment} is locked by an update of process ${lock.pid} on ${lock.hostname} (${path}): wait for it to ` +
          "end, or delete that file when it is certain that the process is gone.",
      );
    }
    rmSync(path, { force: true });
    process.stderr.write(
      `Cleared the lock of an update that was cut off${lock ? ` (process ${lock.pid})` : ""}.\n`,
    );
  }
}

/** An engine whose program was killed ends by itself a moment later. */
async function ends(pid: number): Promise<boolean> {
  for (let attempt = 0; isAlive(pid); attempt += 1) {
    // On a busy machine the moment is a long one.
    if (attempt === 60) return false;
    await sleep(250);
  }
  return true;
}

function readLock(path: string): z.infer<typeof Lock> | undefined {
  try {
    return Lock.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}
