import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../bin/paths.ts";

describe("docs/operations.md", () => {
  it("explains every error that the phone side logs", () => {
    const page = readFileSync(join(ROOT, "docs/operations.md"), "utf8");
    const files = execFileSync("git", ["ls-files", "edge/journeys"], { cwd: ROOT, encoding: "utf8" })
      .split("\n")
      .filter((path) => /\/(phone\/[a-z-]+|inbound-call|call-progress|reconcile|upkeep)\.ts$/.test(path));
    const messages = files.flatMap((path) =>
      [...readFileSync(join(ROOT, path), "utf8").matchAll(/log\.error\(\s*"([^"]+)"/g)].map(
        (match) => match[1],
      ),
    );
    expect(messages.length).toBeGreaterThan(10);
    expect(messages.filter((message) => !page.includes(`\`${message}\``))).toEqual([]);
  });
});
