/** Makes docs/review.md from recorded documents: `node tools/ci/review-page.ts`; with `--check` it fails when the page is stale. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Generated, generate, root } from "../generated.ts";
import { commentOf } from "./commands/comment.ts";
import { checkLive, joined } from "./commands/drift.ts";
import { bodyOf } from "./commands/issue.ts";
import { type Engine, subjectOf } from "./commands/report.ts";
import { judge } from "./judge.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import type { Subject } from "./render.ts";
import type { World } from "./world.ts";

const page = "docs/review.md";
const commit = "0123456789abcdef0123456789abcdef01234567";
const url = "https://github.com/example/jwt-secret/actions/runs/1";

/** A scratch folder with the documents under the names that the pipeline gives them. */
async function withDocuments<T>(
  documents: Readonly<Record<string, string>>,
  work: (world: World) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "jwt-secret-review-"));
  try {
    for (const [name, recorded] of Object.entries(documents)) {
      copyFileSync(join(import.meta.dirname, "recorded", recorded), join(directory, name));
    }
    return await work(worldIn(directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const worldIn = (directory: string): World => ({
  env: { ...process.env, NO_COLOR: "1" },
  directory,
  stdout: { write: () => true },
  // Findings are what the page is about; the check has nothing else to say.
  stderr: { write: () => true },
});

function preview(name: string): Promise<Outcome> {
  return withDocuments({ "preview.json": `${name}.generated.json` }, async (world) => {
    const engine: Engine = { file: "preview.json", from: "preview", source: "pulumi preview", code: 0 };
    return outcomeOf(await subjectOf("staging", engine, world), world);
  });
}

async function configuration(environment: string): Promise<Outcome> {
  const world = worldIn(root);
  const report = await judge(["--environment", environment], world);
  const source = "the committed configuration, without a preview";
  return outcomeOf({ environment, from: "configuration", source, report }, world);
}

function drift(): Promise<Outcome> {
  const documents = { "refresh.json": "drift.generated.json", "services.json": "services.json" };
  return withDocuments(documents, async (world) => {
    const source = "pulumi refresh --preview-only, and gcloud run services list";
    const title = "What has drifted";
    const engine: Engine = { file: "refresh.json", from: "drift", source, code: 0, changesTitle: title };
    const stack = await subjectOf("staging", engine, world);
    const about = { file: "services.json", environment: "staging", project: "example-staging", code: 0 };
    const live = await checkLive(stack.report, about, world);
    const subject: Subject = { ...stack, report: joined(stack.report, live) };
    return outcomeOf(subject, world);
  });
}

const quoted = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");

/** The page with what the pipeline says about the recorded documents in the places of its template. */
export async function reviewPage(): Promise<Generated> {
  const template = readFileSync(join(import.meta.dirname, "review.template"), "utf8");
  const comment = (...outcomes: Outcome[]) => quoted(commentOf(outcomes, { commit, url }));
  const parts: Record<string, string> = {
    change: comment(await preview("change"), await configuration("production")),
    mismatch: comment(await preview("mismatch")),
    rotation: comment(await preview("rotation")),
    drift: quoted(bodyOf([await drift()], url)),
  };
  const text = template.replaceAll(/^\{\{(\w+)\}\}$/gm, (_, name: string) => parts[name] ?? "");
  return new Map([[page, text]]);
}

if (import.meta.main) generate(await reviewPage(), "node tools/ci/review-page.ts");
