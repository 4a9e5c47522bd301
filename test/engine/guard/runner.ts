/**
 * Runs one program after another on the real engine, in one process: the sandbox's cloud, providers and stack are
 * opened once. Jobs come as lines of JSON on standard input, results go as lines of JSON to standard output.
 */
import { createInterface } from "node:readline";
import { z } from "zod";
import { startCloud } from "../../../sandbox/cloud/index.ts";
import { findEngine } from "../../../sandbox/engine/find.ts";
import { run } from "../../../sandbox/engine/run.ts";
import { watch } from "../../../sandbox/events.ts";
import { homeIn } from "../../../sandbox/home.ts";
import { passphraseOf } from "../../../sandbox/passphrase.ts";
import { copyProject } from "../../../sandbox/project.ts";
import { startProviders } from "../../../sandbox/providers/index.ts";
import { openStack } from "../../../sandbox/workspace.ts";
import { serveProgram } from "./language-host.ts";

/** What to run: always without a preview before it, which is another job. */
export const Job = z.object({
  operation: z.enum(["up", "preview", "destroy"]),
  target: z.array(z.string()).optional(),
  parallel: z.number().optional(),
  /** In a process of its own, as with `pulumi up` on a terminal; else in the runner's, as in the sandbox. */
  apart: z.boolean().optional(),
});
export type Job = z.input<typeof Job>;

/** What came of it. */
export const Outcome = z.object({
  failed: z.boolean(),
  /** Errors as the engine's events have them. */
  errors: z.array(z.string()),
  warnings: z.array(z.string()),
  /** How many resources met each operation. */
  changes: z.record(z.string(), z.number()),
  /** All that was printed, by a run apart. */
  text: z.string().optional(),
});
export type Outcome = z.infer<typeof Outcome>;

async function serve(folder: string, source: string): Promise<void> {
  const home = homeIn(folder);
  const engine = await findEngine({ keep: home.engines });
  copyProject(home.project, "staging", source, (config) => {
    config["jwt-secret:grantRetry"] = { settle: 0, timeout: 0, pause: 1 };
  });
  const cloud = await startCloud({ directory: home.cloud });
  const providers = await startProviders({ cloudUrl: cloud.url });
  try {
    const { stack, pulumi } = await openStack({
      home,
      environment: "staging",
      engine,
      passphrase: passphraseOf(home),
      source,
      providers: providers.env,
      // The guard holds alone.
      policyPack: false,
    });
    for await (const line of createInterface({ input: process.stdin })) {
      const { operation, apart, ...options } = Job.parse(JSON.parse(line));
      if (apart) {
        process.stdout.write(`${JSON.stringify(await onTerminal(operation, source, pulumi))}\n`);
        continue;
      }
      const { watched, onEvent } = watch(() => {});
      let failed = false;
      try {
        await stack[operation]({ onEvent, ...options, suppressProgress: true });
      } catch {
        failed = true;
      }
      const { errors, warnings, changes } = watched;
      process.stdout.write(`${JSON.stringify({ failed, errors, warnings, changes })}\n`);
    }
  } finally {
    await providers.close();
    await cloud.close();
  }
}

/** An update by the CLI, with the program in a process of its own; what it prints is read for errors. */
async function onTerminal(
  operation: string,
  source: string,
  pulumi: { command: string; cwd: string; env: NodeJS.ProcessEnv },
): Promise<Outcome> {
  const host = await serveProgram(source);
  try {
    const ran = await run(
      pulumi.command,
      [
        operation,
        ...(operation === "preview" ? [] : ["--yes", "--skip-preview"]),
        "--stack",
        "staging",
        "--color=never",
        `--client=${host.address}`,
        "--exec-kind=auto.inline",
      ],
      pulumi,
    );
    const text = `${ran.stdout}\n${ran.stderr}`;
    const errors = [...text.matchAll(/^ *error: (.*)$/gm)].map(([, error = ""]) => error);
    return {
      failed: ran.code !== 0,
      errors,
      warnings: text.match(/^ *warning: .*$/gm) ?? [],
      changes: {},
      text,
    };
  } finally {
    host.close();
  }
}

const [folder, source] = process.argv.slice(2);
if (import.meta.main && folder !== undefined && source !== undefined) await serve(folder, source);
