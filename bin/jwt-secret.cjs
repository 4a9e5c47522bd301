#!/usr/bin/env node
// Starts the built program. In a checkout that has not been built, or has changed since, it runs the sources instead.
// CommonJS, because this starts faster than an ES module.
"use strict";
const { mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { Script } = require("node:vm");

const root = dirname(__dirname);
const bundle = join(root, "dist", "jwt-secret.cjs");
const source = join(root, "src");

/** When a file was last changed; 0 when it is not there. */
const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** True for the installed package, which has no sources, and for a checkout built since its last change. */
function isBuilt() {
  const built = changed(bundle);
  if (built === 0 || changed(source) === 0) return built > 0;
  const files = readdirSync(source, { recursive: true }).map((name) => join(source, name));
  return [...files, join(root, "package-lock.json")].every((path) => changed(path) <= built);
}

/**
 * Loads the bundle with V8's code cache of an earlier run. Node's own compile cache holds what is compiled on load; most
 * of this program is compiled when it is called, which takes longer than all else a small check does. The cache lies
 * beside the bundle, so that only who may write the program may write it; where nobody may, there is none.
 */
function load() {
  // It is ASCII alone (tools/build.ts), which is read faster so.
  const text = readFileSync(bundle, "latin1");
  const folder = join(dirname(bundle), ".cache");
  const file = join(
    folder,
    `${process.version}-${process.arch}-${text.length}-${Math.round(changed(bundle))}`,
  );
  const wanted = !process.env.NODE_DISABLE_COMPILE_CACHE;
  let cachedData;
  try {
    if (wanted) cachedData = readFileSync(file);
  } catch {
    // The first run.
  }
  const parameters = "exports, require, module, __filename, __dirname, __import";
  const script = new Script(`(function (${parameters}) {${text}\n})`, { filename: bundle, cachedData });
  const loaded = { exports: {} };
  // A script has no import() of its own; this one resolves alike, because it stands as deep.
  const load = (specifier) => import(specifier);
  script.runInThisContext()(loaded.exports, require, loaded, bundle, dirname(bundle), load);
  const save = () => {
    if (!wanted || (cachedData !== undefined && script.cachedDataRejected !== true)) return;
    try {
      mkdirSync(folder, { recursive: true });
      const fresh = `${file}.${process.pid}`;
      writeFileSync(fresh, script.createCachedData());
      renameSync(fresh, file);
    } catch {
      // It is only a cache.
    }
  };
  return { start: loaded.exports.start, save };
}

async function run() {
  const { start, save } = load();
  await start();
  // What has judged a document has called what most runs call.
  if (process.argv[2] === "check" && process.exitCode !== 2) save();
}

if (isBuilt()) {
  run();
} else {
  const { spawnSync } = require("node:child_process");
  const runner = [join(root, "tools", "run.mjs"), join("src", "cli.ts"), ...process.argv.slice(2)];
  const { status, signal } = spawnSync(process.execPath, runner, { stdio: "inherit" });
  process.exitCode = signal === null ? (status ?? 2) : 2;
}
