import { mkdir, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildLocal } from "../../bin/build.ts";
import { DIST, ROOT } from "../../bin/paths.ts";
import { onceForAll } from "./once.ts";

const SOURCES = ["shared", "edge", "tag", "dashboard", "bin"];
const STAMP = join(DIST, "local", ".built");
const LOCK_STALE_MS = 60_000;

/** Builds the local product unless the build is newer than every source file. */
export async function builtOnce(): Promise<void> {
  await mkdir(DIST, { recursive: true });
  await onceForAll({
    lock: join(DIST, ".building"),
    stale_ms: LOCK_STALE_MS,
    isDone: isFresh,
    work: async () => {
      const began = new Date();
      await buildLocal();
      await writeFile(STAMP, "");
      // What was edited while we built is newer than its build.
      await utimes(STAMP, began, began);
    },
  });
}

async function isFresh(): Promise<boolean> {
  const built = await stat(STAMP).catch(() => null);
  if (!built) return false;
  for (const folder of SOURCES) {
    for (const name of await readdir(join(ROOT, folder), { recursive: true })) {
      const file = await stat(join(ROOT, folder, name)).catch(() => null);
      if (file?.isFile() && file.mtimeMs > built.mtimeMs) return false;
    }
  }
  return true;
}
