/** What Pulumi reads of the pack before it runs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";

const Manifest = z.object({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});
const read = (...path: string[]) =>
  Manifest.parse(JSON.parse(readFileSync(join(import.meta.dirname, ...path, "package.json"), "utf8")));

test("its version is the project's, and Pulumi's packages are those the project is tested with", () => {
  const [pack, project] = [read(), read("..")];
  expect(pack.version).toBe(project.version);
  expect(Object.keys(pack.dependencies).sort()).toEqual(["@pulumi/policy", "@pulumi/pulumi"]);
  expect(project.devDependencies).toMatchObject(pack.dependencies);
});
