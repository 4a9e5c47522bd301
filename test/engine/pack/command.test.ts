/** The pack behind `npm start` and `npm run preview`: on unless it is left off, and refusing in one line. */
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../../../sandbox/home.ts";
import { counts } from "../cloud-file.ts";
import { TestSandbox } from "../sandbox.ts";

const sandbox = new TestSandbox();
beforeAll(() => {
  const program = join(sandbox.source, "index.ts");
  rmSync(program);
  symlinkSync(join(root, "node_modules"), join(sandbox.source, "node_modules"));
  // A service beside ours that carries a key nobody else knows.
  writeFileSync(
    program,
    `import { Service } from "@pulumi/gcp/cloudrunv2/service.js";
const envs = [{ name: "JWT_SECRET", value: crypto.randomUUID() }];
const template = { containers: [{ image: "us-docker.pkg.dev/cloudrun/container/hello", envs }] };
new Service("shop", { name: "shop", location: "us-central1", template });
`,
  );
});
afterAll(() => sandbox.remove());

test("an update is refused before the resource is made, in one line per finding and without a stack trace", async () => {
  const up = await sandbox.run(["up"]);
  expect(up.code).toBe(1);
  expect(up.stderr).toMatch(/^error no-plaintext-jwt-secret: shop .+\.$/m);
  expect(up.stderr).not.toMatch(/^ +at /m);
  expect(counts(sandbox.home).services).toBe(0);
});

test("a preview is refused with what only the whole stack shows, too", async () => {
  const preview = await sandbox.run(["preview"]);
  expect(preview.code).toBe(1);
  expect(preview.stderr).toMatch(/services-present: No service is known to be auth/);
});

test("without the pack the preview shows its changes and the verdict of the check", async () => {
  const preview = await sandbox.run(["preview", "--no-policy-pack"]);
  expect(preview.stdout).toMatch(/^ {2}\+ Service +shop/m);
  expect(preview.stdout).toMatch(/^Policy$[\s\S]*no-plaintext-jwt-secret/m);
});
