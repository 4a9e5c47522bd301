/** Writes several files, all or none. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Failure } from "../command.ts";

/** A file by its path from the folder, and its text. */
export interface Written {
  readonly path: string;
  readonly text: string;
}

function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
}

/**
 * Writes the files into a folder, which is made when it is missing. Each is written beside its place first; when one
 * cannot be put in place, those before it get their old content back.
 * @throws Failure when a file is there that may not be written over, or one cannot be written
 */
export function writeAll(
  folder: string,
  files: readonly Written[],
  mayReplace: (path: string, old: string) => boolean,
): void {
  const targets = files.map(({ path, text }) => {
    const full = join(folder, path);
    const old = existsSync(full) ? readOld(full) : undefined;
    return { path, text, full, fresh: `${full}.${process.pid}.new`, old };
  });
  const taken = targets.filter(
    ({ path, text, old }) => old !== undefined && old !== text && !mayReplace(path, old),
  );
  if (taken.length > 0) {
    const list = taken.map(({ full }) => full).join(", ");
    throw new Failure(`${list}: there already; nothing was written. Choose another --output, or add --force`);
  }
  const placed: typeof targets = [];
  try {
    for (const { full, fresh, text } of targets) {
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(fresh, text);
    }
    for (const target of targets) {
      renameSync(target.fresh, target.full);
      placed.push(target);
    }
  } catch (error) {
    for (const { full, old } of placed) {
      if (old === undefined) rmSync(full, { force: true });
      else writeFileSync(full, old);
    }
    throw new Failure(
      `${folder}: the files cannot be written there (${reasonOf(error)}), and none was: choose another --output`,
    );
  } finally {
    for (const { fresh } of targets) rmSync(fresh, { force: true });
  }
}

function readOld(full: string): string {
  try {
    return readFileSync(full, "utf8");
  } catch (error) {
    throw new Failure(`${full}: is in the way and cannot be read (${reasonOf(error)}); nothing was written`);
  }
}
