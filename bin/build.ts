import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildDashboard } from "./build-dashboard.ts";
import { buildTag } from "./build-tag.ts";
import { buildWorker } from "./build-worker.ts";
import { DIST } from "./paths.ts";

/** What `npm start` and the tests run: the Worker with demo, sandbox and `/__local`, and the dashboard. */
export async function buildLocal(): Promise<void> {
  await Promise.all([buildWorker({ local: true }), buildDashboard()]);
}

/** `npm run build`: everything that is deployed, and what it weighs, in `dist/sizes.json`. */
async function main(): Promise<void> {
  const tag = await buildTag();
  const [worker, dashboard] = await Promise.all([buildWorker({ local: false }), buildDashboard()]);
  const sizes = { tag: tag.sizes, worker, dashboard };
  await mkdir(DIST, { recursive: true });
  await writeFile(join(DIST, "sizes.json"), `${JSON.stringify(sizes, null, 2)}\n`);
  console.log(JSON.stringify(sizes, null, 2));
}

if (import.meta.main) await main();
