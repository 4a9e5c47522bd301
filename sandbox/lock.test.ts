import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { removeStale, takeLock } from "./lock.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
  path = join(folder, "deep", "lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The id of a process that has ended. */
function deadProcess(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

test("a lock is there until it is released", () => {
  const release = takeLock(path, "npm run up");
  expect(existsSync(path)).toBe(true);
  release();
  expect(existsSync(path)).toBe(false);
});

test("a second taker is refused, and told who has it", () => {
  const release = takeLock(path, "npm run up");
  expect(() => takeLock(path, "npm run state")).toThrow(
    `The sandbox is in use: \`npm run up\` (process ${process.pid})`,
  );
  release();
});

test("the lock of a process that is gone is taken over", () => {
  takeLock(path, "npm run up")();
  writeFileSync(path, JSON.stringify({ pid: deadProcess(), command: "npm run up", since: "2025-01-01" }));
  takeLock(path, "npm run state")();
});

test("a lock that was cut off in writing is taken over", () => {
  takeLock(path, "npm run up")();
  writeFileSync(path, '{"pid": 1');
  takeLock(path, "npm run state")();
});

test("a lock that somebody else took over is not released", () => {
  const release = takeLock(path, "npm run up");
  writeFileSync(path, JSON.stringify({ pid: 1, command: "npm run up", since: "2025-01-01" }));
  release();
  expect(existsSync(path)).toBe(true);
});

test("a lock leaves nothing beside it", () => {
  const release = takeLock(path, "npm run up");
  expect(readdirSync(dirname(path))).toEqual(["lock"]);
  release();
  expect(readdirSync(dirname(path))).toEqual([]);
});

describe("a lock that is left behind", () => {
  beforeEach(() => {
    mkdirSync(dirname(path));
    writeFileSync(path, JSON.stringify({ pid: deadProcess(), command: "npm run up", since: "2025-01-01" }));
  });

  test("is removed by one process at a time: the next one could remove the lock that was taken since", () => {
    writeFileSync(`${path}.removal`, "");
    expect(removeStale(path, () => true)).toBe(false);
    expect(existsSync(path)).toBe(true);
  });

  test("is looked at once more before it is removed", () => {
    expect(removeStale(path, () => false)).toBe(true);
    expect(existsSync(path)).toBe(true);
  });

  test("is removed although a removal was cut off", () => {
    writeFileSync(`${path}.removal`, "");
    utimesSync(`${path}.removal`, 0, 0);
    takeLock(path, "npm run state")();
    expect(readdirSync(dirname(path))).toEqual([]);
  });
});
