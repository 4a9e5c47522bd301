import { defineConfig } from "vitest/config";

/** Three suites: `unit` beside the code, `acceptance` runs the commands as users do, `engine` deploys on the real Pulumi engine. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["src/**/*.test.ts", "sandbox/**/*.test.ts", "test/unit/**/*.test.ts"] } },
      {
        test: {
          name: "acceptance",
          include: ["test/acceptance/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 900_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
