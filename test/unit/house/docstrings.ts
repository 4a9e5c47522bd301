/** Docstrings: every file says its one idea, everything that `src` exports says what it is. */
import ts from "typescript";
import { isTestCode, parse, type Source } from "./source.ts";

const isExported = (node: ts.Node) =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false);

const hasDocstring = (node: ts.Node, text: string) =>
  ts
    .getLeadingCommentRanges(text, node.getFullStart())
    ?.some(({ pos }) => text.startsWith("/**", pos) && !isFileComment(node, pos)) === true;

/** The comment at the very top speaks of the file, unless it touches the declaration. */
function isFileComment(node: ts.Node, pos: number): boolean {
  if (pos !== 0) return false;
  const before = node.getSourceFile().text.slice(0, node.getStart());
  return /\n\s*\n\s*$/.test(before);
}

function namesOf(node: ts.Statement): string[] {
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.map(({ name }) => name.getText());
  }
  if (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  ) {
    return [node.name?.text ?? "default"];
  }
  return [];
}

const isTag = (member: ts.TypeElement) =>
  ts.isPropertySignature(member) && member.type !== undefined && ts.isLiteralTypeNode(member.type);

/** Arguments of a component without one: they say their units and defaults. A tag that tells cases apart needs none. */
function undocumentedMembers(node: ts.Statement, text: string): string[] {
  if (!ts.isInterfaceDeclaration(node) || !node.name.text.endsWith("Args")) return [];
  return node.members
    .filter((member) => !isTag(member) && !hasDocstring(member, text))
    .map((member) => `${node.name.text}.${member.name?.getText() ?? "?"}`);
}

/** The schema or list that a type is inferred from (`z.infer<typeof Part>`, `(typeof roles)[number]`). */
function inferredFrom(node: ts.Statement): string | undefined {
  return ts.isTypeAliasDeclaration(node)
    ? /\btypeof ([A-Za-z]\w*)/.exec(node.type.getText())?.[1]
    : undefined;
}

/** A file's docstring stands at its top or right after its imports. */
function hasFileDocstring(source: Source): boolean {
  if (/^(#!.*\n)?\/\*\*/.test(source.text)) return true;
  const first = parse(source).statements.find((node) => !ts.isImportDeclaration(node));
  const comments = first && ts.getLeadingCommentRanges(source.text, first.getFullStart());
  return comments?.some(({ pos }) => source.text.startsWith("/**", pos)) === true;
}

/** Rules say what they are in their own `description`, which the documentation prints. */
const isRule = (path: string) => path.startsWith("src/policy/rules/");

/**
 * What lacks a docstring, one sentence each: every file begins with one, which speaks for the only value that the file
 * exports; in `src` each further value has its own, and a list or schema shares it with the type inferred from it. In
 * `src/infrastructure` types have one too, and each argument of a component. Test code is exempt.
 */
export function undocumented(source: Source): string[] {
  if (isTestCode(source.path) || isRule(source.path)) return [];
  const found: string[] = [];
  if (!hasFileDocstring(source)) found.push(`${source.path} does not begin with a docstring`);
  if (!source.path.startsWith("src/")) return found;
  const strict = source.path.startsWith("src/infrastructure/");
  const exported = parse(source).statements.filter(isExported);
  const documented = new Set(exported.filter((node) => hasDocstring(node, source.text)).flatMap(namesOf));
  for (const node of exported) {
    const origin = inferredFrom(node);
    const names = origin === undefined ? [] : [origin, ...namesOf(node)];
    if (names.some((name) => documented.has(name))) for (const name of names) documented.add(name);
  }
  const isType = (node: ts.Statement) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  const values = exported.filter((node) => !isType(node)).flatMap(namesOf);
  for (const node of exported) {
    const names = namesOf(node).filter((name) => !documented.has(name));
    const needed = isType(node) ? strict : strict || values.length > 1;
    const missing = [...(needed ? names : []), ...(strict ? undocumentedMembers(node, source.text) : [])];
    found.push(...missing.map((name) => `${source.path} exports ${name} without a docstring`));
  }
  return found;
}
