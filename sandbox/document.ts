/** The engine's own `preview --json` document, of an inline program. */
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";

type Run = (args: string[], ...rest: unknown[]) => Promise<unknown>;

/** The Automation API runs the CLI with this method, which its types leave out. */
const Runnable = z.object({ run: z.custom<Run>((value) => typeof value === "function") });

/**
 * Runs a preview and gives the document that `pulumi preview --json --show-sames` prints. The Automation API has no
 * option for `--json`, so the flags are added to the command it runs.
 */
export async function previewDocument(
  stack: Stack,
  onEvent: (event: EngineEvent) => void = () => {},
  refresh = false,
  flags: readonly string[] = ["--json", "--show-sames"],
  packs: { policyPacks?: string[] } = {},
): Promise<string> {
  const command = stack.workspace.pulumiCommand;
  const { run } = Runnable.parse(command);
  const withFlags: Run = (args, ...rest) =>
    run.call(command, args[0] === "preview" ? [...args, ...flags] : args, ...rest);
  Reflect.set(command, "run", withFlags);
  try {
    const { stdout } = await stack.preview({ ...packs, onEvent, refresh, suppressProgress: true });
    return stdout;
  } finally {
    Reflect.set(command, "run", run);
  }
}
