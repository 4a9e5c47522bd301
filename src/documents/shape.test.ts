/** The border: what is shaped as it must be goes on, what is hidden says so, all else is an error with its place. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { DocumentError } from "./error.ts";
import { Hidden, maskable, parseShape } from "./shape.ts";

const List = z.object({ list: maskable(z.array(z.object({ n: z.number() }))) });

function problem(value: unknown, at = ""): string {
  try {
    parseShape(List, value, "f", at);
  } catch (error) {
    if (error instanceof DocumentError) return error.describe();
    throw error;
  }
  throw new Error("it was accepted");
}

describe("what may be masked", () => {
  test("is as the schema says where it is shown", () => {
    expect(parseShape(List, { list: [{ n: 1, more: 2 }] }, "f", "")).toEqual({ list: [{ n: 1 }] });
  });
  test.each([[{}], [{ list: null }], [{ list: undefined }]])("%j is nothing", (value) => {
    expect(parseShape(List, value, "f", "").list).toBeUndefined();
  });
  test("is hidden, with the reason", () => {
    const { list } = parseShape(List, { list: "[secret]" }, "f", "");
    expect(list).toBeInstanceOf(Hidden);
    expect(list).toEqual(new Hidden("it is masked as a Pulumi secret"));
  });
  test("is revealed where an export shows its secrets", () => {
    const key = "4dabf18193072939515e22adb298388d";
    const list = { [key]: "1b47061264138c4ac30d75fd1eb44270", plaintext: '[{"n":3}]' };
    expect(parseShape(List, { list }, "f", "")).toEqual({ list: [{ n: 3 }] });
  });
});

describe("an error names the place and never the value", () => {
  test.each<[unknown, string, string]>([
    [5, "", "f: expected object, received number"],
    [5, "steps[1]", "f: steps[1]: expected object, received number"],
    [{ list: "s3cr3t" }, "", "f: list: expected array, received string"],
    [{ list: [{ n: "s3cr3t" }] }, "", "f: list[0].n: expected number, received string"],
    [{ list: [{ n: 1 }, 2] }, "a.b", "f: a.b.list[1]: expected object, received number"],
    [[], "", "f: expected object, received array"],
  ])("%j at %j: %s", (value, at, message) => expect(problem(value, at)).toBe(message));

  test("in a list at the top too", () => {
    const parse = () => parseShape(z.array(z.number()), ["s3cr3t"], "f", "items");
    expect(parse).toThrow(expect.objectContaining({ position: { path: "items[0]" } }));
    const inside = () => parseShape(z.array(z.object({ n: z.number() })), [{ n: "s3cr3t" }], "f", "");
    expect(inside).toThrow(expect.objectContaining({ position: { path: "[0].n" } }));
  });
});

test("the line is told where somebody knows it", () => {
  const parse = () =>
    parseShape(z.array(z.number()), [1, "s3cr3t"], "f", "", (path) => (path === "[1]" ? 7 : 0));
  expect(parse).toThrow(expect.objectContaining({ position: { line: 7, path: "[1]" } }));
});

test("an error is described by its file and position", () => {
  const describe = (position?: ConstructorParameters<typeof DocumentError>[2]) =>
    new DocumentError("f", "is bad", position).describe();
  expect(describe()).toBe("f: is bad");
  expect(describe({ line: 3 })).toBe("f:3: is bad");
  expect(describe({ line: 3, column: 4 })).toBe("f:3:4: is bad");
  expect(describe({ column: 4 })).toBe("f: is bad");
  expect(describe({ path: "a[1]" })).toBe("f: a[1]: is bad");
  expect(describe({ path: "" })).toBe("f: is bad");
  expect(describe({ line: 3, path: "a" })).toBe("f:3: a: is bad");
  expect(new DocumentError("f", "is bad")).toMatchObject({
    name: "DocumentError",
    file: "f",
    message: "is bad",
  });
});
