/** Bad input, each with what is wrong and where. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { DocumentError } from "../error.ts";
import { decode } from "./decode.ts";
import { jsonBytes, parseJson } from "./json.ts";
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
    expect(bad('{"a":\n\0 1}')).toBe("f:2:1: is binary, not text");
  });
  const notUtf8 = "f:1:1: is not text: it holds bytes that are not UTF-8";
  test.each<[number[], string]>([
    [[0xff, 0xfe, 0, 0], "f:1:1: is UTF-32: save it as UTF-8"],
    [[0, 0, 0xfe, 0xff], "f:1:1: is UTF-32: save it as UTF-8"],
    [[1, 0, 0xfe, 0xff], "f:1:2: is binary, not text"],
    [[0, 1, 0xfe, 0xff], "f:1:1: is binary, not text"],
    [[0, 0, 0xfd, 0xff], "f:1:1: is binary, not text"],
    [[0, 0, 0xfe, 0x61], "f:1:1: is binary, not text"],
    [[0xff, 0x61, 0, 0], notUtf8],
    [[0x61, 0xfe, 0, 0], "f:1:2: is not text: it holds bytes that are not UTF-8"],
    [[0xfe, 0x61], notUtf8],
    [[0xfe, 0xff, 0x61], "f:1:1: is not text: it holds bytes that are not UTF-16BE"],
    [[0xef, 0xbb, 0x61], notUtf8],
    [[0xef, 0x61, 0xbf], notUtf8],
    [[0x61, 0xbb, 0xbf], "f:1:2: is not text: it holds bytes that are not UTF-8"],
    [[0x61, 0xff, 0], "f:1:2: is not text: it holds bytes that are not UTF-8"],
  ])("a mark is all of its bytes: %j", (bytes, message) => expect(badBytes(...bytes)).toBe(message));
  test("a break far behind the start is refused with its place", () => {
    const bytes = Buffer.alloc(2_000_000, "a");
    bytes[1_000_000] = 0x0a;
    bytes[1_999_999] = 0xff;
    expect(problem(() => decode(bytes, "f"))).toBe(
      "f:2:999999: is not text: it holds bytes that are not UTF-8",
    );
  });
  test("JSON and YAML are read in any of them", () => {
    for (const document of [text, "a: ä€😀\n"]) {
      const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(document, "utf16le")]);
      expect(parse(marked, "f").map(({ value }) => value)).toEqual([{ a: "ä€😀" }]);
    }
  });
});

describe("bytes that start like JSON", () => {
  const rest = (...bytes: number[]) => jsonBytes(Uint8Array.from(bytes))?.length;
  const [open, list, space] = [0x7b, 0x5b, 0x20];
  test.each<[number[], number | undefined]>([
    [[open], 1],
    [[list], 1],
    [[0xef, 0xbb, 0xbf, open], 1],
    [[space, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, open], 7],
    [[], undefined],
    [[space], undefined],
    [[0x61, open], undefined],
    [[0x08, open], undefined],
    [[0x0e, open], undefined],
    [[open, 0xff], undefined],
    [[space, 0xbb, 0xbf, open], undefined],
    [[0xef, space, 0xbf, open], undefined],
    [[0xef, 0xbb, space, open], undefined],
  ])("%j: %s of them are read", (bytes, length) => expect(rest(...bytes)).toBe(length));
});

describe("a value longer than a text can be", () => {
  afterEach(() => vi.restoreAllMocks());
  const thrown = (cause: unknown) => {
    vi.spyOn(Buffer.prototype, "toString").mockImplementation(() => {
      throw cause;
    });
    try {
      parseJson(Buffer.from("[1]"), "f");
    } catch (error) {
      return error;
    } finally {
      vi.restoreAllMocks();
    }
    throw new Error("it was accepted");
  };
  const coded = (code: string) => Object.assign(new Error("Cannot create a string"), { code });

  test("is refused with what to do", () => {
    const error = thrown(coded("ERR_STRING_TOO_LONG"));
    expect(error).toBeInstanceOf(DocumentError);
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^is longer than \d{3} million characters, the most that can be read: check one stack or one service at a time$/u,
      ),
      position: { line: 1, column: 1 },
    });
  });
  test("is nothing that any other error says", () => {
    for (const cause of [coded("ERR_OTHER"), new Error("broken"), { code: "ERR_STRING_TOO_LONG" }]) {
      expect(thrown(cause)).toBe(cause);
    }
  });
});

describe("JSON", () => {
  test.each([
    ["", "f:1: is empty"],
    [" \n", "f:1: is empty"],
    ['{"a": [1, 2', "f:1:12: is not valid JSON: it ends where a comma or a closing bracket should be"],
    ['{"a":\n "b', "f:2:2: is not valid JSON: a string is not closed"],
    ['{"a":1}\n{"b":2}', "f:2:1: is not valid JSON: something follows its end: give one list"],
    [
      "Previewing update (staging):\n\n{\n}\n",
      "f:1: is JSON from line 3 on alone: remove what stands before it",
    ],
    [
      'Logged in: as me: here\n{"steps": []}\n',
      "f:1: is JSON from line 2 on alone: remove what stands before it",
    ],
    ["a: 'b\n  {\n", "f:3:1: is not valid YAML: a character is missing"],
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
    const many = `{${Array.from({ length: 40 }, (_, index) => `"k${index}":1`).join(",")}}`;
    expect(parse(`[${many},${many}]`, "f")).toHaveLength(1);
  });
  test("a thousand keys are as good as one", () => {
    const many = Array.from({ length: 1000 }, (_, index) => `"k${index}":${index}`);
    expect(Object.keys(parse(`{${many}}`, "f")[0]?.value ?? {})).toHaveLength(1000);
    expect(bad(`{${[...many, '"k7":1']}}`)).toContain("holds a key twice");
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
    ["a: *b\n", "f:1:4: holds an alias that names no anchor"],
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
