/** The sandbox's commands: reads what the user wants, runs it, and turns failures into one line and an exit code. */
import { destroy } from "./commands/destroy.ts";
import { importFile } from "./commands/import.ts";
import { preview } from "./commands/preview.ts";
import { reset } from "./commands/reset.ts";
import { seed } from "./commands/seed.ts";
import { state } from "./commands/state.ts";
import { stop } from "./commands/stop.ts";
import { up } from "./commands/up.ts";
import { Failure } from "./failure.ts";
import { coloured } from "./print.ts";
import { type Command, help, readSettings, type Settings } from "./settings.ts";

const run: Record<Command, (settings: Settings) => Promise<number>> = {
  up,
  preview,
  state,
  stop,
  destroy,
  reset,
  seed,
  import: importFile,
};

// A reader that went away (`| head`) must not cut an update off.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

try {
  const settings = readSettings(process.argv.slice(2));
  if (settings === "help") process.stdout.write(help);
  else process.exitCode = await run[settings.command](settings);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`${coloured("red", "error", process.stderr)} ${error.message}\n`);
  process.exitCode = error.exitCode;
}
