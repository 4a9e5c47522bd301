/** The pack as users name it and as it is published: a folder, which Pulumi's own loader loads. */
import { chmodSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../../sandbox/home.ts";
import { buildPolicyPack } from "../../../tools/policy-pack.ts";
import { Bench } from "./bench.ts";
import { environment, program, refers } from "./program.ts";

let bench: Bench;
let env: Record<string, string>;
beforeAll(async () => {
  bench = await Bench.open();
  await buildPolicyPack(join(bench.folder, "built"));
  // What `pulumi install` would put there.
  symlinkSync(join(root, "node_modules"), join(bench.folder, "built", "node_modules"));
  // An engine without a language host starts this in the pack's folder; it runs what a language host runs.
  const analyzer = join(bench.folder, "pulumi-analyzer-policy-nodejs");
  const loader = join(root, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
  writeFileSync(analyzer, `#!/bin/sh\nexec "${process.execPath}" "${loader}" "$@"\n`);
  chmodSync(analyzer, 0o700);
  env = { PATH: [bench.folder, dirname(process.execPath), process.env.PATH].join(delimiter) };
});
afterAll(() => bench.close());

/** Two secrets by IDs that no preview knows: what a naive pack lets through with advice. */
const mismatch = program((draft) => {
  draft.env.auth = (jwt) => [environment, refers("JWT_SECRET", jwt.secret.id, jwt.versions[0].version)];
  draft.env.backend = (_, other) => [
    environment,
    refers("JWT_SECRET", other.secret.id, other.versions[0].version),
  ];
});

describe.each([
  ["the folder policy-pack", () => join(root, "policy-pack")],
  ["the pack as it is built, on its own", () => join(bench.folder, "built")],
])("%s", (_, folder) => {
  test("lets a right program pass without a word and refuses two secrets", async () => {
    const options = { pack: folder(), env };
    expect(await bench.preview(program(), options)).toMatchObject({ done: true, messages: [] });
    expect(await bench.preview(mismatch, options)).toMatchObject({
      done: false,
      mandatory: ["same-jwt-secret"],
    });
  });
});
