import { expect, test } from "vitest";
import { deepest, JsonScanner } from "./json-scan.ts";
import { type Outline, readOutlined } from "./outline.ts";

const outline: Outline = {
  lists: ["list", "deep.list"],
  key: "name",
  needs: (text) => text === "whole",
  keeps: { kept: true, pendingReplacement: true, part: { inner: true } },
};
const read = (value: unknown) =>
  readOutlined(new JsonScanner(Buffer.from(JSON.stringify(value, undefined, 2)), "f"), outline);

const item = (name: unknown) => ({
  name,
  kept: { a: [1, { b: "\u00e9\n" }] },
  part: { inner: { a: 1 }, other: 2 },
  more: "x",
});
const small = { name: "any", kept: { a: [1, { b: "\u00e9\n" }] }, part: { inner: { a: 1 } } };

test.each([[{ list: [item("any")] }], [{ deep: { list: [item("any")] } }]])(
  "of an item that is not needed what is kept stays, whole",
  (value) =>
    expect(JSON.stringify(read(value))).toBe(
      JSON.stringify(value).replace(JSON.stringify(item("any")), JSON.stringify(small)),
    ),
);

test.each([["whole"], [undefined], [1], [null], [{}]])("an item called %j stays as it is", (name) => {
  const value = { list: [item(name)] };
  expect(read(value)).toEqual(JSON.parse(JSON.stringify(value)));
});

test("what is no such list stays as it is", () => {
  const value = {
    other: [item("any")],
    deep: { other: [item("any")], list: { a: item("any") } },
    list: item("any"),
  };
  expect(read(value)).toEqual(value);
});

test("items that are no objects, and parts that are none, stay", () => {
  const value = { list: [1, "any", null, [], { name: "any", part: [1] }] };
  expect(read(value)).toEqual(value);
});

test("a key that only looks like one that is kept, from its length and its ends, is not", () => {
  expect(read({ list: [{ name: "any", pendingReplacement: true, pendXXXXXXXXXXment: 1 }] })).toEqual({
    list: [{ name: "any", pendingReplacement: true }],
  });
});

test("what is kept may nest as deep as anything", () => {
  // The document, its list and the item are three levels.
  const kept = (levels: number) =>
    `{"list":[{"name":"any","kept":${"[".repeat(levels)}${"]".repeat(levels)}}]}`;
  const scan = (text: string) => readOutlined(new JsonScanner(Buffer.from(text), "f"), outline);
  expect(() => scan(kept(deepest - 3))).not.toThrow();
  expect(() => scan(kept(deepest - 2))).toThrow("nests deeper");
});
