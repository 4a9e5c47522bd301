/** Files made from code: written by a tool, and checked to be current by its `--check` and by a test. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The repository. */
export const root = dirname(import.meta.dirname);

/** Path from the repository, and what belongs there. */
export type Generated = ReadonlyMap<string, string>;

/** The folder holds nothing else of this kind: a file no longer made is stale too. */
export interface Folder {
  path: string;
  extension: string;
}

function strays(files: Generated, folder: Folder | undefined): string[] {
  if (folder === undefined || !existsSync(join(root, folder.path))) return [];
  return readdirSync(join(root, folder.path))
    .filter((name) => name.endsWith(folder.extension))
    .map((name) => `${folder.path}/${name}`)
    .filter((path) => !files.has(path));
}

/** The paths whose content is missing, different or no longer made. */
export function stale(files: Generated, folder?: Folder): string[] {
  const different = Array.from(files).filter(([path, content]) => {
    const file = join(root, path);
    return !existsSync(file) || readFileSync(file, "utf8") !== content;
  });
  return [...different.map(([path]) => path), ...strays(files, folder)];
}

/** Writes them all, or with `--check` says which are stale and sets the exit code to 1. */
export function generate(files: Generated, command: string, folder?: Folder): void {
  const old = stale(files, folder);
  if (process.argv.includes("--check")) {
    if (old.length === 0) return;
    process.stderr.write(`Not current: ${old.join(", ")}. Run: ${command}\n`);
    process.exitCode = 1;
    return;
  }
  for (const path of strays(files, folder)) rmSync(join(root, path));
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  process.stdout.write(old.length === 0 ? "All current.\n" : `Written: ${old.join(", ")}\n`);
}
