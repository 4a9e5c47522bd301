/** Finds the Pulumi engine, or gets it: PATH, the CLI's own version cache, the official download, a Go build. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { buildEngine } from "./build.ts";
import { downloadEngine, type Platform } from "./download.ts";
import { run } from "./run.ts";
import { engineVersion, isRecentEnough } from "./version.ts";

export interface Engine {
  /** Absolute path of the `pulumi` binary. */
  path: string;
  /** Its version, without a `v`. */
  version: string;
  source: "PATH" | "version cache" | "download" | "build";
}

export interface FindOptions {
  /** Where a downloaded or built engine is kept; it is looked at before either is tried. */
  keep: string;
  environment?: NodeJS.ProcessEnv;
  home?: string;
  platform?: Platform;
  /** The ways to get an engine that is not there; replaced in tests. */
  download?: (target: string) => Promise<string>;
  build?: (target: string) => Promise<string>;
}

/**
 * Finds or gets an engine that is recent enough. Throws an `Error` that names all four ways, and what was wrong with
 * each, when none works.
 */
export async function findEngine(options: FindOptions): Promise<Engine> {
  const environment = options.environment ?? process.env;
  const platform = options.platform ?? { platform: process.platform, arch: process.arch };
  const binary = platform.platform === "win32" ? "pulumi.exe" : "pulumi";
  const tried: string[] = [];

  const onPath = (environment.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, binary))
    .find((path) => existsSync(path));
  if (onPath === undefined) tried.push("on PATH: none");
  else {
    const version = await versionOf(onPath);
    if (version !== undefined && isRecentEnough(version)) return { path: onPath, version, source: "PATH" };
    tried.push(`on PATH: ${onPath} is ${version ?? "not usable"}, wanted ${engineVersion} or a newer 3.x`);
  }

  const home = environment.PULUMI_HOME ?? join(options.home ?? homedir(), ".pulumi");
  for (const path of [...(await cached(join(home, "versions"), binary)), join(home, "bin", binary)]) {
    if (!existsSync(path)) continue;
    const version = await versionOf(path);
    if (version !== undefined && isRecentEnough(version)) return { path, version, source: "version cache" };
  }
  tried.push(`in the version cache (${home}): none that is ${engineVersion} or a newer 3.x`);

  const target = join(options.keep, engineVersion);
  const kept = join(target, "bin", binary);
  if (existsSync(kept) && (await versionOf(kept)) === engineVersion) {
    return {
      path: kept,
      version: engineVersion,
      source: existsSync(languageHost(kept)) ? "download" : "build",
    };
  }
  const ways = [
    {
      source: "download" as const,
      get:
        options.download ??
        ((to: string) => downloadEngine({ version: engineVersion, target: to, ...platform })),
    },
    { source: "build" as const, get: options.build ?? ((to: string) => buildEngine(engineVersion, to)) },
  ];
  for (const { source, get } of ways) {
    try {
      return { path: await get(target), version: engineVersion, source };
    } catch (error) {
      tried.push(`by ${source}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(
    `No Pulumi engine ${engineVersion}: ${tried.join("; ")}. Install Pulumi ${engineVersion} (https://www.pulumi.com/docs/install/) or Go, or allow the download, then run this again.`,
  );
}

/** The language host that official releases carry beside the CLI and a Go build does not. */
export function languageHost(engine: string): string {
  return engine.replace(/pulumi(\.exe)?$/, "pulumi-language-nodejs$1");
}

async function cached(folder: string, binary: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))
    .map((name) => join(folder, name, "bin", binary));
}

async function versionOf(path: string): Promise<string | undefined> {
  const ran = await run(path, ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: 20_000,
  });
  return ran.code === 0 ? ran.stdout.trim().replace(/^v/, "") : undefined;
}
