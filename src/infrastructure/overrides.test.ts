import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { readOverrides } from "./overrides.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folder(source?: string): string {
  const path = mkdtempSync(join(tmpdir(), "overrides-"));
  folders.push(path);
  mkdirSync(join(path, "overrides"));
  if (source !== undefined) writeFileSync(join(path, "overrides", "staging.ts"), source);
  return path;
}

test("without a file there is none", async () => {
  expect(await readOverrides(folder(), "staging")).toBeUndefined();
});

test("a file of another environment is not taken up", async () => {
  expect(await readOverrides(folder("export const overrides = {};"), "production")).toBeUndefined();
});

test("a file's functions are taken up by role", async () => {
  const found = await readOverrides(folder("export const overrides = { auth: (args) => args };"), "staging");
  expect(Object.keys(found ?? {})).toEqual(["auth"]);
});

const wrong = [
  "export const override = {};",
  "export const overrides = 1;",
  "export const overrides = { auth: 1 };",
  "export const overrides = { frontend: (args) => args };",
];
test.each(wrong)("%s is refused by the file's name", async (source) => {
  await expect(readOverrides(folder(source), "staging")).rejects.toThrow(/^overrides\/staging\.ts/);
});
