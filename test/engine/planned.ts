/**
 * What the deploy workflow does with one environment, in a sandbox: a preview that is reviewed, the same again with its
 * plan, an update by that plan. `node test/engine/planned.ts SANDBOX PROJECT PLAN`; prints JSON.
 */
import { previewDocument } from "../../sandbox/document.ts";
import { withSession } from "../../sandbox/session.ts";
import { readSettings } from "../../sandbox/settings.ts";
import { digestOf } from "../../tools/ci/digest.ts";
import { readPreviewDocument } from "../../tools/ci/document.ts";

const [sandbox = "", project = "", plan = ""] = process.argv.slice(2);
const settings = readSettings(["up", "staging", "--sandbox", sandbox, "--project", project]);
if (settings === "help") throw new Error("no settings");

/** The engine's errors, instead of the whole document that an error of the Automation API carries. */
function explain(error: unknown): never {
  const text = String(error);
  const messages = Array.from(text.matchAll(/"message": "(error.*)\\n"/g), ([, message]) => message);
  process.stderr.write(`${messages.length > 0 ? messages.join("\n") : text.slice(0, 2000)}\n`);
  process.exit(1);
}

await withSession(settings, async ({ stack }) => {
  const preview = async (...more: string[]) => {
    const flags = ["--json", "--show-sames", ...more];
    return readPreviewDocument(await previewDocument(stack, () => {}, false, flags), "the preview");
  };
  const reviewed = await preview();
  const again = await preview("--save-plan", plan);
  const { summary } = await stack.up({ plan, suppressProgress: true });
  const after = await preview();
  const digests = { reviewed: digestOf(reviewed), again: digestOf(again), after: digestOf(after) };
  process.stdout.write(JSON.stringify({ ...digests, changes: again.changeSummary, result: summary?.result }));
}).catch(explain);
