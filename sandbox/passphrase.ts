/** The passphrase that encrypts the sandbox's state: the user's own, or one made for this sandbox. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.ts";
import type { Home } from "./home.ts";

/**
 * `PULUMI_CONFIG_PASSPHRASE` where it is set, else the sandbox's own, made on first use.
 * Throws a `Failure` when the file is gone while there is state that only it can open.
 */
export function passphraseOf(home: Home, environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment.PULUMI_CONFIG_PASSPHRASE;
  if (given !== undefined && given !== "") return given;
  if (existsSync(home.passphrase)) {
    const kept = readFileSync(home.passphrase, "utf8").trim();
    if (kept !== "") return kept;
  }
  if (existsSync(join(home.state, ".pulumi", "stacks"))) {
    throw new Failure(
      `The passphrase of this sandbox is missing (${home.passphrase}): restore the file, set ` +
        "PULUMI_CONFIG_PASSPHRASE, or start over with `npm run reset`.",
    );
  }
  mkdirSync(home.folder, { recursive: true });
  const made = randomBytes(24).toString("base64url");
  writeFileSync(home.passphrase, `${made}\n`, { mode: 0o600, flag: "w" });
  return made;
}
