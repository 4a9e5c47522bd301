import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeAll } from "./write.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "write-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const files = [
  { path: "a.txt", text: "new a" },
  { path: "in/b.txt", text: "new b" },
];

test("all are written, and nothing else stays", () => {
  writeAll(folder, files, () => false);
  expect(readFileSync(join(folder, "in", "b.txt"), "utf8")).toBe("new b");
  expect(readdirSync(folder).sort()).toEqual(["a.txt", "in"]);
});

test("what is there with the same text is no obstacle", () => {
  writeAll(folder, files, () => false);
  expect(() => writeAll(folder, files, () => false)).not.toThrow();
});

test("one that is there and may not be replaced keeps all from being written", () => {
  writeFileSync(join(folder, "a.txt"), "old");
  expect(() => writeAll(folder, files, () => false)).toThrow(/a\.txt: there already; nothing was written/);
  expect([readFileSync(join(folder, "a.txt"), "utf8"), existsSync(join(folder, "in"))]).toEqual([
    "old",
    false,
  ]);
});

test("when a later one cannot be written, an earlier one has its old text again", () => {
  writeFileSync(join(folder, "a.txt"), "old");
  // A folder where a file must be: it shows only when the file is put in place.
  const late = [...files, { path: "c", text: "c" }];
  const seen: string[] = [];
  const mayReplace = (path: string) => {
    seen.push(path);
    mkdirSync(join(folder, "c"), { recursive: true });
    return true;
  };
  expect(() => writeAll(folder, late, mayReplace)).toThrow(/cannot be written there .*none was/);
  expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("old");
  expect(existsSync(join(folder, "in", "b.txt"))).toBe(false);
  expect(seen).toEqual(["a.txt"]);
});
