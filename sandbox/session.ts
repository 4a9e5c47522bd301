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
import type { Settings } from "./settings.ts";
import { supply } from "./supplied.ts";
import { type OpenStack, openStack } from "./workspace.ts";

export interface Session extends OpenStack {
  home: Home;
  engine: Engine;
  cloud: Cloud;
  /** The environment's configuration as the sandbox runs it. */
  config: Record<string, unknown>;
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
  try {
    const engine = await findEngine({ keep: home.engines });
    const passphrase = passphraseOf(home);
    const { config, missing } = copyProject(home.project, settings.environment, settings.source, (config) => {
      if (settings.grantDelay === undefined) expectGrantsAtOnce(config);
      change?.(config);
    });
    const cloud = await openCloud(home, settings);
    closers.push(() => cloud.close());
    const providers = await startProviders({ cloudUrl: cloud.url });
    closers.push(() => providers.close());
    const open = await openStack({
      home,
      environment: settings.environment,
      engine,
      passphrase,
      source: settings.source,
      providers: providers.env,
    });
    await supply(missing, { ...open.pulumi, stack: settings.environment });
    return await work({ ...open, home, engine, cloud, config });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** Grants work at once in the sandbox, unless it is told to delay them: there is nothing to wait for. */
function expectGrantsAtOnce(config: Record<string, unknown>): void {
  const retry = z.record(z.string(), z.unknown()).safeParse(config["jwt-secret:grantRetry"] ?? {});
  if (retry.success) config["jwt-secret:grantRetry"] = { ...retry.data, settle: 0 };
}

async function openCloud(home: Home, settings: Settings): Promise<Cloud> {
  try {
    return await startCloud({
      directory: home.cloud,
      ...(settings.grantDelay === undefined ? {} : { delayGrantsSeconds: settings.grantDelay }),
      // Ordered by a test: this process, the engine and everything between them end at once, as in a power cut.
      onKill: () => process.kill(-process.pid, "SIGKILL"),
    });
  } catch (error) {
    throw error instanceof StoreError ? new Failure(error.message) : error;
  }
}
