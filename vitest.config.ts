import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more files at once only make workerd and Chromium wait for each other.
    maxWorkers: 2,
    pool: "forks",
  },
});
