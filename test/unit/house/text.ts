/** Checks on what files say: types that hide a doubt, paths of a machine, length. */
import ts from "typescript";
import { parse, type Source } from "./source.ts";

/** `any`, `!`, a cast through `unknown`, and comments that switch the compiler off. */
export function looseTypes(source: Source): string[] {
  const found: string[] = [];
  const file = parse(source);
  const say = (node: ts.Node, what: string) => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${source.path}:${line + 1} has ${what}`);
  };
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) say(node, "any");
    if (ts.isNonNullExpression(node)) say(node, "a non-null assertion");
    if (ts.isPropertyDeclaration(node) && node.exclamationToken !== undefined)
      say(node, "a non-null assertion");
    if (ts.isAsExpression(node) && ts.isAsExpression(node.expression)) say(node, "a double cast");
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const [mark] of source.text.matchAll(/^\s*\/[/*]+\s*@ts-(?:ignore|nocheck)/gm)) {
    found.push(`${source.path} has ${mark.trim().replace(/^\W+/, "@")}`);
  }
  return found;
}

/** Absolute paths of somebody's machine in a text; the root of a container or of an API is none. */
export function machinePaths({ path, text }: Source): string[] {
  const places =
    /(?<![\w.~\-/@}:])\/(?:home|Users|root|work|workspace|private\/var|mnt)\/[\w.-]+|\b[A-Z]:\\Users\\\w+/g;
  return Array.from(text.matchAll(places), ([found]) => `${path} mentions ${found}`);
}

/** How many lines a text has. */
export const lineCount = (text: string) => text.split("\n").length - (text.endsWith("\n") ? 1 : 0);

/** Addresses of package registries in a lock file, which other people cannot reach. */
export function registryHosts({ path, text }: Source): string[] {
  return Array.from(
    text.matchAll(/"resolved": "(https?:\/\/[^/"]+)/g),
    ([, host]) => `${path} names ${host}`,
  );
}
