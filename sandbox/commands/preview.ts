/** `npm run preview`: what an update would change, from the real engine, without changing anything. */
import { previewDocument } from "../document.ts";
import { explainFailure } from "../engine-errors.ts";
import { watch } from "../events.ts";
import { heading, print } from "../print.ts";
import { withSession } from "../session.ts";
import type { Settings } from "../settings.ts";
import { judge } from "../verdict.ts";
import { summaryOf } from "./up.ts";

/** Previews and prints; gives the exit code. With `--json`, the engine's own document is all that is printed. */
export async function preview(settings: Settings): Promise<number> {
  return await withSession(settings, async ({ stack, packs }) => {
    const { watched, onEvent } = watch(settings.json ? () => {} : print);
    if (!settings.json) heading(`pulumi preview --stack ${settings.environment}`);
    let document: string;
    try {
      document = await previewDocument(stack, onEvent, settings.refresh, undefined, packs);
    } catch (error) {
      throw explainFailure(error, watched, settings);
    }
    if (settings.json) {
      print(document);
      return 0;
    }
    print(`  ${summaryOf(watched.changes)}`);
    heading("Policy");
    const { text, exitCode } = judge(document, "pulumi preview --json");
    print(text.trimEnd());
    return exitCode;
  });
}
