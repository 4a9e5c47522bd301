/** The README's commands print what the README shows. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "../../sandbox/home.ts";
import { normalise, outputBlocks } from "../../tools/blocks.ts";
import { isTests, outputOf, pages } from "../../tools/docs.ts";

const sandbox = mkdtempSync(join(tmpdir(), "jwt-secret-readme-"));
afterAll(() => rmSync(sandbox, { recursive: true, force: true }));

describe.each(pages)("%s", (page) => {
  // The tests do not run themselves; everything else is run in the page's order, in one sandbox.
  const blocks = outputBlocks(readFileSync(join(root, page), "utf8")).filter(
    ({ command }) => !isTests(command),
  );

  test.each(blocks)("$command", async ({ command, text }) => {
    const printed = await outputOf(command, sandbox);
    expect(normalise(printed, { root, sandbox })).toBe(normalise(text, { root, sandbox }));
  });
});
