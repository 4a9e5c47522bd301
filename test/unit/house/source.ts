/** The project's files as the checks of the house see them. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path/posix";
import ts from "typescript";

/** A file of the project: its path from the repository, with `/`, and its text. */
export interface Source {
  path: string;
  text: string;
}

/** Files that check and configure, and what tests start from; nothing depends on them, so they may know anyone. */
export function isTestCode(path: string): boolean {
  return /^test\/|\/testing\/|\/baseline\.ts$|\.(test|config)\.ts$/.test(path);
}

/** The syntax tree of a TypeScript file. */
export const parse = ({ path, text }: Source) =>
  ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);

const ignored = new Set(["node_modules", ".git", ".sandbox", "dist", "coverage", "reports", ".stryker-tmp"]);

/** The project's text files under `folder`, what git ignores left out; `reports` is one at the top alone. */
export function filesOf(folder: string): Source[] {
  const found: Source[] = [];
  const walk = (path: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const below = join(path, entry.name);
      if (ignored.has(entry.name) && (path === folder || entry.name === "node_modules")) continue;
      if (entry.isDirectory()) walk(below);
      else if (entry.isFile()) {
        const bytes = readFileSync(below);
        if (!bytes.includes(0)) found.push({ path: relative(folder, below), text: bytes.toString("utf8") });
      }
    }
  };
  walk(folder);
  return found.sort((a, b) => a.path.localeCompare(b.path));
}
