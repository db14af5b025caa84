import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    // Generous, because a machine may be busy; nothing waits for these but a test that hangs.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    // Two cores, and one file more at once: a browser test waits for its page as long as it works.
    maxWorkers: 3,
    pool: "forks",
    // A file may run in a process that has run others: importing everything anew for each costs a fifth of the whole.
    // So a file leaves nothing behind: no fake clock, no changed global, no open server.
    isolate: false,
  },
});
