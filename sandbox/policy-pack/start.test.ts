import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { isAlive } from "../lock.ts";

const pack = join(import.meta.dirname, "..", "..", "policy-pack");
const start = join(import.meta.dirname, "start.ts");

/** Starts the pack as an engine would, and tells its process id once it serves. */
const engine = `
  const { spawn } = require("node:child_process");
  const pack = spawn(process.execPath, process.argv.slice(1), { stdio: ["ignore", "pipe", "inherit"], detached: true });
  pack.stdout.once("data", () => console.log(pack.pid));
`;

test("a pack ends when the engine that started it is killed", async () => {
  const parent = spawn(process.execPath, ["-e", engine, start, pack], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(parent.stdout, "data");
  const pid = Number(String(line));
  expect(isAlive(pid)).toBe(true);
  parent.kill("SIGKILL");
  try {
    for (let attempt = 0; isAlive(pid) && attempt < 600; attempt += 1) await sleep(100);
    expect(isAlive(pid)).toBe(false);
  } finally {
    if (isAlive(pid)) process.kill(pid, "SIGKILL");
  }
}, 120_000);
