import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuiltFile, place } from "../bin/place.ts";

/** Several copies start from one checkout: whoever reads a build while another one is put in place gets a whole one. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ringtrail-place-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SIZE = 200_000;
/** A build whose every byte is its name's letter; the entry says which part it loads. */
function build(letter: string): BuiltFile[] {
  const contents = Buffer.alloc(SIZE, letter);
  return [
    { path: "dist/worker.js", contents: Buffer.from(`part-${letter}.js`) },
    { path: `dist/part-${letter}.js`, contents },
  ];
}

describe("a build", () => {
  it("is whole whenever its entry is read, while builds follow one another", async () => {
    await place(folder, "worker.js", build("a"));
    let placed = 0;
    const builders = ["a", "a", "a"].map(async (letter) => {
      for (let i = 0; i < 10; i++) {
        await place(folder, "worker.js", build(letter));
        placed += 1;
      }
    });
    while (placed < 30) {
      const part = await readFile(join(folder, "worker.js"), "utf8");
      const contents = await readFile(join(folder, part));
      expect(contents.equals(Buffer.alloc(SIZE, "a"))).toBe(true);
    }
    await Promise.all(builders);
  });

  it("leaves nothing of the one before, and of another that is on its way everything", async () => {
    const unfinished = ".00000000-0000-4000-8000-000000000000";
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, unfinished), "");
    await writeFile(join(folder, ".built"), "");
    await place(folder, "worker.js", build("b"));
    expect((await readdir(folder)).sort()).toEqual([unfinished, "part-b.js", "worker.js"]);
  });
});
