/** The walk over bytes against the parser it stands beside: it takes the same documents and finds the same values. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DocumentError } from "../error.ts";
import { positionAt } from "./decode.ts";
import { parseJson } from "./json.ts";
import { deepest, JsonScanner } from "./json-scan.ts";
import type { Outline } from "./outline.ts";
import { parse } from "./parse.ts";
import { positionInBytes } from "./position.ts";

const runs = { numRuns: 2000 };

/** Refusals of ours that `JSON.parse` does not know. */
const stricter = /holds a key|nests deeper/u;

function attempt<T>(action: () => T): { value: T } | { message: string } {
  try {
    return { value: action() };
  } catch (error) {
    if (error instanceof DocumentError || error instanceof SyntaxError) return { message: error.message };
    throw error;
  }
}

const ours = (text: string) => attempt(() => parseJson(Buffer.from(text), "f").value);
const theirs = (text: string) => attempt((): unknown => JSON.parse(text));

/** JSON text with all the liberties the language has: white space, escapes of any character, spellings of numbers. */
const space = fc.constantFrom("", "", "", " ", "\n", "\t\r\n  ", `\n${" ".repeat(13)}`);
const character = fc.oneof(
  fc.constantFrom("a", "b", "é", "€", "😀", " ", "/", "}", "]", ",", ":"),
  fc.constantFrom('\\"', "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"),
  fc.nat(0xffff).map((code) => `\\u${code.toString(16).padStart(4, "0")}`),
);
const string = fc.array(character, { maxLength: 6 }).map((all) => `"${all.join("")}"`);
const scalar = fc.oneof(
  string,
  fc.constantFrom("true", "false", "null", "0", "-0", "-0.5e-7", "1E+2", "12e3", "1.250"),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
);
const { value: json } = fc.letrec<{ value: string }>((tie) => {
  const spaced = (inner: fc.Arbitrary<string>) =>
    fc.tuple(space, inner, space).map((parts) => parts.join(""));
  const entry = fc.tuple(spaced(string), spaced(tie("value"))).map((pair) => pair.join(":"));
  return {
    value: fc.oneof(
      { maxDepth: 4, depthIdentifier: "json" },
      scalar,
      fc
        .array(spaced(tie("value")), { maxLength: 4, depthIdentifier: "json" })
        .map((all) => `[${all.join(",")}]`),
      fc.array(entry, { maxLength: 4, depthIdentifier: "json" }).map((all) => `{${all.join(",")}}`),
    ),
  };
});

/** One edit somewhere: a character gone, doubled or replaced by one that has a meaning. */
const edited = fc
  .tuple(json, fc.nat(), fc.constantFrom("", ...'"\\{}[]:,0.-+eEtfnul \n\u0000\u0001\u001fé😀'))
  .chain(([text, seed, sign]) => {
    const characters = Array.from(text);
    const at = seed % (characters.length + 1);
    const before = characters.slice(0, at).join("");
    return fc.constantFrom(
      before + sign + characters.slice(at).join(""),
      before + sign + characters.slice(at + 1).join(""),
      before,
    );
  });

function expectAgreement(text: string): void {
  const mine = ours(text);
  const other = theirs(text);
  if ("value" in other) {
    if ("value" in mine) expect(mine.value).toStrictEqual(other.value);
    else expect(mine.message).toMatch(stricter);
  } else {
    expect("value" in mine, `${JSON.stringify(text)} is taken, and is no JSON`).toBe(false);
  }
}

describe("the walk and JSON.parse agree", () => {
  test("on JSON in any spelling", () => fc.assert(fc.property(json, expectAgreement), runs));
  test("on JSON with an edit", () => fc.assert(fc.property(edited, expectAgreement), { numRuns: 4000 }));
  test("on any text", () => fc.assert(fc.property(fc.string({ unit: "binary" }), expectAgreement), runs));

  test.each([
    "1",
    "-",
    "-a",
    "1.",
    "1.e3",
    "1e",
    "1e+",
    "01",
    "-01",
    ".5",
    "+1",
    "1.5.5",
    "tru",
    "truex",
    "nul",
  ])("on %s", (text) => {
    expectAgreement(text);
    expectAgreement(`[${text}]`);
    expectAgreement(`{"a":${text}}`);
  });
});

describe("keys", () => {
  const key = fc.constantFrom("a", "b", "ab", "é", "\ud800", "\udfff", "\ufffd", "__proto__", "constructor");
  /** One of the spellings of a key. */
  const spelled = (text: string, escaped: boolean) =>
    escaped
      ? `"${Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join("")}"`
      : JSON.stringify(text);

  test("a key is refused exactly when it stands in its object already, or is __proto__", () => {
    const keys = fc.array(fc.tuple(fc.oneof(key, fc.string({ maxLength: 2 })), fc.boolean()), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(keys, (all) => {
        const text = `{${all.map(([name, escaped]) => `${spelled(name, escaped)}:{"a":[{"a":1}]}`).join(",")}}`;
        const names = all.map(([name]) => name);
        const bad = new Set(names).size < names.length || names.includes("__proto__");
        expect("message" in ours(text)).toBe(bad);
      }),
      runs,
    );
  });
});

test("places are told as in the text", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "\n", "\r", "é", "€", "😀")), fc.nat(), (parts, seed) => {
      const at = seed % (parts.length + 1);
      const before = parts.slice(0, at).join("");
      const bytes = Buffer.from(parts.join(""));
      expect(positionInBytes(bytes, Buffer.byteLength(before))).toEqual(
        positionAt(parts.join(""), before.length),
      );
    }),
    runs,
  );
});

test("the line of every list item is told", () => {
  const items = [{ b: [1, [2]] }, "x", [], { b: [{ c: [3] }] }, ..."456789", "the 11th", "the 12th"];
  const text = JSON.stringify({ é: 1, items }, null, 1);
  const [parsed] = parse(Buffer.from(text), "f");
  const lines = text.split("\n");
  const lineOf = (path: string) => lines[(parsed?.line(path) ?? 0) - 1]?.trim();
  expect(lineOf("items[1]")).toBe('"x",');
  expect(lineOf("items[3].b[0].c")).toBe("{");
  expect(parsed?.line("items[0]")).toBe(4);
  expect(lineOf("items[3].b[0].c[0]")).toBe("3");
  expect(lineOf("items[11]")).toBe('"the 12th"');
  expect(lineOf("items[10]")).toBe('"the 11th",');
  expect(parsed?.line("nothing[7]")).toBe(1);
  expect(parsed?.line("items[12]")).toBe(1);
  expect(parsed?.line("items[0]")).toBe(4);
  expect(parsed?.line("items")).toBe(1);
});

describe("an outline", () => {
  const outline: Outline = {
    lists: ["list", "a.b.list"],
    key: "id",
    needs: (text) => text.startsWith("!"),
    keeps: { keep: true, inner: { keep: true }, none: {} },
  };
  const read = (text: string) => parseJson(Buffer.from(text), "f", outline).value;

  test("cuts the items of its lists down to what it keeps", () => {
    const item = { id: "x", keep: [{ y: 1 }], drop: 1, inner: { keep: 1, drop: 2 }, none: { keep: 1 } };
    const cut = { id: "x", keep: [{ y: 1 }], inner: { keep: 1 }, none: {} };
    const whole = { ...item, id: "!x" };
    const document = {
      list: [item, whole],
      a: { b: { list: [item], other: [item] }, list: [item] },
      z: item,
    };
    expect(read(JSON.stringify(document, null, 2))).toStrictEqual({
      list: [cut, whole],
      a: { b: { list: [cut], other: [item] }, list: [item] },
      z: item,
    });
  });

  test.each([
    ["no object", "[5]"],
    ["a list", '[[{"id":"x","drop":1}]]'],
    ["no text where its key is", '[{"id":5,"drop":1}]'],
    ["without its key", '[{"drop":1}]'],
    ["something else where it keeps an object", '[{"id":"x","inner":[1],"none":null}]'],
    ["no list of items", '{"id":"x","drop":1}'],
  ])("leaves what it does not know whole: %s", (_, list) => {
    expect(read(`{"list":${list}}`)).toStrictEqual({ list: JSON.parse(list) });
  });

  test("knows its keys however they are spelled", () => {
    expect(read('{"l\\u0069st":[{"\\u0069d":"\\u0078","dr\\u006fp":1,"k\\u0065ep":2}]}')).toStrictEqual({
      list: [{ id: "x", keep: 2 }],
    });
    expect(read('{"list":[{"\\u0069d":"\\u0021","drop":1}]}')).toStrictEqual({
      list: [{ id: "!", drop: 1 }],
    });
  });

  test.each([
    '{"list":[{"id":"x"} 1]}',
    '{"list":[{"id":"x" 1}]}',
    '{"list":[1] 1}',
    '{"a":{"b":{"list":[',
    '{"a":{"b":{"list":[{"id":"x"}]}',
  ])("says of %s what is said without one", (text) => {
    const refusal = (all?: Outline) => attempt(() => parseJson(Buffer.from(text), "f", all).value);
    expect(refusal(outline)).toEqual(refusal());
    expect(refusal(outline)).toHaveProperty("message");
  });

  test("counts the levels of what it reads as they are without one", () => {
    const nested = (levels: number) =>
      `{"list":[{"id":"x","keep":${"[".repeat(levels)}${"]".repeat(levels)}}]}`;
    for (const part of [nested, (levels: number) => nested(levels).replace("keep", "drop")]) {
      expect(() => read(part(deepest - 3))).not.toThrow();
      expect(() => read(part(deepest - 2))).toThrow(/nests deeper/u);
    }
  });

  test("checks what it drops", () => {
    expect(() => read('{"list":[{"id":"x","drop":{"a":1,"a":2}}]}')).toThrow(/holds a key twice/u);
    expect(() => read('{"list":[{"id":"x","drop":{"__proto__":2}}]}')).toThrow(/__proto__/u);
    expect(() => read('{"list":[{"id":"x","drop":tru}]}')).toThrow(/a value should be here/u);
    expect(() => read('{"list":[{"id":"x"}]} x')).toThrow(/something follows/u);
  });
});

test("a part of a larger buffer is read, and not what lies around it", () => {
  const around = Buffer.from('xx{"a":1}yy');
  expect(new JsonScanner(around.subarray(2, 9), "f").bytes.toString()).toBe('{"a":1}');
  expect(parse(around.subarray(2, 9), "f")[0]?.value).toEqual({ a: 1 });
});

test("bytes and text give one answer", () => {
  for (const text of ['{"a":"é😀"}', "a: é\n", "[1,2", "\ufeff", "", " \n", '\ufeff{"a":1}', "\u00a0{}"]) {
    const bytes = attempt(() => parse(Buffer.from(text), "f").map(({ value }) => value));
    const plain = attempt(() => parse(text.replace(/^\ufeff/u, ""), "f").map(({ value }) => value));
    expect(bytes, JSON.stringify(text)).toStrictEqual(plain);
  }
});

test.each([0, 1, 2, 3, 5])(
  "white space is passed over wherever in memory the bytes lie (%i behind a word)",
  (lead) => {
    const memory = Buffer.alloc(512, " ");
    for (let spaces = 0; spaces <= 40; spaces += 1) {
      const length = memory.write(
        `[${" ".repeat(spaces)}1,\n${" ".repeat(spaces)}2${" ".repeat(spaces)}]`,
        lead,
      );
      expect(parseJson(memory.subarray(lead, lead + length), "f").value).toEqual([1, 2]);
      memory.fill(" ");
    }
    const unclosed = `[1${" ".repeat(9)}`;
    const length = memory.write(unclosed, lead);
    memory.write("]", lead + length + 1);
    expect(() => parseJson(memory.subarray(lead, lead + length), "f")).toThrow("it ends where");
  },
);

test("a list or an object that nobody asks for is passed over, and counted as deep as it is", () => {
  const passed = (text: string) => {
    const scanner = new JsonScanner(Buffer.from(text), "f");
    if (scanner.kind() === "object") scanner.object(0);
    else scanner.list(0);
    return scanner.at === text.length;
  };
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  for (const around of [(inner: string) => `[1,${inner}]`, (inner: string) => `{"a":1,"b":${inner}}`]) {
    expect(passed(around(nested(deepest - 1)))).toBe(true);
    expect(() => passed(around(nested(deepest)))).toThrow(/nests deeper/u);
  }
  expect(() => passed("[1}")).toThrow(/a comma or a closing bracket should be here/u);
  expect(() => passed('{"a":1]')).toThrow(/a comma or a closing brace should be here/u);
});
