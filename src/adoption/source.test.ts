/** The generated file is as the project's formatter writes it, and does what was planned. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { applied, type Difference } from "./override.ts";
import { overrideSource } from "./source.ts";
import { tidy } from "./tree.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "overrides-"));
afterAll(() => rmSync(folder, { recursive: true }));

const difference: Difference = {
  args: { scaling: { minInstanceCount: 1 }, description: 'says "hi"' },
  template: {
    volumes: [{ name: "sql", cloudSqlInstance: { instances: ["p:r:i"] } }],
    annotations: { "example.com/a": "b" },
    vpcAccess: undefined,
  },
  container: {
    args: ["--one", "two"],
    commands: Array.from({ length: 12 }, (_, index) => `/a/rather/long/path/${index}`),
    envs: [{ name: "odd.name", value: "1" }],
  },
  sidecars: [{ name: "proxy", image: "proxy:1", envs: [{ name: "A", value: "b" }] }],
};

const planned = {
  ingress: "INGRESS_TRAFFIC_ALL",
  template: {
    timeout: "300s",
    vpcAccess: { connector: "gone" },
    containers: [{ image: "x:1", envs: [{ name: "B", value: "c" }] }],
  },
};

test("nothing that differs is no file", () => {
  expect(overrideSource("staging", {})).toBeUndefined();
});

test("it is formatted", () => {
  const source =
    overrideSource("staging", { auth: difference, backend: { ...difference, sidecars: [] } }) ?? "";
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  const args = [biome, "format", "--stdin-file-path=overrides/staging.ts"];
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, input: source, encoding: "utf8" });
  expect(stdout).toBe(source);
});

test("run by itself, it makes the planned arguments the wanted ones", async () => {
  const path = join(folder, "staging.ts");
  writeFileSync(path, overrideSource("staging", { auth: difference }) ?? "");
  const { overrides } = await import(pathToFileURL(path).href);
  const made = JSON.parse(JSON.stringify(overrides.auth(planned)));
  expect(tidy(made)).toEqual(tidy(applied(planned, difference)));
});
