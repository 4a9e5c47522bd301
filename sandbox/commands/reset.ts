/** `npm run reset`: throws the whole sandbox away, state and cloud, and keeps the engine. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { confirm } from "../confirm.ts";
import { homeIn } from "../home.ts";
import { takeLock } from "../lock.ts";
import { print } from "../print.ts";
import { connect, controlPath, runningPath, servicesLog } from "../runtime/index.ts";
import type { Settings } from "../settings.ts";

/** Removes what the sandbox keeps; gives the exit code. */
export async function reset(settings: Settings): Promise<number> {
  const home = homeIn(settings.sandbox);
  if (!existsSync(home.folder)) {
    print("There is no sandbox yet. Make one with: npm start");
    return 0;
  }
  await confirm(`This removes every environment of the sandbox in ${home.folder}.`, "reset", settings.yes);
  const release = takeLock(home.lock, "npm run reset");
  try {
    await (await connect(home.folder))?.stop();
    // By name, so that a folder given by mistake loses nothing that is not a sandbox's.
    const kept = [runningPath(home.folder), controlPath(home.folder), servicesLog(home)];
    for (const path of [home.state, home.cloud, home.project, home.pulumi, home.passphrase, ...kept]) {
      rmSync(path, { recursive: true, force: true });
    }
  } finally {
    release();
  }
  const left = readdirSync(home.folder).map((name) => join(home.folder, name));
  print(
    `The sandbox is empty. ${left.some((path) => path === home.engines) ? "The engine is kept. " : ""}Start over with: npm start`,
  );
  return 0;
}
