import { expect, test } from "vitest";
import { locationText, positionOf, uriOf } from "./position.ts";

const file = "preview.json";

test.each([
  ["project:///index.ts#23,10", { path: "index.ts", line: 23, column: 10 }],
  ["project:///src/a%20b/service.ts#5", { path: "src/a b/service.ts", line: 5 }],
  ["project:///file:/repo/index.ts%3F7#12,10", { path: "index.ts", line: 12, column: 10 }],
  ["project:///file:///repo/src/index.ts#12,10", { path: "src/index.ts", line: 12, column: 10 }],
])("%s is a line of the program", (sourcePosition, expected) => {
  expect(positionOf({ file, sourcePosition }, "/repo")).toEqual(expected);
});

test.each([
  ["climbs out of the root", "project:///../../etc/passwd#1,1"],
  ["climbs out in disguise", "project:///%2e%2e/secrets#1,1"],
  ["names a file elsewhere", "project:///file:/etc/passwd#1,1"],
  ["names an absolute file", "project:////etc/passwd#1,1"],
  ["names a Windows file", "project:///C:/secrets.txt#1,1"],
  ["climbs with backslashes", "project:///..%5C..%5Csecrets#1,1"],
  ["names a web page", "project:///https://example.com/index.ts#1,1"],
  ["hides a control character", "project:///index%00.ts#1,1"],
  ["is badly encoded", "project:///%ff#1,1"],
  ["names the root itself", "project:///.#1,1"],
  ["has no line", "project:///index.ts"],
  ["has line 0", "project:///index.ts#0,1"],
  ["is something else", "index.ts#1,1"],
])("a source position that %s is not believed", (_, sourcePosition) => {
  expect(positionOf({ file, line: 2, sourcePosition }, "/repo")).toEqual({ path: file, line: 2 });
  expect(positionOf({ file, line: 2, sourcePosition })).toEqual({ path: file, line: 2 });
});

test("a document's path is shown relative to the root where it lies inside", () => {
  expect(positionOf({ file: "/repo/live/auth.json" }, "/repo")).toEqual({ path: "live/auth.json" });
  expect(positionOf({ file: "/tmp/auth.json" }, "/repo")).toEqual({ path: "/tmp/auth.json" });
  expect(positionOf({ urn: "urn:x" }, "/repo")).toBeUndefined();
  expect(positionOf(undefined)).toBeUndefined();
});

test("a path becomes a URI: relative inside, a file URI outside", () => {
  expect(uriOf("a b/c#d.json")).toBe("a%20b/c%23d.json");
  expect(uriOf("/tmp/a b.json", "/repo")).toBe("file:///tmp/a%20b.json");
  expect(uriOf("../a.json", "/repo")).toBe("file:///a.json");
  expect(uriOf("\ud800.json")).toBe("%EF%BF%BD.json");
});

test("a place in words names the line, the document, or the resource", () => {
  expect(locationText({ file, sourcePosition: "project:///index.ts#23,10" })).toBe(
    "index.ts:23:10 (in preview.json)",
  );
  expect(locationText({ file, line: 4 })).toBe("preview.json:4");
  expect(locationText({ urn: "urn:x" })).toBe("urn:x");
  expect(locationText({})).toBeUndefined();
});
