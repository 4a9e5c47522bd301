/** Starts the supervisor of a sandbox. */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "../failure.ts";
import type { Home } from "../home.ts";
import { type Control, connect } from "./control.ts";

/** What the services print goes here. */
export const servicesLog = (home: Home): string => join(home.folder, "services.log");

/** Starts the supervisor and holds it. Throws a `Failure` with its last words when it does not start. */
export async function startSupervisor(home: Home): Promise<Control> {
  mkdirSync(home.folder, { recursive: true });
  const path = servicesLog(home);
  const log = openSync(path, "w", 0o600);
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL("supervisor.ts", import.meta.url)), home.folder],
    {
      // A group of its own: Ctrl-C is for the command, which then ends the services.
      detached: true,
      stdio: ["ignore", log, log, "ipc"],
      env: { ...process.env, NODE_NO_WARNINGS: "1" },
    },
  );
  closeSync(log);
  await new Promise<void>((resolve) => {
    child.once("message", () => resolve());
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  const control = await connect(home.folder);
  if (control === undefined || control.pid !== child.pid) {
    const words = readFileSync(path, "utf8").trim().split("\n").at(-1) ?? "";
    throw new Failure(`The sandbox's services cannot be started: ${words || "see"} (${path}).`);
  }
  await control.hold();
  // From here on the hold says whether this process is there.
  child.disconnect();
  child.unref();
  return control;
}
