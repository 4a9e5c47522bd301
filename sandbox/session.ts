/** Everything one command needs, opened in order and closed in reverse: lock, engine, cloud, providers, stack. */
import { z } from "zod";
import { type Cloud, StoreError, startCloud } from "./cloud/index.ts";
import { type Engine, findEngine } from "./engine/find.ts";
import { Failure } from "./failure.ts";
import { type Home, homeIn } from "./home.ts";
import { takeLock } from "./lock.ts";
import { passphraseOf } from "./passphrase.ts";
import { copyProject } from "./project.ts";
import { startProviders } from "./providers/index.ts";
import { type Control, connect, startSupervisor } from "./runtime/index.ts";
import type { Settings } from "./settings.ts";
import { supply } from "./supplied.ts";
import { type OpenStack, openStack } from "./workspace.ts";

export interface Session extends OpenStack {
  home: Home;
  engine: Engine;
  cloud: Cloud;
  /** The environment's configuration as the sandbox runs it. */
  config: Record<string, unknown>;
  /** What runs the services, and whether this session started it; undefined when nothing does. */
  services: Services | undefined;
}

/** The sandbox's supervisor as a session found it. */
export interface Services {
  control: Control;
  startedHere: boolean;
}

/** Opens a session, runs `work` in it and closes it, whatever happens. `change` alters the sandbox's configuration. */
export async function withSession<T>(
  settings: Settings,
  work: (session: Session) => Promise<T>,
  change?: (config: Record<string, unknown>) => void,
): Promise<T> {
  const home = homeIn(settings.sandbox);
  const release = takeLock(home.lock, `npm run ${settings.command}`);
  const closers: (() => Promise<void> | void)[] = [release];
  let worked = false;
  try {
    const engine = await findEngine({ keep: home.engines });
    const passphrase = passphraseOf(home);
    const { config, missing } = copyProject(home.project, settings.environment, settings.source, (config) => {
      if (settings.grantDelay === undefined) expectGrantsAtOnce(config);
      change?.(config);
    });
    const services = await openServices(home, settings);
    // What a failed deployment was to bring up is not left running.
    closers.push(async () => {
      if (!worked && services?.startedHere) await services.control.stop();
    });
    const cloud = await openCloud(home, settings, services);
    closers.push(() => cloud.close());
    // A service takes as long as its program needs to start, on a busy machine too.
    const patience =
      services === undefined || process.env.SANDBOX_API_TIMEOUT_SECONDS ? {} : { timeoutSeconds: 150 };
    const providers = await startProviders({ cloudUrl: cloud.url, ...patience });
    closers.push(() => providers.close());
    const open = await openStack({
      home,
      environment: settings.environment,
      engine,
      passphrase,
      source: settings.source,
      providers: providers.env,
      policyPack: settings.policyPack,
    });
    await supply(missing, { ...open.pulumi, stack: settings.environment });
    const result = await work({ ...open, home, engine, cloud, config, services });
    worked = true;
    return result;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** Grants work at once in the sandbox, unless it is told to delay them: there is nothing to wait for. */
function expectGrantsAtOnce(config: Record<string, unknown>): void {
  const retry = z.record(z.string(), z.unknown()).safeParse(config["jwt-secret:grantRetry"] ?? {});
  if (retry.success) config["jwt-secret:grantRetry"] = { ...retry.data, settle: 0 };
}

/** A deployment starts what runs the services unless it is told not to; everything else uses what is there. */
async function openServices(home: Home, settings: Settings): Promise<Services | undefined> {
  const running = await connect(home.folder);
  if (running !== undefined) return { control: running, startedHere: false };
  if (settings.command !== "up" || settings.deployOnly) return undefined;
  return { control: await startSupervisor(home), startedHere: true };
}

async function openCloud(home: Home, settings: Settings, services: Services | undefined): Promise<Cloud> {
  try {
    return await startCloud({
      directory: home.cloud,
      ...(services && { runtime: services.control }),
      ...(settings.grantDelay === undefined ? {} : { delayGrantsSeconds: settings.grantDelay }),
      // Ordered by a test: this process, the engine and everything between them end at once, as in a power cut.
      onKill: () => process.kill(-process.pid, "SIGKILL"),
    });
  } catch (error) {
    throw error instanceof StoreError ? new Failure(error.message) : error;
  }
}
