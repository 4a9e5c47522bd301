/** Names that must be there, and places where one thing may stand twice. */
import { describe, expect, test } from "vitest";
import { either, requiredName, shown, Undecidable } from "./pod.ts";
import { Hidden } from "./shape.ts";

test("what is shown is itself, what is hidden decides nothing", () => {
  expect(shown([1], "the list")).toEqual([1]);
  expect(shown(undefined, "the list")).toBeUndefined();
  expect(() => shown(new Hidden("it is masked"), "the list")).toThrow(
    new Undecidable("the list is not shown: it is masked"),
  );
});

test("a name must be text", () => {
  expect(requiredName("A", "the name")).toBe("A");
  expect(requiredName(5, "the name")).toBe("5");
  expect(() => requiredName("[secret]", "the name")).toThrow(
    new Undecidable("the name is not known: it is masked as a Pulumi secret"),
  );
  for (const nothing of [undefined, null, ""]) {
    expect(() => requiredName(nothing, "the name")).toThrow(new Undecidable("the name is missing"));
  }
});

describe("of two places", () => {
  test.each<[unknown, unknown, unknown]>([
    ["a", undefined, "a"],
    [undefined, "b", "b"],
    ["", "b", "b"],
    ["a", null, "a"],
    [undefined, undefined, undefined],
    ["a", "a", "a"],
    [5, "5", 5],
    ["[secret]", undefined, "[secret]"],
    [undefined, "[secret]", "[secret]"],
  ])("%j and %j are %j", (a, b, value) => expect(either(a, b)).toEqual({ value }));
  test.each<[unknown, unknown]>([
    ["a", "b"],
    ["a", "[secret]"],
    ["[secret]", "a"],
    ["[secret]", "[secret]"],
    [true, true],
  ])("%j and %j differ, or may", (a, b) => expect(either(a, b)).toBeUndefined());
});
