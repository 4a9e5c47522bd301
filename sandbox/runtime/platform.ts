/** A cloud and its runtime in one process: what the supervisor keeps, and what tests use by themselves. */
import { type Cloud, type CloudOptions, type ServiceRuntime, startCloud } from "../cloud/index.ts";
import { type Runtime, type RuntimeOptions, startRuntime } from "./runtime.ts";

/** The cloud's options, and who is told what programs print and when services change. */
export interface PlatformOptions
  extends Omit<CloudOptions, "runtime">,
    Pick<RuntimeOptions, "log" | "onChange"> {}

/** A cloud whose services run. */
export interface Platform extends AsyncDisposable {
  readonly cloud: Cloud;
  readonly runtime: Runtime;
  close(): Promise<void>;
}

/** Starts the cloud kept in a directory, and every service it has. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { log, onChange, ...rest } = options;
  let started: Runtime | undefined;
  // Instances read their secrets from the cloud, so it is there first.
  const runtime: ServiceRuntime = { revised: async (service) => await started?.revised(service) };
  const cloud = await startCloud({ ...rest, runtime });
  const { directory } = options;
  try {
    started = await startRuntime({
      directory,
      cloud: cloud.url,
      ...(log && { log }),
      ...(onChange && { onChange }),
    });
  } catch (error) {
    await cloud.close();
    throw error;
  }
  const running = started;
  const close = async () => {
    await cloud.close();
    await running.close();
  };
  return { cloud, runtime: running, close, [Symbol.asyncDispose]: close };
}
