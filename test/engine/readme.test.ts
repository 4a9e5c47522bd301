/** The README's commands print what the README shows. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "../../sandbox/home.ts";
import { normalise, outputBlocks } from "../../tools/blocks.ts";
import { isTests, outputOf, pages, projectFor } from "../../tools/docs.ts";

const showing = pages.filter((page) => outputBlocks(readFileSync(join(root, page), "utf8")).length > 0);

describe.each(showing)("%s", (page) => {
  const folder = mkdtempSync(join(tmpdir(), "jwt-secret-readme-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const sandbox = join(folder, "sandbox");
  const project = projectFor(page, folder);
  // The tests do not run themselves; everything else is run in the page's order, in one sandbox.
  const blocks = outputBlocks(readFileSync(join(root, page), "utf8")).filter(
    ({ command }) => !isTests(command),
  );

  test.each(blocks)("$command", async ({ command, text }) => {
    const printed = await outputOf(command, sandbox, project);
    expect(normalise(printed, { root, sandbox })).toBe(normalise(text, { root, sandbox }));
  });
});
