import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { DIST } from "../../bin/paths.ts";
import { type Served, type ServeOptions, serve } from "../../bin/serve.ts";
import { builtOnce } from "./build.ts";
import { onceForAll } from "./once.ts";

export type Side = "network" | "advertiser" | "publisher";

/** The product as `SEED=demo npm start` serves it, on data of its own. */
export type DemoWorld = Served & {
  /** Signs this side's person in, by the demo's one click; pages of the context then belong to that side. */
  signIn(context: BrowserContext, side: Side): Promise<void>;
  stop(): Promise<void>;
};

const KEPT = join(DIST, "demo");
/** The demo's month ends when it is seeded; older than this, its newest calls would be missed by "today". */
const KEPT_MS = 60 * 60_000;
const LOCK_STALE_MS = 240_000;
const SEEDED = "seeded";

/** How long a test file should wait for the demo on a busy machine: a month is played, by one file for all. */
export const DEMO_TIMEOUT_MS = 240_000;

/**
 * Starts the product with the demo's month. Seeding is work, so one seeded folder serves a whole test run: each
 * caller gets a copy. It is seeded anew when the Worker was built to something else, or after an hour.
 */
export async function startDemo(options: Pick<ServeOptions, "provider_apis"> = {}): Promise<DemoWorld> {
  const folder = await mkdtemp(join(tmpdir(), "ringtrail-demo-"));
  const data_dir = join(folder, "data");
  await cp(await prepareDemo(), data_dir, { recursive: true });
  // A rebuild beside the test must not take the pages away from under it.
  for (const part of ["local", "dashboard"])
    await cp(join(DIST, part), join(folder, part), { recursive: true });
  const served = await serve({ port: 0, data_dir, built: folder, seed: "demo", clock: "system", ...options });
  await seed(served);
  return {
    ...served,
    async signIn(context, side) {
      const answer = await context.request.get(`${served.url}/demo/sign-in?as=${side}`, { maxRedirects: 0 });
      if (answer.status() !== 302) throw new Error(`the demo's ${side} was answered ${answer.status()}`);
    },
    async stop() {
      await served.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Builds the product and seeds the demo unless that is done; the folder with its data. */
export async function prepareDemo(): Promise<string> {
  await builtOnce();
  const worker = await readFile(join(DIST, "local", "worker.js"));
  const folder = join(KEPT, createHash("sha256").update(worker).digest("hex").slice(0, 16));
  const stamp = join(folder, SEEDED);
  await mkdir(KEPT, { recursive: true });
  await onceForAll({
    lock: join(KEPT, ".seeding"),
    stale_ms: LOCK_STALE_MS,
    isDone: async () => {
      const made = await stat(stamp).catch(() => null);
      return made !== null && Date.now() - made.mtimeMs < KEPT_MS;
    },
    work: async () => {
      for (const old of await readdir(KEPT)) {
        if (old !== ".seeding") await rm(join(KEPT, old), { recursive: true, force: true });
      }
      const served = await serve({ port: 0, data_dir: folder, seed: "demo", clock: "system" });
      await seed(served);
      await served.close();
      await writeFile(stamp, "");
    },
  });
  return folder;
}

/** What `npm start` asks for when the product is up; on seeded data it only moves the demo page to this origin. */
async function seed(served: Served): Promise<void> {
  const answer = await fetch(`${served.url}/demo/seed`, { method: "POST" });
  if (!answer.ok) throw new Error(`the demo cannot be seeded: ${answer.status} ${await answer.text()}`);
}
