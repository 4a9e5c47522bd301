/** The official download of the Pulumi CLI, checked against its published SHA-256 before anything of it is run. */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Progress, startProgress } from "./progress.ts";
import { run } from "./run.ts";

/** Where Pulumi publishes its releases and their checksums (https://www.pulumi.com/docs/install/versions/). */
export const officialReleases = "https://get.pulumi.com/releases/sdk";

export interface Platform {
  platform: string;
  arch: string;
}

/** The name of the release's archive for a platform; undefined where Pulumi publishes none. */
export function archiveName(version: string, { platform, arch }: Platform): string | undefined {
  const system = { linux: "linux", darwin: "darwin", win32: "windows" }[platform];
  if (system === undefined || (arch !== "x64" && arch !== "arm64")) return undefined;
  return `pulumi-v${version}-${system}-${arch}.${system === "windows" ? "zip" : "tar.gz"}`;
}

/** The SHA-256 of one file in a checksum list of lines `HEX  NAME`. */
export function publishedChecksum(list: string, name: string): string | undefined {
  for (const line of list.split(/\r?\n/)) {
    const [sum, file] = line.trim().split(/\s+\*?/);
    if (file === name && sum !== undefined && /^[0-9a-f]{64}$/i.test(sum)) return sum.toLowerCase();
  }
  return undefined;
}

export interface DownloadOptions extends Platform {
  version: string;
  /** The folder that gets `bin/pulumi`; it appears only when complete. */
  target: string;
  releases?: string;
}

/**
 * Downloads, checks and unpacks the CLI. Throws an `Error` of one line when the network, the checksum or the archive
 * is not right; nothing is left behind then.
 */
export async function downloadEngine(options: DownloadOptions): Promise<string> {
  const { version, target, releases = officialReleases } = options;
  const name = archiveName(version, options);
  if (name === undefined) throw new Error(`there is no release for ${options.platform} ${options.arch}`);
  const list = await get(`${releases}/pulumi-${version}-checksums.txt`);
  const expected = publishedChecksum(await list.text(), name);
  if (expected === undefined) throw new Error(`the published checksums do not name ${name}`);

  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(`${target}.download-`);
  try {
    const archive = join(folder, name);
    const progress = startProgress(`Downloading the Pulumi engine ${version}`);
    const actual = await save(await get(`${releases}/${name}`), archive, progress);
    progress.done();
    if (actual !== expected) {
      throw new Error(`${name} has SHA-256 ${actual}, published is ${expected}: refused`);
    }
    await mkdir(join(folder, "unpacked"));
    const unpacked = await run("tar", ["-xf", archive, "-C", join(folder, "unpacked")]);
    if (unpacked.code !== 0) throw new Error(`${name} does not unpack: ${unpacked.stderr.trim()}`);
    const binaries = join(folder, "unpacked", "pulumi", ...(options.platform === "win32" ? ["bin"] : []));
    if (options.platform !== "win32") await chmod(join(binaries, "pulumi"), 0o755);
    await mkdir(target, { recursive: true });
    await rm(join(target, "bin"), { recursive: true, force: true });
    await rename(binaries, join(target, "bin"));
    return join(target, "bin", options.platform === "win32" ? "pulumi.exe" : "pulumi");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function get(url: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(300_000) });
  } catch (error) {
    throw new Error(`${url} cannot be reached (${reasonOf(error)})`);
  }
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

async function save(response: Response, path: string, progress: Progress): Promise<string> {
  if (response.body === null) throw new Error(`${response.url} answered without a body`);
  const hash = createHash("sha256");
  const total = Number(response.headers.get("content-length") ?? 0);
  let size = 0;
  const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      size += chunk.length;
      progress.update(`${megabytes(size)}${total > 0 ? ` of ${megabytes(total)}` : ""}`);
      yield chunk;
    }
  };
  await pipeline(response.body, counted, createWriteStream(path));
  return hash.digest("hex");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
