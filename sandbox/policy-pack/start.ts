/** Starts the policy pack of a folder, and ends it when the engine is gone, which nobody tells a plugin. */
import { createRequire, enableCompileCache } from "node:module";
import { join } from "node:path";

const [pack = "", cache] = process.argv.slice(2);
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit();
}, 500).unref();
// Most of the second that a pack takes to start is spent on compiling Pulumi's SDK.
if (cache !== undefined) enableCompileCache(cache);
process.chdir(pack);
createRequire(join(pack, "package.json"))(pack);
