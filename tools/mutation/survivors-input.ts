/** Survivors in `src/documents/input` that are left alive, each with the reason. */
import { type Accepted, aliveIn } from "./accepted.ts";
import { reasons } from "./reasons.ts";

const { cutDown, narrowing, never, noNumber, property, shortCut } = reasons;
const ranged = "for the type checker: what was read from a text has its place";
const hashed = "a hash saves comparisons: keys of one hash are told apart by their text";
const bySign = "a short cut: a string whose end is not found at once is read sign by sign";
const walked = "what is walked here was walked before, so that no level is too deep";
const oneMark = "a second byte order mark, which nothing writes";
const halfAGigabyte = "tried with a file that long in the acceptance tests";

const alive = aliveIn("src/documents/input");
const list = '["Stryker was here"]';
const text = '"Stryker was here!"';

export const acceptedInInput: readonly Accepted[] = [
  ...alive(
    "decode.ts",
    [
      halfAGigabyte,
      "if (content.length / unit > longestText)",
      "false",
      "content.length / unit >= longestText",
      "content.length * unit",
    ],
    [oneMark, "new TextDecoder(label, { fatal: true, ignoreBOM: true })", "false"],
    [oneMark, "new TextDecoder(label, { ignoreBOM: true })", "{}", "false"],
    ["two characters do not stand in one place", "if (nul !== -1 && nul < at)", "nul <= at"],
  ),
  ...alive(
    "json-keys.ts",
    [hashed, "for (let at = from; at < to; at += 1) hash", "false"],
    [hashed, "if (length >= 4) {", "false", "length > 4", "{}"],
    [
      "without a set there is nothing to delete",
      "if (this.#count - this.#base >= manyKeys) this.#many.delete",
      "true",
      "this.#count - this.#base > manyKeys",
      "this.#count + this.#base",
    ],
    [hashed, "if (hash === prototypeHash && ", "true"],
    [
      shortCut,
      "const twice = index - this.#base < manyKeys",
      "true",
      "index - this.#base <= manyKeys",
      "index + this.#base",
    ],
    [hashed, "if (hashes[other] === hash && ", "true"],
    [shortCut, "if (keys === undefined) {", "true"],
    [shortCut, "this.#many.set(this.#base, keys);", ";"],
    [shortCut, 'return text.includes("\\\\") ?', '""'],
  ),
  ...alive("json-lines.ts", [walked, "walk(depth + 1", "depth - 1"]),
  ...alive(
    "json-scan.ts",
    ["callers ask for an object or a list alone", 'code === sign.openList ? "list" : "other"', '""'],
    [never, "const outer = this.#around[level - 1] ?? -1;", "+1"],
    [hashed, "return false;", "true"],
    [
      "what is no number is refused there in the same words",
      "else if (code === sign.minus || isDigit(code))",
      "true",
    ],
    [bySign, "if (end === -1) return this.#stringWithEscapes();", "true"],
  ),
  ...alive(
    "json-signs.ts",
    [noNumber, "code !== undefined && code >= sign.zero", "true"],
    [bySign, "const plain = Uint8Array.from(", "{}", "() => undefined"],
    [bySign, "Number(code >= sign.space &&", "false", "code > sign.space", "code === sign.quote"],
    [noNumber, "code !== undefined && (isDigit(code)", "true"],
    [shortCut, "const count = Math.max(0, ", "Math.min(0, bytes.length - lead >> 2)"],
    [shortCut, "if (((at - lead) & 3) === 0) while", "false"],
    [
      bySign,
      "while (at < length && plain[bytes[at] ?? 0] === 1)",
      "false",
      "true",
      "at <= length",
      "at >= length",
      "bytes[at] && 0",
      "at < length || plain[bytes[at] ?? 0] === 1",
      "plain[bytes[at] ?? 0] !== 1",
    ],
    [bySign, "return bytes[at] === sign.quote ? at + 1 : -1;", "false"],
  ),
  ...alive(
    "json.ts",
    [
      "what comes before the last brackets begins at the start",
      "/u.exec(path) ?? [];",
      "/(.*)\\[(\\d+)\\]/u",
    ],
    ["a list that is not there has no items", "/u.exec(path) ?? [];", list],
    ["a list that is not there has no items", "const offset = list === undefined ?", "false"],
    [narrowing, "if (offset === undefined) return 1;", "false"],
    [shortCut, "?? { offset: 0, line: 1 };", "{}"],
    [shortCut, "last.offset <= offset ?", "false", "last.offset < offset"],
    [shortCut, "counted.set(offsets, { offset, line });", "{}"],
  ),
  ...alive(
    "outline.ts",
    ["the parser passes over white space too", "scanner.next();", ";"],
    ["what ends with a quote begins with one", "if (text.startsWith('\"') && ", "text.endsWith('\"')"],
    ["of the key nothing but a text is asked", "[key]: true });", "false"],
    [
      "a limit on what nests in a list of items that nest themselves, a level or two off",
      "value[found.key] = cut(scanner, depth + 1",
      "depth - 1",
    ],
    [cutDown, 'const leads = path === "" || ', "``"],
    [shortCut, "if (text.startsWith('\"') && !text.includes(", "false", '""'],
    [cutDown, 'const leads = path === "" || ', "true"],
  ),
  ...alive(
    "parse.ts",
    [shortCut, 'const bytes = typeof content === "string" ?', "true"],
    [shortCut, "if (bytes !== undefined) return [parseJson(bytes", "false"],
    ["of nothing YAML says the same", "if (first === undefined) throw", "false"],
  ),
  ...alive(
    "yaml.ts",
    [narrowing, "if (offset === undefined) return {};", "false"],
    [ranged, "positionOf(collection.range?.[0], lines)", "collection.range[0]"],
    [ranged, "positionOf(document.range?.[0], lines)", "document.range[0]"],
    [ranged, "isNode(node) ? node.range?.[0] : document.range?.[0]", "document.range[0]", "node.range[0]"],
    [
      "an index that is given as text finds the same item",
      "path.matchAll(",
      "/\\[(\\d)\\]|([^.[\\]]+)/gu",
      "/\\[(\\D+)\\]|([^.[\\]]+)/gu",
    ],
    [
      "a limit on what nests in a list, a level off",
      "if (path.length > 2 * deepest) {",
      "path.length >= 2 * deepest",
    ],
    ["no comment at all is no parameter", "parameter.test(text ??", text],
    [property, "if (!isAlias(node) && node.anchor", "true", "!isAlias(node) || node.anchor !== undefined"],
    [narrowing, 'if (tag === "tag:yaml.org,2002:str" || source', "false"],
    [ranged, "place = alias.range?.[0]", "alias.range[0]"],
    [ranged, "positionOf(place ?? document.range?.[0], lines)", "document.range[0]"],
    ["the library's own limit is the same", "document.toJS({ maxAliasCount", "{}"],
    [
      "only where the library's own stack ends, which depends on the machine",
      "if (cause instanceof RangeError) throw cause",
      "false",
    ],
    ["takes longer, and says the same", "prettyErrors: false", "true"],
    [shortCut, 'const node: unknown = path === "" ? document.contents', "false", '"Stryker was here!"'],
  ),
];
