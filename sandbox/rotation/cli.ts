/** `npm run rotation`: rotates a key under load, the right way and the wrong ways, and writes what happened. */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { messageOf } from "../failure.ts";
import { root } from "../home.ts";
import { removeBeds } from "./bed.ts";
import { plot } from "./plot.ts";
import { fill, type Measured, report } from "./report.ts";
import { problemOf, ways } from "./ways.ts";

const help = `Usage: npm run rotation [-- OPTIONS]

Rotates a key in sandboxes of its own, with running services and real updates, while tokens are signed and checked all
the time: as \`jwt-secret rotate\` does it (start, scale-out, rollback, finish), where none may be refused, and in the
usual wrong ways, where some must be. Takes about ten minutes, most of it the wait that the command asks for.

  --tokens NUMBER   tokens to check through the right rotation (50000)
  --rate NUMBER     tokens signed per second, at most (300)
  --write           write the figures into docs/rotation.md and the plot into docs/rotation.svg
  --help            this text

exit 0 as it must be · 1 tokens were refused that must not be, or none was · 2 could not be tried
`;

const Flags = z.strictObject({
  tokens: z.coerce.number().int().min(1).default(50_000),
  rate: z.coerce.number().min(1).default(300),
  write: z.boolean().default(false),
});

function flags(): z.infer<typeof Flags> | "help" {
  const { values } = parseArgs({
    options: {
      tokens: { type: "string" },
      rate: { type: "string" },
      write: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  const { help: asked, ...rest } = values;
  return asked === true ? "help" : Flags.parse(rest);
}

/** Seconds a token lives. */
const lifetime = 10;

async function main(): Promise<number> {
  const given = flags();
  if (given === "help") {
    process.stdout.write(help);
    return 0;
  }
  const began = performance.now();
  const say = (line: string) => {
    const seconds = Math.round((performance.now() - began) / 1000);
    process.stdout.write(`${String(seconds).padStart(4)} s  ${line}\n`);
  };
  const measured: Measured[] = [];
  const problems: string[] = [];
  for (const way of ways) {
    say(`${way.name}: ${way.title}`);
    const result = await way.run({ lifetime, rate: given.rate, say, checks: given.tokens });
    measured.push({ way, result });
    const { accepted, refused, failed } = result.total;
    say(`${accepted} accepted, ${refused} refused, ${failed} without an answer`);
    for (const [reason, count] of Object.entries(result.reasons)) say(`  ${count} × ${reason}`);
    const problem = problemOf(way, result, given.tokens);
    if (problem !== undefined) problems.push(problem);
  }
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) return 1;
  if (given.write) {
    const page = join(root, "docs", "rotation.md");
    const conditions = {
      node: process.versions.node,
      processors: availableParallelism(),
      lifetime,
      command: "npm run rotation -- --write",
    };
    writeFileSync(page, fill(readFileSync(page, "utf8"), report(measured, conditions)));
    writeFileSync(
      join(root, "docs", "rotation.svg"),
      plot(measured.map(({ way, result }) => ({ name: way.name, result }))),
    );
    say("docs/rotation.md and docs/rotation.svg are written");
  }
  return 0;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => void removeBeds().finally(() => process.exit(2)));
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`rotation: ${messageOf(error).split("\n")[0]}\n`);
  process.exitCode = 2;
}
