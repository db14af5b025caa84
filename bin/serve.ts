import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { migrate } from "./migrate.ts";
import { DIST } from "./paths.ts";

export type ServeOptions = {
  /** 0 takes a free port. */
  port: number;
  /** All local state lives here; a new folder is a new, empty product. */
  data_dir: string;
  public_url?: string;
  seed: "demo" | "none";
  clock: "system" | "header";
  /** Networks with a database of their own: from network to `DB_1`, `DB_2` … (edge/platform/databases.ts). */
  network_databases?: Record<string, string>;
  /** Where providers' APIs are instead, by provider: fakes of them, for tests. */
  provider_apis?: Record<string, string>;
  /** By which requests that are forwarded for visitors prove it. */
  proxy_token?: string;
  /** Page views a minute that an address may ask a pool with; no limit unless told, as one machine plays all visitors. */
  leases_per_minute?: number;
  /** The data folder has every migration already, so nothing is asked. */
  migrated?: boolean;
  /** Print what the Worker logs. */
  verbose?: boolean;
  /** The build that is served, `dist` unless told: what is open in a browser must outlive a rebuild. */
  built?: string;
  /** False: no dashboard. */
  dashboard?: boolean;
  /** Called when Miniflare has taken the process's signals, which it answers by leaving with 128 + their number. */
  signals_taken?: () => void;
  /** For benchmarks: also a Worker that reads a POST and answers 150 bytes of JSON, on the same workerd. */
  reference?: boolean;
};

export type Served = {
  url: string;
  miniflare: Miniflare;
  d1: Awaited<ReturnType<Miniflare["getD1Database"]>>;
  close(): Promise<void>;
};

export const COMPATIBILITY_DATE = "2026-11-01";

/** Between finding a free port and listening there another process may take it: how often another one is tried. */
const PORT_TRIES = 5;

/** Runs the built local Worker (`local` in `built`) on workerd with D1, KV and the Pool object on disk, migrated. */
export async function serve(options: ServeOptions): Promise<Served> {
  await mkdir(options.data_dir, { recursive: true });
  if (options.port !== 0) return serveAt(options, options.port);
  for (let left = PORT_TRIES; ; left--) {
    try {
      return await serveAt(options, await freePort());
    } catch (error) {
      if (left === 0 || (error as { code?: string }).code !== "ERR_ADDRESS_IN_USE") throw error;
    }
  }
}

async function serveAt(options: ServeOptions, port: number): Promise<Served> {
  const url = `http://127.0.0.1:${port}`;
  const direct = options.reference ? { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] } : {};
  const dashboard = dashboardWorker(options);
  const ringtrail = {
    ...(await productWorker(options, url)),
    ...(dashboard && { serviceBindings: { ASSETS: dashboard.name } }),
    ...direct,
  };
  const reference = { ...REFERENCE_WORKER, ...direct };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port,
      log: new Log(options.verbose ? LogLevel.INFO : LogLevel.ERROR),
      resourcePersistencePath: options.data_dir,
      cf: false,
      workers: [ringtrail, ...(dashboard ? [dashboard] : []), ...(options.reference ? [reference] : [])],
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  options.signals_taken?.();
  try {
    await miniflare.ready;
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
  const d1 = await miniflare.getD1Database("DB", "ringtrail");
  if (!options.migrated) await migrate(d1 as never);
  for (const binding of new Set(Object.values(options.network_databases ?? {}))) {
    await migrate((await miniflare.getD1Database(binding, "ringtrail")) as never);
  }
  return { url, miniflare, d1, close: () => miniflare.dispose() };
}

/** The same bindings as wrangler.toml gives the deployed Worker. */
async function productWorker(options: ServeOptions, url: string): Promise<Record<string, unknown>> {
  const built = options.built ?? DIST;
  const local = join(built, "local");
  return {
    name: "ringtrail",
    stripCfConnectingIp: false,
    modulesRoot: local,
    modules: await modulesIn(local),
    compatibilityDate: COMPATIBILITY_DATE,
    compatibilityFlags: ["nodejs_compat"],
    d1Databases: {
      DB: "ringtrail",
      ...Object.fromEntries(Object.values(options.network_databases ?? {}).map((name) => [name, name])),
    },
    kvNamespaces: { PLANS: "plans" },
    r2Buckets: { ARCHIVE: "archive" },
    durableObjects: { POOL: { className: "Pool", useSQLite: true } },
    ...(options.leases_per_minute && {
      ratelimits: {
        LEASE_RATE: { namespace_id: "1001", simple: { limit: options.leases_per_minute, period: 60 } },
      },
    }),
    bindings: {
      MASTER_KEY: await masterKey(options.data_dir),
      PUBLIC_URL: options.public_url ?? url,
      PROXY_TOKEN: options.proxy_token ?? "",
      SEED: options.seed,
      CLOCK: options.clock,
      NETWORK_DATABASES: JSON.stringify(options.network_databases ?? {}),
      PROVIDER_APIS: JSON.stringify(options.provider_apis ?? {}),
    },
  };
}

/**
 * The dashboard's files, in a Worker of their own that the product asks for them: as assets of the product's, every
 * request would pass Miniflare's routers first, which are JavaScript here: a third fewer page views a second.
 */
function dashboardWorker({ built = DIST, dashboard = true }: ServeOptions) {
  const directory = join(built, "dashboard");
  if (!dashboard || !existsSync(join(directory, "index.html"))) return null;
  return {
    name: "dashboard",
    modules: true,
    compatibilityDate: COMPATIBILITY_DATE,
    script: "export default { fetch: (request, env) => env.ASSETS.fetch(request) };",
    assets: {
      directory,
      binding: "ASSETS",
      assetConfig: { not_found_handling: "single-page-application" },
    },
  };
}

/** The Worker's modules, the entry first. */
async function modulesIn(folder: string): Promise<{ type: "ESModule"; path: string }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".js") && name !== "worker.js");
  return ["worker.js", ...names].map((name) => ({ type: "ESModule", path: join(folder, name) }));
}

/** Where the reference answers behind the product's port. */
export const REFERENCE_PATH = "/__reference";

/** What every speed is measured against: read the POST, answer 150 bytes of JSON. */
const REFERENCE_WORKER = {
  name: "reference",
  routes: [`*${REFERENCE_PATH}`],
  modules: true,
  compatibilityDate: COMPATIBILITY_DATE,
  script: `const answer = JSON.stringify({ ok: true, pad: "x".repeat(128) });
export default { async fetch(request) {
  await request.text();
  return new Response(answer, { headers: { "content-type": "application/json" } });
} };`,
};

/** The local installation's own key, made once and kept beside its data. */
async function masterKey(data_dir: string): Promise<string> {
  const path = join(data_dir, "master-key");
  if (!existsSync(path)) await writeFile(path, randomBytes(32).toString("base64url"), { mode: 0o600 });
  return (await readFile(path, "utf8")).trim();
}

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
