import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { migrate } from "../../bin/migrate.ts";
import { COMPATIBILITY_DATE } from "../../bin/serve.ts";
import type {
  CandidatesAsk,
  LeaseAnswer,
  LeaseAsk,
  NoteAsk,
  PoolSettings,
  RenewAsk,
  VisitFacts,
} from "../../edge/leasing/pool-port.ts";
import type { Cost } from "./pool-worker.ts";

/** Saturday 2026-11-21 12:00 UTC. */
export const NOON = Date.UTC(2026, 10, 21, 12);

export type Step =
  | { method: "lease"; ask: LeaseAsk }
  | { method: "renew"; ask: RenewAsk }
  | { method: "note"; ask: NoteAsk }
  | { method: "candidates"; ask: CandidatesAsk }
  | { method: "occupancy" | "flush"; ask: { now: number; pool: PoolSettings } }
  | { method: "ring" | "tables"; ask: null }
  | { method: "tamper"; ask: string };

export type RunOptions = { together?: boolean; fault?: "none" | "throw" | "hang" };

type D1 = Awaited<ReturnType<Miniflare["getD1Database"]>>;

export type Pools = {
  d1: D1;
  /** Runs steps in a pool's object, one after the other or all at once. */
  run<T = LeaseAnswer>(
    pool: string,
    steps: Step[],
    options?: RunOptions,
  ): Promise<{ answers: T[]; cost: Cost }>;
  /** The object loses its memory, as by an eviction or a crash. */
  evict(pool: string): Promise<void>;
  stop(): Promise<void>;
};

/** The Pool object and a migrated D1 on workerd, with the pools and numbers asked for. */
export async function startPools(): Promise<Pools> {
  const folder = await mkdtemp(join(tmpdir(), "ringtrail-pool-"));
  const script = join(folder, "worker.js");
  await build({
    entryPoints: [join(import.meta.dirname, "pool-worker.ts")],
    outfile: script,
    bundle: true,
    format: "esm",
    target: "es2024",
    external: ["cloudflare:*"],
    define: { __LOCAL__: "true" },
    logLevel: "error",
  });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      resourcePersistencePath: join(folder, "data"),
      cf: false,
      name: "pools",
      rootPath: folder,
      modules: true,
      modulesRoot: folder,
      scriptPath: script,
      compatibilityDate: COMPATIBILITY_DATE,
      d1Databases: { DB: "ringtrail" },
      durableObjects: { POOL: { className: "CountedPool", useSQLite: true } },
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  const url = await miniflare.ready;
  const d1 = await miniflare.getD1Database("DB");
  await migrate(d1 as never);
  await d1.batch([
    d1.prepare(
      "INSERT INTO organizations (id, network_id, kind, name, alias, timezone, created_at) VALUES ('org_n', 'org_n', 'network', 'N', 'N-1', 'UTC', 1)",
    ),
    d1.prepare(
      `INSERT INTO campaigns (id, network_id, advertiser_id, name, timezone, currency, destination_number,
         attribution_floor, uncertain_payout, bill_own_traffic, created_at, updated_at)
       VALUES ('cmp_1', 'org_n', 'org_n', 'C', 'UTC', 'USD', '+14155550100', 0.9, 'withhold', 0, 1, 1)`,
    ),
    d1.prepare(
      "INSERT INTO telephony_accounts (id, network_id, provider, name, account_sid, auth_token_sealed, created_at) VALUES ('tel_1', 'org_n', 'sandbox', 'T', 'AC1', 'x', 1)",
    ),
  ]);
  return {
    d1,
    async run<T>(pool: string, steps: Step[], options: RunOptions = {}) {
      const body = JSON.stringify({ pool, steps, ...options });
      const response = await fetch(url, { method: "POST", body });
      if (!response.ok)
        throw new Error(`the pool worker answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as { answers: T[]; cost: Cost };
    },
    evict: (name) => miniflare.unsafeEvictDurableObject("pools", "CountedPool", { name }),
    async stop() {
      await miniflare.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

let made = 0;

export type MadePool = { pool: PoolSettings; numbers: { number_key: number; e164: string }[] };

/** Makes a pool of `count` numbers in D1; its settings, and its numbers in order. */
export async function makePool(
  pools: Pools,
  count: number,
  settings: Partial<PoolSettings> = {},
): Promise<MadePool> {
  made += 1;
  const pool: PoolSettings = {
    pool_id: `pol_${made}`,
    pool_key: made,
    network_id: "org_n",
    lease_ttl_s: 1_800,
    cooldown_s: 900,
    late_window_s: 30 * 86_400,
    assignment_version: 1,
    ...settings,
  };
  const numbers = Array.from({ length: count }, (_, i) => ({
    number_key: made * 1_000 + i,
    e164: `+1628${String(made * 1_000 + i).padStart(7, "0")}`,
  }));
  const { pool_id, pool_key, lease_ttl_s, cooldown_s, late_window_s } = pool;
  await pools.d1.batch([
    pools.d1
      .prepare(
        `INSERT INTO pools (id, key, network_id, campaign_id, name, lease_ttl_s, cooldown_s, late_window_s, created_at)
         VALUES (?, ?, 'org_n', 'cmp_1', 'P', ?, ?, ?, 1)`,
      )
      .bind(pool_id, pool_key, lease_ttl_s, cooldown_s, late_window_s),
    ...assign(pools.d1, pool_id, numbers, 1),
  ]);
  return { pool, numbers };
}

/** Statements that make numbers known to D1 and assign them to a pool from a moment on; two, however many numbers. */
export function assign(d1: D1, pool_id: string, numbers: MadePool["numbers"], from_at: number) {
  const listed = JSON.stringify(numbers.map(({ number_key, e164 }) => [number_key, e164]));
  return [
    d1
      .prepare(
        `INSERT OR IGNORE INTO numbers (key, id, network_id, telephony_account_id, e164, created_at)
         SELECT value ->> 0, 'num_' || (value ->> 0), 'org_n', 'tel_1', value ->> 1, 1 FROM json_each(?)`,
      )
      .bind(listed),
    d1
      .prepare(
        `INSERT INTO number_assignments (id, network_id, number_key, from_at, campaign_id, pool_id)
         SELECT 'asg_' || (value ->> 0) || '_' || CAST(?2 AS INTEGER), 'org_n', value ->> 0, CAST(?2 AS INTEGER), 'cmp_1', ?3
         FROM json_each(?1)`,
      )
      .bind(listed, from_at, pool_id),
  ];
}

export const VISIT: VisitFacts = {
  site_id: "sit_1",
  landing_url: "https://advertiser.example/quote?utm_source=google",
  landing_path: "/quote",
  referrer: "https://www.google.com/",
  source: "google",
  medium: "cpc",
  campaign: "spring",
  term: "roof repair",
  content: "",
  channel: "paid_search",
  click_ids: { gclid: "abc" },
  device: "mobile",
  country: "US",
  region: "US-CA",
  publisher_id: null,
  publisher_proof: "none",
  click_link: null,
  click_nonce: null,
  data: {},
};

/** A page view of a visitor with an id. */
export function view(pool: PoolSettings, visitor: string, now: number, more: Partial<LeaseAsk> = {}): Step {
  return {
    method: "lease",
    ask: {
      now,
      pool,
      visitor,
      visitor_key: `sit_1/${visitor}`,
      prefix: null,
      host: "",
      verified_click: null,
      held: null,
      touch_key: "",
      visit: VISIT,
      ...more,
    },
  };
}

/** A lease that was made, by its answer. */
export function refOf(answer: LeaseAnswer | undefined): { number_key: number; leased_at: number } {
  if (answer?.kind !== "granted") throw new Error(`not a lease: ${JSON.stringify(answer)}`);
  return { number_key: answer.number_key, leased_at: answer.leased_at };
}
