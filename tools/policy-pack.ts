/**
 * Builds the policy pack as it is published: a folder with the rules, the readers and zod in one file, which runs on
 * Node 20 and needs Pulumi's own packages alone.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { z } from "zod";
import { root } from "./generated.ts";

const source = join(root, "policy-pack");

/** The sources' manifest, as far as the built pack's differs from it. */
const Manifest = z.looseObject({ type: z.literal("module"), main: z.string() });

/** Writes the pack into the folder `target`, for `pulumi policy publish` there or `--policy-pack` from anywhere. */
export async function buildPolicyPack(target: string): Promise<void> {
  mkdirSync(target, { recursive: true });
  const build = await rolldown({
    input: join(source, "pack.ts"),
    platform: "node",
    cwd: root,
    external: [/^@pulumi\//],
  });
  // The SDK's loader requires it, behind a type checker that refuses ES modules.
  await build.write({ file: join(target, "index.js"), format: "cjs", codeSplitting: false });
  await build.close();
  const { type: _, ...manifest } = Manifest.parse(
    JSON.parse(readFileSync(join(source, "package.json"), "utf8")),
  );
  writeFileSync(
    join(target, "package.json"),
    `${JSON.stringify({ ...manifest, main: "index.js" }, null, 2)}\n`,
  );
  copyFileSync(join(source, "PulumiPolicy.yaml"), join(target, "PulumiPolicy.yaml"));
}
