import { mkdir, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildLocal } from "../../bin/build.ts";
import { DIST, ROOT } from "../../bin/paths.ts";

const SOURCES = ["shared", "edge", "tag", "dashboard", "bin"];
const LOCK = join(DIST, ".building");
const STAMP = join(DIST, "local", ".built");
const LOCK_STALE_MS = 60_000;
const POLL_MS = 100;

/**
 * Builds the local product unless the build is newer than every source file. Test files run in processes of
 * their own, so a folder is the lock: whoever makes it builds, the others wait for its end.
 */
export async function builtOnce(): Promise<void> {
  await mkdir(DIST, { recursive: true });
  for (;;) {
    if (await isFresh()) return;
    if (await takeLock()) break;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  try {
    const began = new Date();
    if (!(await isFresh())) {
      await buildLocal();
      await writeFile(STAMP, "");
      // What was edited while we built is newer than its build.
      await utimes(STAMP, began, began);
    }
  } finally {
    await rm(LOCK, { recursive: true, force: true });
  }
}

async function takeLock(): Promise<boolean> {
  try {
    await mkdir(LOCK);
    return true;
  } catch {
    const made = await stat(LOCK).catch(() => null);
    if (made && Date.now() - made.mtimeMs > LOCK_STALE_MS) await rm(LOCK, { recursive: true, force: true });
    return false;
  }
}

async function isFresh(): Promise<boolean> {
  const built = await stat(STAMP).catch(() => null);
  if (!built || (await exists(LOCK))) return false;
  for (const folder of SOURCES) {
    for (const name of await readdir(join(ROOT, folder), { recursive: true })) {
      const file = await stat(join(ROOT, folder, name)).catch(() => null);
      if (file?.isFile() && file.mtimeMs > built.mtimeMs) return false;
    }
  }
  return true;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
