import { defineConfig } from "vitest/config";

// against what hangs, not for what is slow: machines are shared
const slow = { testTimeout: 180_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    // two cores: more workers only wait for one another
    maxWorkers: 2,
    tags: [{ name: "long", description: "left by npm test to npm run test:full" }],
    projects: [
      { test: { name: "unit", include: ["src/**/*.test.ts"], ...slow } },
      {
        test: {
          name: "system",
          include: ["test/**/*.test.ts"],
          // npm run test:full has the others, in their full form
          exclude: [
            "test/full/**",
            "test/browser/kernel.test.ts",
            "test/faults/!(filter-crash|filter-fencing).test.ts",
          ],
          globalSetup: ["test/helpers/kafka.global.ts"],
          ...slow,
        },
      },
      {
        test: {
          name: "full",
          include: ["test/full/**/*.test.ts"],
          globalSetup: ["test/helpers/kafka.global.ts"],
          testTimeout: 900_000,
          hookTimeout: 300_000,
        },
      },
      {
        // every notebook in JupyterLab, of which npm test has one, and the kernel's buttons
        test: {
          name: "browser",
          include: ["test/browser/*.test.ts"],
          globalSetup: ["test/helpers/kafka.global.ts"],
          env: { BOOTCAMP_BROWSER: "full" },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        // the tests of faults in their full form
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          globalSetup: ["test/helpers/kafka.global.ts"],
          env: { BOOTCAMP_FAULTS: "full" },
          testTimeout: 900_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
