/** What the workflows run, and what runs the same on a laptop: `npm run ci:<command>`. */
import type { Command, World } from "./world.ts";
import { Failure } from "./world.ts";

const commands: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  preview: () => import("./commands/preview.ts"),
  report: () => import("./commands/report.ts"),
  comment: () => import("./commands/comment.ts"),
  drift: () => import("./commands/drift.ts"),
  issue: () => import("./commands/issue.ts"),
  gates: () => import("./commands/gates.ts"),
};

/** Runs a command; gives the exit code. A failure is one line on standard error, and exit code 2. */
export async function main(args: readonly string[], world: World): Promise<number> {
  const [name = "", ...rest] = args;
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    world.stderr.write(`ci: choose one of ${Object.keys(commands).join(", ")}\n`);
    return 2;
  }
  const { command } = await load();
  if (rest.includes("--help") || rest.includes("-h")) {
    world.stdout.write(command.help);
    return 0;
  }
  try {
    return await command.run(rest, world);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    world.stderr.write(`ci:${name}: ${error.message}\n`);
    return 2;
  }
}

if (import.meta.main) {
  process.exitCode = await main(process.argv.slice(2), {
    env: process.env,
    directory: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
  });
}
