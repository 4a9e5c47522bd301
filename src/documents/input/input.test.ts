/** Bad input, each with what is wrong and where. */
import { describe, expect, test } from "vitest";
import { DocumentError } from "../error.ts";
import { decode } from "./decode.ts";
import { deepest } from "./json-scan.ts";
import { parse } from "./parse.ts";

function problem(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof DocumentError) return error.describe();
    throw error;
  }
  throw new Error("it was accepted");
}

const bad = (text: string) => problem(() => parse(text, "f"));
const badBytes = (...bytes: number[]) => problem(() => decode(Uint8Array.from(bytes), "f"));

describe("encodings", () => {
  const text = '{"a":"ä€😀"}';
  const utf16le = Buffer.from(text, "utf16le");
  test.each([
    ["UTF-8", Buffer.from(text)],
    ["UTF-8 with a mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])],
    ["UTF-16LE", Buffer.concat([Buffer.from([0xff, 0xfe]), utf16le])],
    ["UTF-16BE", Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16le).swap16()])],
  ])("%s is read", (_, bytes) => expect(decode(bytes, "f")).toBe(text));

  test("broken text is refused where it breaks", () => {
    expect(badBytes(0x61, 0x0a, 0x62, 0xff, 0x63)).toBe(
      "f:2:2: is not text: it holds bytes that are not UTF-8",
    );
    expect(badBytes(0xff, 0xfe, 0x61, 0x00, 0x62)).toBe(
      "f:1:2: is not text: it holds bytes that are not UTF-16LE",
    );
    expect(badBytes(0xff, 0xfe, 0x00, 0xd8, 0x61, 0x00)).toMatch(/^f:1:1: is not text/u);
    expect(badBytes(0xff, 0xfe, 0x00, 0x00, 0x61, 0x00)).toBe("f:1:1: is UTF-32: save it as UTF-8");
  });
  test("binary is refused", () => {
    expect(badBytes(0x61, 0x0a, 0x00)).toBe("f:2:1: is binary, not text");
    expect(badBytes(0x61, 0x00, 0xff)).toBe("f:1:2: is binary, not text");
  });
});

describe("JSON", () => {
  test.each([
    ["", "f:1: is empty"],
    [" \n", "f:1: is empty"],
    ['{"a": [1, 2', "f:1:12: is not valid JSON: it ends where a comma or a closing bracket should be"],
    ['{"a":\n "b', "f:2:2: is not valid JSON: a string is not closed"],
    ['{"a":1}\n{"b":2}', "f:2:1: is not valid JSON: something follows its end"],
    ["{a: 1}", "f:1:2: is not valid JSON: a key should be here"],
    ['{"a" 1}', "f:1:6: is not valid JSON: a colon should be here"],
    ['{"a": 01}', "f:1:8: is not valid JSON: a comma or a closing brace should be here"],
    ['{"a": nul}', "f:1:7: is not valid JSON: a value should be here"],
    ["[1,]", "f:1:4: is not valid JSON: a value should be here"],
    ['{"a":1,}', "f:1:8: is not valid JSON: a key should be here"],
    ['{"a":"\\x"}', "f:1:7: is not valid JSON: an escape in a string is wrong"],
    ['{"a":"\t"}', "f:1:7: is not valid JSON: a string holds a control character or is not closed"],
  ])("%j: %s", (text, message) => expect(bad(text)).toBe(message));

  test("no message quotes the document", () => {
    const text = '{"JWT_SECRET": "s3cr3t-value" x}';
    expect(bad(text)).not.toContain("s3cr3t");
  });
  test("a key that stands twice is refused, also when it is escaped, and among many", () => {
    const twice = "holds a key twice in one object, so it has two meanings";
    expect(bad('{"a":1,\n "a":2}')).toBe(`f:2:2: ${twice}`);
    expect(bad('[{"b":{"a":1,"\\u0061":2}}]')).toContain(twice);
    const many = Array.from({ length: 100 }, (_, index) => `"k${index}":1`);
    expect(bad(`{${[...many, '"k3":1'].join(",")}}`)).toContain(twice);
    expect(bad(`{${[...many, '"k99":1'].join(",")}}`)).toContain(twice);
  });
  test("a key may stand in two objects", () => {
    expect(parse('{"a":{"b":1},"b":2}', "f")).toHaveLength(1);
    expect(parse('[{"a":{"a":1}},{"a":[{"a":2},{"a":3}]}]', "f")).toHaveLength(1);
  });
  test("a key __proto__ is refused, also when it is escaped; a value is not", () => {
    expect(bad('{"__proto__":{}}')).toContain("f:1:2: holds a key __proto__");
    expect(bad('{"\\u005f_proto__":{}}')).toContain("holds a key __proto__");
    expect(parse('{"a":"__proto__"}', "f")).toHaveLength(1);
  });
  test("deep nesting is refused", () => {
    expect(bad("[".repeat(10_000))).toBe(`f:1:${deepest + 1}: nests deeper than ${deepest} levels`);
    expect(bad('{"a":'.repeat(10_000))).toContain("nests deeper");
    expect(parse("[".repeat(deepest) + "]".repeat(deepest), "f")).toHaveLength(1);
  });
  test("what JSON.parse takes is taken", () => {
    const value = { a: [1, -0.5, 1e21, true, false, null, '"\\\u0000é😀', {}, []], "": { "b c": [[]] } };
    for (const indent of [0, 2, "\t"])
      expect(parse(JSON.stringify(value, null, indent), "f")[0]?.value).toEqual(value);
  });
});

describe("YAML", () => {
  test.each([
    ["# nothing\n", "f:1: is empty"],
    ["---\n---\n", "f:1: is empty"],
    ["a: 1\na: 2\n", "f:2:1: holds a key twice in one object, so it has two meanings"],
    ["a:\n\t- b\n", "f:2:1: is not valid YAML: it is indented with a tab"],
    ["a: *b\n", "f:1:1: holds an alias that names no anchor"],
    ["a:\n  __proto__: {}\n", "f:2:3: holds a key __proto__, which no document has"],
  ])("%j: %s", (text, message) => expect(bad(text)).toBe(message));

  test("an alias bomb is refused", () => {
    const lines = Array.from({ length: 12 }, (_, index) => {
      const items = Array(9).fill(index === 0 ? "x" : `*a${index - 1}`);
      return `a${index}: &a${index} [${items.join(",")}]`;
    });
    expect(bad(lines.join("\n"))).toContain("uses its aliases more often than any document needs");
  });
  test("deep nesting is refused", () => {
    expect(bad(`a: ${"[".repeat(10_000)}`)).toContain("nests deeper");
    expect(bad(Array.from({ length: 5000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"))).toMatch(
      /^f/u,
    );
  });
  test("no message quotes the document", () => {
    expect(bad("JWT_SECRET: s3cr3t: value: [\n")).not.toContain("s3cr3t");
  });
});
