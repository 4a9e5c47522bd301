import { describe, expect, test } from "vitest";
import { deepest, JsonScanner } from "./json-scan.ts";

const scannerOf = (text: string) => new JsonScanner(Buffer.from(text), "f");

/** Passes over the whole text, as over nearly all of a long document, of which nothing else is ever parsed. */
function passOver(text: string): string | undefined {
  const scanner = scannerOf(text);
  try {
    scanner.skip(0);
    scanner.end();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe("what is passed over is JSON as the parser has it", () => {
  const escapes = ["1a2F", "00e9", "g000", "0g00", "00g0", "000g", "000G", "000/", "000:", "000@", "000`"];
  test.each([
    ...escapes.map((digits) => `"\\u${digits}"`),
    '"\\u"',
    '"\\u12"',
    '"\\u1"23',
    '"\\U0041"',
    '"\\x41"',
    '"\\a"',
    '"\\"',
    '"\\\\"',
    '"\\/\\b\\f\\n\\r\\t\\""',
    '"\t"',
    '"\u007f"',
    '"a',
    "0",
    "-0",
    "-",
    "-a",
    "+1",
    "01",
    "-01",
    "1.5",
    "1.",
    ".5",
    "1.e3",
    "1e3",
    "1E+3",
    "1e-03",
    "1e",
    "1e+",
    "1e+x",
    "1.5.5",
    "0x1",
    "1_000",
    "NaN",
    "Infinity",
    "true",
    "tru",
    "trua",
    "nul",
    "nulL",
    "False",
    "undefined",
    "'a'",
    "[]",
    "[,]",
    "[1,]",
    "[1 2]",
    "[1}",
    "{}",
    "{,}",
    '{"a":1,}',
    '{"a" 1}',
    '{"a":}',
    "{a:1}",
    '{"a":1]',
    "{1:1}",
    "[[]",
    "1 2",
    "// a\n1",
    "\u00a01",
    "\ufeff1",
    "\v1",
    " \t\r\n1 \t\r\n",
  ])("%j", (text) => {
    for (const whole of [text, `[${text}]`, `{"a":${text}}`, `{"a":[{"b":${text}}]}`]) {
      expect([whole, passOver(whole) === undefined]).toEqual([whole, isJson(whole)]);
    }
  });
});

test.each([
  ["[", "is not valid JSON: it ends where a value should be"],
  ["[-]", "is not valid JSON: a value should be here"],
  ["[x]", "is not valid JSON: a value should be here"],
  ["[tru]", "is not valid JSON: a value should be here"],
  ['["\\u12G4"]', "is not valid JSON: an escape in a string is wrong"],
])("%s: %s", (text, message) => expect(passOver(text)).toContain(message));

describe("a key that stands twice", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `"k${index}":0`).join(",");
  const twice = "holds a key twice in one object";

  test.each([
    ["behind an object", '{"a":{"b":1},"a":2}'],
    ["behind an object with more keys than there was room for", `{"a":1,"x":{${many(300)}},"a":2}`],
    ["behind many others", `{"a":1,${many(300)},"a":2}`],
    ["behind an object that has as many", `{"x":{${many(40)}},${many(40)},"k0":1}`],
    ["escaped", '{"ab":1,"\\u0061b":2}'],
    ["and is short", '{"":1,"":2}'],
  ])("%s", (_, text) => expect(passOver(text)).toContain(twice));

  test.each([
    ["in two objects", '{"a":{"b":1},"c":{"b":1}}'],
    ["in two objects of many keys", `[{${many(40)}},{${many(40)}}]`],
    ["differs in the middle alone", '{"abcd-efgh":1,"abcd+efgh":2}'],
  ])("%s is none", (_, text) => expect(passOver(text)).toBeUndefined());

  test("behind an object that a reader went into", () => {
    const scanner = scannerOf('{"a":{"b":1},"a":2}');
    expect(() =>
      scanner.object(0, () => (scanner.kind() === "object" ? scanner.object(1) : scanner.skip(1))),
    ).toThrow(twice);
  });
});

test("__proto__ is refused, and what only looks like it from its ends is not", () => {
  expect(passOver('{"__proto__":1}')).toContain("holds a key __proto__");
  expect(passOver('{"__prato__":1}')).toBeUndefined();
});

test.each([
  [deepest, undefined],
  [deepest + 1, `nests deeper than ${deepest} levels`],
])("%d levels", (levels, message) => {
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
  ] as const) {
    const text = `${open.repeat(levels - 1)}[]${close.repeat(levels - 1)}`;
    expect(passOver(text)).toEqual(message === undefined ? undefined : expect.stringContaining(message));
  }
});

test.each([0, 1, 2, 3])(
  "bytes that begin %d off a word, in memory that ends with them, are read",
  (offset) => {
    const text = Buffer.from('    {"a":          [1,        2]}        ');
    for (const length of [text.length, text.length - 1, text.length - 2, text.length - 3]) {
      const bytes = new Uint8Array(new ArrayBuffer(offset + length), offset);
      bytes.set(text.subarray(0, length));
      const scanner = new JsonScanner(bytes, "f");
      scanner.skip(0);
      expect(() => scanner.end()).not.toThrow();
    }
  },
);
