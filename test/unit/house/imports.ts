/** Who may import whom, as checks on source text; docs/design.md says why. */
import { builtinModules } from "node:module";
import { dirname, join } from "node:path/posix";
import ts from "typescript";
import { isTestCode, parse, type Source } from "./source.ts";

/** What a room may know. */
interface Room {
  /** Folders and files of ours, itself aside. */
  ours: readonly string[];
  /** Packages; one that ends with `/` stands for all of that scope. */
  packages: readonly string[];
  /** Whether it may use Node's own modules. */
  node: boolean;
}

const src = ["src/policy", "src/documents", "src/reports", "src/environment", "src/infrastructure"];
const operators = ["src/tokens", "src/google", "src/stacks", "src/smoke"];

/** Who may know whom. The longest prefix of a file's path names its room. */
export const rooms: Readonly<Record<string, Room>> = {
  "index.ts": {
    ours: ["src/environment", "src/infrastructure", "src/policy", "src/guard"],
    packages: ["@pulumi/"],
    node: true,
  },
  "src/policy": { ours: [], packages: ["zod"], node: false },
  "src/documents": { ours: ["src/policy"], packages: ["zod", "yaml"], node: true },
  "src/reports": { ours: ["src/policy"], packages: ["zod", "yaml"], node: true },
  "src/environment": { ours: [], packages: ["zod"], node: true },
  "src/infrastructure": { ours: ["src/environment"], packages: ["@pulumi/", "yaml"], node: true },
  // Judges the running program as the check judges documents.
  "src/guard": { ours: src, packages: ["@pulumi/pulumi"], node: true },
  // What the operators' commands are made of; each knows one thing about the world.
  "src/tokens": { ours: [], packages: ["jose"], node: true },
  "src/google": { ours: [], packages: ["zod", "google-auth-library"], node: true },
  "src/stacks": { ours: [], packages: ["zod"], node: true },
  "src/smoke": { ours: ["src/tokens"], packages: ["zod", "ws"], node: true },
  "src/adoption": {
    ours: ["src/policy", "src/documents", "src/environment", "src/reports", "src/check.ts"],
    packages: ["zod", "yaml"],
    node: true,
  },
  // The package's front door, and what the commands ask for the version.
  "src/check.ts": { ours: ["src/policy", "src/documents"], packages: [], node: false },
  "src/version.ts": { ours: [], packages: ["zod"], node: true },
  "src/commands": {
    ours: [...src, ...operators, "src/adoption", "src/check.ts", "src/version.ts"],
    packages: ["zod", "yaml"],
    node: true,
  },
  "src/cli.ts": { ours: [...src, "src/commands", "src/version.ts"], packages: [], node: true },
  "policy-pack": {
    ours: ["src/policy", "src/documents", "src/reports"],
    packages: ["zod", "@pulumi/policy"],
    node: true,
  },
  // What an environment's configuration has no setting for, in ordinary TypeScript.
  overrides: { ours: ["src/infrastructure"], packages: ["@pulumi/"], node: false },
  sandbox: {
    ours: [...src, "src/adoption", "src/check.ts"],
    packages: ["zod", "yaml", "@pulumi/", "@grpc/", "google-protobuf", "jose", "ws"],
    node: true,
  },
  tools: {
    ours: [...src, "src/check.ts", "src/version.ts", "src/cli.ts", "sandbox"],
    packages: ["zod", "yaml", "vitest", "typescript", "rolldown"],
    node: true,
  },
};

/** Programs that write generated files are tools, wherever they stand. */
const isTool = (path: string) => path.startsWith("tools/") || path.endsWith(".generate.ts");

function roomOf(path: string): string | undefined {
  if (isTool(path)) return "tools";
  return Object.keys(rooms)
    .filter((room) => path === room || path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** An import, an export from elsewhere, or an `import()`; `lazy` for the last. */
export interface Import {
  specifier: string;
  lazy: boolean;
}

/** Everything a file imports. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      const { moduleSpecifier } = node;
      if (moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier)) {
        found.push({ specifier: moduleSpecifier.text, lazy: false });
      }
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [what] = node.arguments;
      if (what !== undefined && ts.isStringLiteralLike(what))
        found.push({ specifier: what.text, lazy: true });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const { literal } = node.argument;
      if (ts.isStringLiteral(literal)) found.push({ specifier: literal.text, lazy: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(source));
  return found;
}

/** The path from the repository that a relative import means. */
export const resolveImport = (from: string, specifier: string) => join(dirname(from), specifier);

const packageOf = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** Imports that the house forbids, one sentence each. Test code is exempt. */
export function forbiddenImports(source: Source): string[] {
  if (isTestCode(source.path)) return [];
  const name = roomOf(source.path);
  const room = name === undefined ? undefined : rooms[name];
  if (name === undefined || room === undefined) return [`${source.path} is in no room: name it in rooms`];
  return importsOf(source).flatMap(({ specifier }) => {
    const no = [`${source.path} may not import ${specifier}`];
    if (specifier.startsWith(".")) {
      const target = resolveImport(source.path, specifier);
      if (isTestCode(target)) return no;
      const other = roomOf(target);
      return other === name || (other !== undefined && room.ours.includes(other)) ? [] : no;
    }
    if (specifier.startsWith("node:")) return room.node ? [] : no;
    if (builtinModules.includes(specifier)) return no;
    const own = packageOf(specifier);
    return room.packages.some((one) => own === one || (one.endsWith("/") && own.startsWith(one))) ? [] : no;
  });
}

/** Packages that a file imports and package.json does not declare. Which of them a room may use, `rooms` says. */
export function undeclaredPackages(source: Source, declared: readonly string[]): string[] {
  return importsOf(source)
    .filter(({ specifier }) => !specifier.startsWith(".") && !specifier.startsWith("node:"))
    .filter(({ specifier }) => !declared.includes(packageOf(specifier)))
    .map(
      ({ specifier }) =>
        `${source.path} imports ${packageOf(specifier)}, which package.json does not declare`,
    );
}

/** The packages that loading `entry` loads, with the file that imports each; an `import()` is not followed. */
export function loadedPackages(entry: string, sources: readonly Source[]): Map<string, string> {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const packages = new Map<string, string>();
  const seen = new Set<string>();
  const queue = [entry];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const source = byPath.get(path);
    if (source === undefined || seen.has(path)) continue;
    seen.add(path);
    for (const { specifier, lazy } of importsOf(source)) {
      if (lazy) continue;
      if (specifier.startsWith(".")) queue.push(resolveImport(path, specifier));
      else if (!specifier.startsWith("node:")) packages.set(packageOf(specifier), path);
    }
  }
  return packages;
}
