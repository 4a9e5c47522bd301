// Runs one of the project's programs on the Node it pins, whatever Node npm itself runs on (20 or newer).
// Plain JavaScript without dependencies, because it is what installs them.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === "win32";
const pinned = readFileSync(join(root, ".node-version"), "utf8").trim();

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/** npm writes node_modules/.package-lock.json last, so an interrupted or outdated install shows. */
function installed() {
  const marker = join(root, "node_modules", ".package-lock.json");
  return existsSync(marker) && statSync(marker).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

function install() {
  process.stderr.write("Installing the project's packages (npm ci), once, about a minute ...\n");
  const result = spawnSync(
    windows ? "npm.cmd" : "npm",
    ["ci", "--include=dev", "--no-fund", "--no-audit", "--loglevel=error"],
    {
      cwd: root,
      stdio: ["ignore", 2, 2],
      shell: windows,
    },
  );
  if (result.status !== 0) {
    fail(
      "npm ci failed (its message is above): check the network and the npm registry, then run this again.",
    );
  }
}

/** The pinned Node from the dev dependency `node`, or the running one where install scripts are forbidden. */
function node() {
  const own = join(root, "node_modules", "node", "bin", windows ? "node.exe" : "node");
  if (existsSync(own)) return own;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  return fail(
    `Node ${process.versions.node} cannot run this project and the pinned Node ${pinned} is not installed: ` +
      "allow npm's install scripts (npm config set ignore-scripts false), then run npm ci.",
  );
}

if (!installed()) install();
const runtime = node();
const [program, ...rest] = process.argv.slice(2);
const target =
  program === "vitest" ? join(root, "node_modules", "vitest", "vitest.mjs") : join(root, program);
const separator = windows ? ";" : ":";
const child = spawn(runtime, [target, ...rest], {
  stdio: "inherit",
  cwd: process.cwd(),
  env: {
    ...process.env,
    NODE_NO_WARNINGS: process.env.NODE_NO_WARNINGS ?? "1",
    PATH: `${dirname(runtime)}${separator}${join(root, "node_modules", ".bin")}${separator}${process.env.PATH}`,
  },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
