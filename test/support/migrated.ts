import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DIST, ROOT } from "../../bin/paths.ts";
import { serve } from "../../bin/serve.ts";
import { onceForAll } from "./once.ts";

const MIGRATIONS = join(ROOT, "edge/migrations");
const KEPT = join(DIST, "migrated");
const LOCK_STALE_MS = 60_000;

/**
 * Fills a new data folder with a migrated, empty product. Migrating takes longer than all else that a test's own
 * product needs to start, so it is done once for each state of the migrations and copied. The product is built.
 */
export async function copyMigrated(data_dir: string): Promise<void> {
  const folder = join(KEPT, await digestOfMigrations());
  const stamp = `${folder}.done`;
  await mkdir(KEPT, { recursive: true });
  await onceForAll({
    lock: join(KEPT, ".migrating"),
    stale_ms: LOCK_STALE_MS,
    isDone: async () => (await stat(stamp).catch(() => null)) !== null,
    work: async () => {
      await rm(folder, { recursive: true, force: true });
      const served = await serve({ port: 0, data_dir: folder, seed: "none", clock: "header" });
      await served.close();
      // Each product makes a key of its own.
      await rm(join(folder, "master-key"));
      await writeFile(stamp, "");
    },
  });
  await cp(folder, data_dir, { recursive: true });
}

async function digestOfMigrations(): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir(MIGRATIONS)).sort()) {
    hash.update(name).update(await readFile(join(MIGRATIONS, name)));
  }
  return hash.digest("hex").slice(0, 16);
}
