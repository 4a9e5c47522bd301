/**
 * The process that keeps a sandbox's cloud and services: `node supervisor.ts FOLDER`. Started by `start.ts`, whose end
 * is its end unless somebody holds it or it was detached.
 */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { messageOf } from "../failure.ts";
import { type Home, homeIn } from "../home.ts";
import { controlPath } from "./control.ts";
import { openControl } from "./control-server.ts";
import { type Platform, startPlatform } from "./platform.ts";
import { type RunningFile, removeRunning, writeRunning } from "./running.ts";

/** What `running.json` says of a platform. */
function runningOn({ cloud, runtime }: Platform): RunningFile {
  const views = runtime.services();
  const environments: RunningFile["environments"] = {};
  for (const { project, role, address } of views) {
    if (role !== undefined) environments[project] = { ...environments[project], [role]: address };
  }
  const services = views.map(({ name, role, url, address }) => ({
    name,
    ...(role !== undefined && { role }),
    url,
    address,
  }));
  return { pid: process.pid, cloud: cloud.url, environments, services };
}

async function supervise(home: Home): Promise<void> {
  let tell = () => {};
  const platform = await startPlatform({
    directory: home.cloud,
    // Faults and delays are for whoever deploys, and never for what serves.
    faults: [],
    delayGrantsSeconds: 0,
    callLog: "",
    log: (line) => process.stdout.write(`${line}\n`),
    onChange: () => tell(),
  });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    tell = () => {};
    rmSync(controlPath(home.folder), { force: true });
    removeRunning(home.folder, process.pid);
    control.close();
    await platform.close();
    process.exit(0);
  };
  const control = await openControl({ runtime: platform.runtime, stop: () => void stop() });
  tell = () => writeRunning(home.folder, runningOn(platform));
  tell();
  writeFileSync(`${controlPath(home.folder)}.new`, JSON.stringify(control.file), { mode: 0o600 });
  renameSync(`${controlPath(home.folder)}.new`, controlPath(home.folder));
  process.on("disconnect", () => control.abandoned());
  // Whoever started this was killed before anybody listened to that.
  if (process.connected === false) control.abandoned();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop());
  if (process.connected) process.send?.({ ready: true });
}

try {
  await supervise(homeIn(process.argv[2]));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(2);
}
