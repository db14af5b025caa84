import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../bin/paths.ts";

describe("npm run simulate", () => {
  it.each([
    ["an option it does not know", ["--bogus", "1"]],
    ["an option without its value", ["--seed"]],
    ["a word that is no option", ["ample"]],
    ["a number that is none", ["--days", "two"]],
    ["a scenario it does not know", ["--scenario", "drought"]],
  ])("given %s says how it is used and exits 2", (_, args) => {
    const run = spawnSync("node", ["bin/simulate.ts", ...args], { cwd: ROOT, encoding: "utf8" });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("npm run simulate -- [--seed S]");
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect(run.stdout).toBe("");
  });
});
