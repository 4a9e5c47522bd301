/** `npm run prove` as a person runs it. */
import { spawnSync } from "node:child_process";
import { expect, test, vi } from "vitest";

vi.setConfig({ testTimeout: 300_000 });

const command = new URL("../cli.ts", import.meta.url).pathname;

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });
}

test("a run says its seed, counts by verdict and by kind of document, and ends with 0", () => {
  const { status, stdout } = run("--cases", "30", "--seed", "7", "--workers", "2");
  expect(stdout).toMatch(/^seed 7, 30 cases\n/);
  expect(stdout).toMatch(/^ +pass +violation +undetermined +all$/m);
  expect(stdout).toMatch(/^stack export +\d+ +\d+ +\d+ +\d+$/m);
  expect(stdout).toMatch(/^all +\d+ +\d+ +\d+ +30$/m);
  expect(stdout).toMatch(/no false pass, no false violation\n$/);
  expect(status).toBe(0);
});

test.each([
  ["--cases", "0"],
  ["--cases", "many"],
  ["--seed", "-1"],
  ["--workers", "0"],
])("%s %s is wrong usage, told in one line", (...args) => {
  const { status, stdout, stderr } = run(...args);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^prove: [^\n]+\n$/);
});

test("so is an option that there is not, and help is none", () => {
  expect(run("--case", "3")).toMatchObject({ status: 2, stdout: "" });
  expect(run("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("--cases N") });
});
