/** The tests that mutants of the policy and the readers are held against: those that need no other process. */
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Whatever is constant in a rule dies at once in the first; random documents take longest. Most mutants die before. */
const first = ["/rules/index.test.ts"];
const last = ["/decide.test.ts", "/check.test.ts", "/input/json.test.ts", "/pulumi/outline.test.ts"];

class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isOne = (names: string[], { moduleId }: TestSpecification) =>
      names.some((end) => moduleId.endsWith(end));
    const rank = (file: TestSpecification) => Number(isOne(last, file)) - Number(isOne(first, file));
    return [...files].sort((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

export default defineConfig({
  root: join(import.meta.dirname, "..", ".."),
  test: {
    include: ["src/policy/**/*.test.ts", "src/documents/**/*.test.ts", "src/check.test.ts"],
    // The tests share no state; modules are loaded once per mutant instead of once per file.
    isolate: false,
    sequence: { sequencer: QuickFirst },
    testTimeout: 30_000,
  },
});
