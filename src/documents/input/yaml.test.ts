/** What is particular to YAML: keys that mean one thing, anchors, several documents, and the lines of their parts. */
import { describe, expect, test } from "vitest";
import { DocumentError } from "../error.ts";
import { deepest } from "./json-scan.ts";
import { parseYaml } from "./yaml.ts";

const values = (text: string) => parseYaml(text, "f").map(({ value }) => value);

function problem(text: string): string {
  try {
    parseYaml(text, "f");
  } catch (error) {
    if (error instanceof DocumentError) return error.describe();
    throw error;
  }
  throw new Error("it was accepted");
}

describe("a key has one meaning", () => {
  const twice = "holds a key twice in one object, so it has two meanings";
  test.each([
    ["a: 1\nb: 2\na: 3\n", `f:3:1: ${twice}`],
    ['env: 1\n"env": 2\n', `f:2:1: ${twice}`],
    ["x:\n- a: 1\n  a: 2\n", `f:3:3: ${twice}`],
    ["x: {a: 1, a: 2}\n", `f:1:11: ${twice}`],
    ['1: a\n"1": b\n', `f:2:1: ${twice}`],
    ["~: a\n'': b\n", `f:2:1: ${twice}`],
    ["a: &a {x: 1}\nb: &b {x: 2}\nc:\n  <<: *a\n  <<: *b\n", `f:5:3: ${twice}`],
    ["a: 1\n---\nb: 1\nb: 2\n", `f:4:1: ${twice}`],
    ["x: &k env\ny:\n  env: 1\n  *k : 2\n", "f:4:3: has a key that is not text"],
    ["? [a]\n: b\n", "f:1:3: has a key that is not text"],
    ["x: &p __proto__\n__proto__: 1\n", "f:2:1: holds a key __proto__, which no document has"],
  ])("%j: %s", (text, message) => expect(problem(text)).toBe(message));

  test("one key in two objects, or in two documents, is two keys", () => {
    expect(values("a: {b: 1}\nb: {b: 2}\n---\na: 3\n")).toEqual([{ a: { b: 1 }, b: { b: 2 } }, { a: 3 }]);
  });
  test("a thousand keys are as good as one", () => {
    const text = Array.from({ length: 1000 }, (_, index) => `k${index}: ${index}`).join("\n");
    expect(Object.keys(values(text)[0] ?? {})).toHaveLength(1000);
    expect(problem(`${text}\nk7: 1`)).toBe(`f:1001:1: ${twice}`);
  });
});

describe("anchors", () => {
  test("an alias and a merge are what they stand for; what is written beside a merge wins", () => {
    expect(values("a: &a {x: 1, y: 2}\nb: *a\nc:\n  <<: *a\n  x: 3\n")).toEqual([
      { a: { x: 1, y: 2 }, b: { x: 1, y: 2 }, c: { x: 3, y: 2 } },
    ]);
  });
  test("a hundred aliases are allowed, more are not", () => {
    const uses = (count: number) => `a: &a x\nb: [${Array(count).fill("*a").join(", ")}]\n`;
    expect(values(uses(99))).toHaveLength(1);
    expect(problem(uses(101))).toBe("f:1:1: uses its aliases more often than any document needs");
  });
  test("a bomb of merges is refused", () => {
    const lines = Array.from({ length: 12 }, (_, index) =>
      index === 0 ? "a0: &a0 {k: 1}" : `a${index}: &a${index} {<<: [${Array(9).fill(`*a${index - 1}`)}]}`,
    );
    expect(problem(lines.join("\n"))).toContain("uses its aliases more often than any document needs");
  });
});

describe("what another version of YAML reads otherwise has no value here", () => {
  test.each(["010", "00", "0x1f", "0o17", "0b11", "1_000", "+1", "1e3", "1.0", ".5", "-0", "0x_1"])(
    "%s",
    (text) => {
      expect(values(`a: ${text}\nb: [&x ${text}, *x]\n`)).toEqual([
        { a: Number.NaN, b: [Number.NaN, Number.NaN] },
      ]);
    },
  );
  test.each<[string, unknown]>([
    ["10", 10],
    ["-1", -1],
    ["1.5", 1.5],
    ["'010'", "010"],
    ['"1_000"', "1_000"],
    ["!!str 010", "010"],
    ['!!str "010"', "010"],
    ["!!int 10", 10],
    ['!!int "10"', 10],
    ["|\n 010", "010\n"],
    ["jwt_secret_1", "jwt_secret_1"],
    ["1_a", "1_a"],
    ["true", true],
  ])("%s means one thing", (text, value) => expect(values(`a: ${text}\n`)).toEqual([{ a: value }]));
  test.each(["!!int 010", '!!int "010"', "!!int 0x1f", "! 010"])("%s does, whatever its tag", (text) =>
    expect(values(`a: ${text}\n`)).toEqual([{ a: Number.NaN }]),
  );
  test("keys are text whatever they look like", () => expect(values("010: a\n")).toEqual([{ "10": "a" }]));
});

describe("a parameter of Google Cloud Deploy", () => {
  const unfilled = "{{from-param}}";
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as the manifest has it
  const comment = "# from-param: ${v}";
  test.each<[string, string, unknown]>([
    ["beside a text", `a: x ${comment}\nb: 1\n`, { a: unfilled, b: 1 }],
    ["beside a number", `a: 1 ${comment}\n`, { a: unfilled }],
    ["beside quotes", `a: "1" ${comment}\n`, { a: unfilled }],
    ["without a space", "a: 1 #from-param: v\n", { a: unfilled }],
    ["before the text, on the line of the key", `a: ${comment}\n  x\n`, { a: unfilled }],
    ["beside nothing", `a: ${comment}\nb: 1\n`, { a: unfilled, b: 1 }],
    ["beside a block of text", `a: | ${comment}\n  x\n`, { a: unfilled }],
    ["in a list", `- x ${comment}\n- y\n`, [unfilled, "y"]],
    ["in an object on one line", `a: {x: 1, y: 2 ${comment}\n}\n`, { a: { x: 1, y: unfilled } }],
    ["beside an alias", `a: &a x\nb: *a ${comment}\n`, { a: "x", b: unfilled }],
    ["beside what an alias repeats", `a: &a x ${comment}\nb: *a\n`, { a: unfilled, b: unfilled }],
    ["beside a list on one line", `a: [x] ${comment}\n`, { a: unfilled }],
  ])("%s is a placeholder", (_, text, value) => expect(values(text)).toEqual([value]));
  test.each<[string, string, unknown]>([
    ["that says something else", "a: 1 # not from-param: v\n", { a: 1 }],
    ["on a line of its own", `a: 1\n${comment}\nb: 2\n`, { a: 1, b: 2 }],
    ["after a block", `a:\n  b: 1\n  ${comment}\nc: 2\n`, { a: { b: 1 }, c: 2 }],
  ])("is no comment %s", (_, text, value) => expect(values(text)).toEqual([value]));
  test("has its line", () => {
    const [only] = parseYaml(`a: 1\nb: x ${comment}\n`, "f");
    expect(only?.line("b")).toBe(2);
  });
});

test.each(["!var 1", "!Ref jwt-secret", "!concat [a, b]", "!include {a: b}"])(
  "%s stands for something else",
  (text) =>
    expect(problem(`x: 1\na: ${text}\n`)).toBe(
      "f:2:4: holds a tag that stands for something else: give the document it is expanded to",
    ),
);

describe("depth", () => {
  test("brackets that open and close are not deep", () => {
    expect(values(`a: [${"[], {}, ".repeat(deepest)}]\n`)).toHaveLength(1);
    expect(values(`${"[".repeat(deepest)}${"]".repeat(deepest)}\n`)).toHaveLength(1);
    expect(problem(`a: "]]]"\nb: ${"[".repeat(deepest + 1)}`)).toBe(
      `f:2: nests deeper than ${deepest} levels`,
    );
  });
  test("deep brackets are refused on the line on which they are too deep", () => {
    expect(problem(`a:\n - ${"[".repeat(deepest)}\n   ${"{x: ".repeat(9)}`)).toBe(
      `f:3: nests deeper than ${deepest} levels`,
    );
  });
  test.each([
    ["dashes", "- ".repeat(10_000)],
    ["question marks", "? ".repeat(10_000)],
    ["indentation", Array.from({ length: 3000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  ])("%s without end are refused", (_, text) => {
    expect(problem(text)).toMatch(/^f:\d+:\d+: (?:nests too deeply to be read|has a key that is not text)$/u);
  });
});

test("YAML that would take minutes is refused before it is read", () => {
  const long = (characters: number) => `a: ${"x".repeat(characters - 3)}`;
  expect(values(long(5_000_000))).toHaveLength(1);
  expect(problem(long(5_000_001))).toBe(
    "f:1: is longer than 5 million characters, the most that is read of YAML: give it as JSON",
  );
});

test("an alias without an anchor is refused where it stands", () => {
  expect(problem("a: &x 1\nb:\n  c: [*x, *nope]\n")).toBe("f:3:11: holds an alias that names no anchor");
});

test("a directive that nobody knows says nothing", () => {
  expect(values("%FOO bar\n---\na: 1\n")).toEqual([{ a: 1 }]);
});

test("what is no YAML says where", () => {
  expect(problem("a: 'b\n")).toBe("f:2:1: is not valid YAML: a character is missing");
  expect(problem("a:\n    b: 1\n  c: 2\n")).toBe("f:3:1: is not valid YAML: its indentation is wrong");
  expect(problem("a: b: c\n")).toBe("f:1:4: is neither JSON nor valid YAML");
});

test("empty documents are passed over", () => {
  expect(values("---\n---\na: 1\n---\n# nothing\n")).toEqual([{ a: 1 }]);
  expect(values("# nothing\n")).toEqual([]);
});

test("the line of each part is told, the document's own where there is no such part", () => {
  const [first, second] = parseYaml("# c\nitems:\n- a: 1\n- a:\n  - x\n  - y\n---\nb: 1\n", "f");
  expect(["", "items[0]", "items[1]", "items[1].a[1]", "items[7]"].map((path) => first?.line(path))).toEqual([
    2, 3, 4, 6, 2,
  ]);
  expect([second?.line(""), second?.line("b"), second?.line("c")]).toEqual([8, 8, 7]);
  const [long] = parseYaml(`a:\n${"- x\n".repeat(12)}`, "f");
  expect(long?.line("a[11]")).toBe(13);
});
