import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { COMPATIBILITY_DATE } from "../../bin/serve.ts";

export type SideWorker = { url: string; miniflare: Miniflare; stop(): Promise<void> };

/** A Worker beside the product that takes the same requests, on a workerd of its own, with its state on the same disk. */
export async function startSideWorker(
  name: string,
  worker: { script: string } & Record<string, unknown>,
): Promise<SideWorker> {
  const folder = await mkdtemp(join(tmpdir(), `ringtrail-${name}-`));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      resourcePersistencePath: folder,
      workers: [
        {
          name,
          modules: true,
          compatibilityDate: COMPATIBILITY_DATE,
          unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
          ...worker,
        },
      ],
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  await miniflare.ready;
  return {
    url: (await miniflare.unsafeGetDirectURL(name)).origin,
    miniflare,
    async stop() {
      await miniflare.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
