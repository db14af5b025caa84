import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildTag } from "../bin/build-tag.ts";
import { ROOT } from "../bin/paths.ts";

/** What the README claims and can be measured. */
describe("the README", () => {
  it("states the tag's measured size", async () => {
    const [{ sizes }, readme] = await Promise.all([buildTag(), readFile(join(ROOT, "README.md"), "utf8")]);
    const stated = /The tag weighs ([\d,]+) bytes \(brotli\)/.exec(readme)?.[1]?.replaceAll(",", "");
    expect(Number(stated)).toBe(sizes.ringtrail.brotli);
  });

  it("names commands that exist", async () => {
    const readme = await readFile(join(ROOT, "README.md"), "utf8");
    const scripts = (
      JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> }
    ).scripts;
    const named = [...readme.matchAll(/npm (?:run )?(start|test|[a-z]+)(?=[`\s])/g)].map(
      (match) => match[1] ?? "",
    );
    expect(named.filter((name) => !(name in scripts) && name !== "ci")).toEqual([]);
  });
});
