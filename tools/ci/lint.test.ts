import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Linter, lint, linters } from "./lint.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jwt-secret-lint-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A linter that is there already, and says what the code does. */
const linter = (code: string, more: Partial<Linter> = {}): Linter => ({
  name: "a linter",
  needs: "node",
  fetch: ["-e", ""],
  program: process.execPath,
  args: ["-e", code],
  ...more,
});

test("a linter that ends well found nothing, one that does not found something", () => {
  expect(lint(linter(""), folder).outcome).toBe("clean");
  const found = lint(linter("console.log('line 3: wrong'); process.exit(1)"), folder);
  expect(found).toEqual({ outcome: "findings", text: "line 3: wrong" });
});

test("a linter that cannot be had is skipped, with the reason", () => {
  const program = join(folder, "nowhere");
  expect(lint(linter("", { program, needs: "no-such-program" }), folder)).toEqual({
    outcome: "skipped",
    text: "no-such-program is not here",
  });
  const offline = ["-e", "console.error('no network'); process.exit(1)"];
  const skipped = lint(linter("", { program, needs: process.execPath, fetch: offline }), folder);
  expect(skipped.outcome).toBe("skipped");
  expect(skipped.text).toContain("no network");
});

const broken = `on: push
permissions: write-all
jobs:
  one:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: echo \${{ github.event.head_commit.message }} \${{ nothing.here }}
`;

// They are fetched by npm run lint:workflows, which .ci/run does first.
for (const real of linters) {
  test.skipIf(!existsSync(real.program))(`${real.name} finds what is wrong in a workflow`, () => {
    mkdirSync(join(folder, ".github", "workflows"), { recursive: true });
    mkdirSync(join(folder, ".git"));
    writeFileSync(join(folder, ".github", "workflows", "broken.yml"), broken);
    expect(lint(real, folder).outcome).toBe("findings");
  });
}
