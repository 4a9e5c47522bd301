/** What cannot be written is no verdict: a full disk must not look like a violation, nor an error like a pass. */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { v1 } from "../../src/documents/testing/cloud-run.ts";
import { folder } from "./command.ts";

const here = folder();
const program = join(import.meta.dirname, "..", "..", "src", "cli.ts");
const full = "/dev/full";

/** Runs the program with one of its streams on a disk that is full. */
function runFull(stream: "stdout" | "stderr", args: readonly string[]) {
  const disk = openSync(full, "w");
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: here.path,
      env: { PATH: process.env.PATH },
      encoding: "utf8",
      stdio: ["ignore", stream === "stdout" ? disk : "pipe", stream === "stderr" ? disk : "pipe"],
    });
    return { status, stdout, stderr };
  } finally {
    closeSync(disk);
  }
}

test.skipIf(!existsSync(full))(
  "a report that cannot be written is undetermined, and said in one line",
  () => {
    const file = here.put("a.json", [v1("auth"), v1("backend")]);
    const line = "jwt-secret: standard output cannot be written to (ENOSPC)\n";
    expect(runFull("stdout", ["check", file])).toMatchObject({ status: 2, stderr: line });
    expect(runFull("stdout", ["--help"])).toMatchObject({ status: 2, stderr: line });
  },
);

test.skipIf(!existsSync(full))("an error that cannot be said keeps its exit code", () => {
  expect(runFull("stderr", ["check", "missing.json"])).toMatchObject({ status: 2, stdout: "" });
  const file = here.put("a.json", [v1("auth"), v1("backend")]);
  expect(runFull("stderr", ["check", file])).toMatchObject({ status: 0 });
});
