import { defineConfig } from "vitest/config";

/**
 * Three suites: `unit` beside the code, `acceptance` runs the commands as users do, `engine` deploys on the real
 * Pulumi engine. The time limits are there to end a hanging test, not to measure anything.
 */
export default defineConfig({
  test: {
    reporters: ["default", "./tools/totals.ts"],
    // Engine tests wait for processes more than they compute.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "src/**/*.test.ts",
            "policy-pack/**/*.test.ts",
            "sandbox/**/*.test.ts",
            "tools/**/*.test.ts",
            "test/unit/**/*.test.ts",
            "test/prove/**/*.test.ts",
          ],
          setupFiles: ["test/unit/seed.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "acceptance",
          include: ["test/acceptance/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          globalSetup: ["test/engine/setup.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
