/** Reads YAML, of which JSON is a part: one value per document in the file. */
import { createRequire } from "node:module";
import type { Document, LineCounter, Node, Scalar } from "yaml";
import { DocumentError, type Position } from "../error.ts";
import { deepest } from "./json-scan.ts";
import type { Parsed } from "./parse.ts";

type Library = typeof import("yaml");
let library: Library | undefined;

/** Loaded on first use: most documents are JSON, and the library would double the time a small check takes. */
function yaml(): Library {
  library ??= createRequire(import.meta.url)("yaml") as Library;
  return library;
}

/** Aliases one document may resolve, counted as the library does; a service has none. */
const mostAliases = 100;

/**
 * The longest YAML that is read, in characters: a thousand services. The library builds a node for each sign, so that much
 * more of it would take minutes and all of the memory.
 */
const longestYaml = 5_000_000;

/** Deep nesting in flow style, before the library walks into it. */
function checkDepth(text: string, file: string): void {
  let depth = 0;
  let line = 1;
  for (const [sign] of text.matchAll(/[[\]{}\n]/gu)) {
    if (sign === "\n") line += 1;
    else if (sign === "[" || sign === "{") depth += 1;
    else depth = Math.max(0, depth - 1);
    if (depth > deepest) throw new DocumentError(file, `nests deeper than ${deepest} levels`, { line });
  }
}

function positionOf(offset: number | undefined, lines: LineCounter): Position {
  if (offset === undefined) return {};
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

const tooDeep = "nests too deeply to be read";

/** The library's messages quote the document; these say what the code means. */
const meanings: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "is not valid YAML: it is indented with a tab",
  BAD_INDENT: "is not valid YAML: its indentation is wrong",
  MISSING_CHAR: "is not valid YAML: a character is missing",
  RESOURCE_EXHAUSTION: tooDeep,
};

/**
 * No level is too deep, and every key is text and stands once in its object. The library's own check compares each key with all others, which
 * takes minutes for a large document, and it takes `*alias : 1`, and `<<` given twice, for keys of their own.
 */
function checkCollections(document: Document.Parsed, lines: LineCounter, file: string): void {
  const { isMap, isScalar, visit } = yaml();
  visit(document, {
    Scalar(key, scalar) {
      // Stands for a number that nobody knows: no text, and no number that a reader takes.
      if (key !== "key" && hasTwoMeanings(scalar)) scalar.value = Number.NaN;
    },
    Collection(_, collection, path) {
      // Each level adds its collection and, in an object, the pair.
      if (path.length > 2 * deepest) {
        throw new DocumentError(file, tooDeep, positionOf(collection.range?.[0], lines));
      }
      if (!isMap(collection)) return;
      const { items, range } = collection;
      const names = new Set<string>();
      for (const { key } of items) {
        const name = isScalar(key) ? String(key.value ?? "") : undefined;
        const problem = keyProblem(name, names);
        if (problem !== undefined) {
          const [start] = (isNode(key) ? key.range : range) ?? [];
          throw new DocumentError(file, problem, positionOf(start, lines));
        }
        names.add(name ?? "");
      }
    },
  });
}

/**
 * Google Cloud Deploy puts a parameter in the place of what this comment stands beside; the text is only its default.
 * Source: cloud.google.com/deploy/docs/parameters, "Add placeholders to your manifest".
 */
const parameter = /^\s*from-param:/mu;

/** What no reader takes for a value: text.ts knows it for a placeholder, and it is neither a number nor a list. */
const unfilled = "{{from-param}}";

/** Puts a placeholder where a parameter stands. */
function markParameters(document: Document.Parsed): void {
  const { isAlias, isCollection, Scalar, visit } = yaml();
  visit(document, {
    Node(key, node) {
      // What follows the items of a block is about whatever comes next.
      if (key === "key" || (isCollection(node) && node.flow !== true)) return;
      if (![node.comment, node.commentBefore].some((text) => parameter.test(text ?? ""))) return;
      const placeholder = new Scalar(unfilled);
      placeholder.range = node.range ?? null;
      if (!isAlias(node) && node.anchor !== undefined) placeholder.anchor = node.anchor;
      return placeholder;
    },
  });
}

/** What is text in YAML 1.2 and a number in 1.1: `0b11`, `0x_1f`, `1_000`. */
const numberOnce = /^[-+]?(?:0b[01_]+|0x[0-9a-f_]+|[0-9][0-9_]*)$/iu;

/**
 * True for a number written as tools of another version read otherwise (`version: 010` is 10 in YAML 1.2 and 8 in 1.1,
 * which gcloud reads). Sources: yaml.org/type/int.html; YAML 1.2.2, section 10.3.2. A tag makes a number of what stands
 * between quotes too; only that of text says that it is none.
 */
function hasTwoMeanings({ type, value, source, tag }: Scalar): boolean {
  if (tag === "tag:yaml.org,2002:str" || source === undefined) return false;
  if (type !== "PLAIN" && tag === undefined) return false;
  return typeof value === "number" ? String(value) !== source : numberOnce.test(source);
}

function keyProblem(name: string | undefined, before: ReadonlySet<string>): string | undefined {
  if (name === undefined) return "has a key that is not text";
  if (name === "__proto__") return "holds a key __proto__, which no document has";
  return before.has(name) ? "holds a key twice in one object, so it has two meanings" : undefined;
}

function isNode(value: unknown): value is Node {
  return yaml().isNode(value);
}

/** `items[3].metadata` as the keys `items`, 3, `metadata`. */
function keysOf(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/gu)].map(([, index, key]) =>
    index === undefined ? (key ?? "") : Number(index),
  );
}

/** Where the first alias that names no anchor stands. */
function danglingAlias(document: Document.Parsed): number | undefined {
  const { visit } = yaml();
  let place: number | undefined;
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return undefined;
      place = alias.range?.[0];
      return visit.BREAK;
    },
  });
  return place;
}

function read(document: Document.Parsed, lines: LineCounter, file: string): Parsed {
  const [error] = document.errors;
  if (error !== undefined) {
    throw new DocumentError(
      file,
      meanings[error.code] ?? "is neither JSON nor valid YAML",
      positionOf(error.pos[0], lines),
    );
  }
  // The library takes what bears a tag it does not know for plain text.
  const [tag] = document.warnings.filter(({ code }) => code === "TAG_RESOLVE_FAILED");
  if (tag !== undefined) {
    throw new DocumentError(
      file,
      "holds a tag that stands for something else: give the document it is expanded to",
      positionOf(tag.pos[0], lines),
    );
  }
  checkCollections(document, lines, file);
  markParameters(document);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: mostAliases });
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    const bomb = cause instanceof Error && cause.message.startsWith("Excessive alias count");
    const message = bomb
      ? "uses its aliases more often than any document needs"
      : "holds an alias that names no anchor";
    const place = bomb ? undefined : danglingAlias(document);
    throw new DocumentError(file, message, positionOf(place ?? document.range?.[0], lines));
  }
  return {
    value,
    line(path) {
      const node: unknown = path === "" ? document.contents : document.getIn(keysOf(path), true);
      const offset = isNode(node) ? node.range?.[0] : document.range?.[0];
      return positionOf(offset, lines).line ?? 1;
    },
  };
}

/** @throws DocumentError for text that is no YAML, ambiguous, or made to exhaust its reader. */
export function parseYaml(text: string, file: string): Parsed[] {
  if (text.length > longestYaml) {
    throw new DocumentError(
      file,
      `is longer than ${longestYaml / 1_000_000} million characters, the most that is read of YAML: give it as JSON`,
      { line: 1 },
    );
  }
  checkDepth(text, file);
  const { LineCounter, parseAllDocuments } = yaml();
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: lines,
      merge: true,
      // They quote the document, and each reads it from the start again.
      prettyErrors: false,
      uniqueKeys: false,
    });
    if (!Array.isArray(documents)) return [];
    return documents.map((document) => read(document, lines, file)).filter(({ value }) => value !== null);
  } catch (cause) {
    if (cause instanceof RangeError) throw new DocumentError(file, tooDeep, { line: 1 });
    throw cause;
  }
}
