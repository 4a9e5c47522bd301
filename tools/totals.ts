/** A vitest reporter whose last line is the totals of all suites: `N passed, N failed`. */
import type { Reporter, TestModule } from "vitest/node";

export default class Totals implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    let skipped = 0;
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "failed") failed += 1;
        else skipped += 1;
      }
      // A file that does not load has no tests, and is a failure all the same.
      if (module.state() === "failed" && !tests.some((test) => test.result().state === "failed")) failed += 1;
    }
    // After the other reporters' own summaries, which are printed in the same turn.
    process.on("exit", () => {
      process.stdout.write(
        `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`,
      );
    });
  }
}
