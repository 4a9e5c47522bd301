/**
 * How the engine runs the policy pack here. With a language host it would start the folder `policy-pack`; an engine
 * built from Go has none. Either takes an executable as a pack and runs it as it is (pulumi/pkg/resource/plugin/
 * analyzer_plugin.go, `NewPolicyAnalyzer`).
 */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Home, root } from "../home.ts";

/** The pack that is switched on: this checkout's, whatever folder the program is in. */
const policyPack = join(root, "policy-pack");

const start = fileURLToPath(new URL("start.ts", import.meta.url));

/** Makes the executable and gives its path; it runs on the Node that runs this. */
export function installLauncher(home: Home, pack: string = policyPack): string {
  mkdirSync(home.pulumi, { recursive: true, mode: 0o700 });
  const windows = process.platform === "win32";
  const file = join(home.pulumi, windows ? "jwt-secret.cmd" : "jwt-secret");
  const command = `"${process.execPath}" "${start}" "${pack}" "${home.cache}"`;
  writeFileSync(file, windows ? `@${command}\r\n` : `#!/bin/sh\nexec ${command}\n`);
  chmodSync(file, 0o700);
  return file;
}
