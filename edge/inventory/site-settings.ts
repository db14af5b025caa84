import { eq, sql } from "drizzle-orm";
import type { TagOptions } from "../../shared/api/tag-options.ts";
import type { Instant } from "../../shared/instant.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Db, Statement } from "../platform/db.ts";
import type { Failure } from "../platform/problem.ts";
import { splitFacts } from "./pools.ts";
import { type Cached, type CacheSource, SettingsCache } from "./settings-cache.ts";
import { sites } from "./tables.ts";

/** The part of the services that reading settings needs. */
export type SettingsSource = CacheSource & {
  directory: { db: Db };
  network(network_id: string): { db: Db };
  ofPoolKey(pool_key: number): { db: Db };
};

/** A pool as its object wants it (`PoolSettings` of the leasing room). */
export type PoolFacts = {
  pool_id: string;
  pool_key: number;
  network_id: string;
  lease_ttl_s: number;
  cooldown_s: number;
  late_window_s: number;
  assignment_version: number;
  /** Kept for visitors of tracking links, where the campaign has such links. */
  reserved_share?: number;
  objects?: number;
  objects_ever?: number;
  split_settled_at?: Instant;
  /** While no number is free, one whose holder is not seen any more is lent. */
  share?: true;
};

/** Everything a page view needs to know of its site. */
export type SiteSettings = {
  site_id: string;
  site_key: string;
  network_id: string;
  campaign_id: string;
  publisher_id: string | null;
  origins: string[];
  swap_numbers: string[];
  gpc: "cookieless" | "static";
  tag_options: TagOptions;
  pool: PoolFacts;
  /** Whom every number of the pool proves. */
  pool_publisher_id: string | null;
  /** A pause of the campaign: leases stop, calls to numbers already shown are routing's business. */
  paused_at: Instant | null;
  resume_at: Instant | null;
  /** The same of the site's publisher in the campaign. Its static number leads nowhere then, either. */
  publisher_paused_at: Instant | null;
  publisher_resume_at: Instant | null;
  /** Shown when no number can be leased: the site's publisher's own, or the campaign's for a site of nobody's. */
  static_number: string | null;
  /** The page keeps its own number while the pool has none free, also where there is a static one. */
  keeps_page_number: boolean;
  /** Shown to programs that read pages, never to a person. */
  honeypot_number: string | null;
};

/** A pool by its short key, with the sites whose pages show its numbers. */
export type PoolDoor = {
  pool: PoolFacts;
  sites: { site_id: string; origins: string[]; swap_numbers: string[] }[];
};

const sitesByKey = new SettingsCache<string, SiteSettings>();
const doorsByKey = new SettingsCache<number, PoolDoor>();

/** The settings of a site in use by its public key. `not_found` for any other key, `unavailable` without D1. */
export async function siteSettings(
  source: SettingsSource,
  site_key: string,
): Promise<Result<SiteSettings, Failure>> {
  const cached = await sitesByKey.get(source, site_key, async (older) => {
    const network_id = older?.network_id ?? (await networkOfSite(source, site_key));
    return network_id === null ? null : readSite(source.network(network_id).db, site_key);
  });
  return resultOf(cached, "site");
}

/**
 * The pool that a lease token names. Keys are unique across networks: each database hands out its own range of them.
 */
export async function poolDoor(source: SettingsSource, pool_key: number): Promise<Result<PoolDoor, Failure>> {
  return resultOf(await doorsByKey.get(source, pool_key, () => readDoor(source, pool_key)), "pool");
}

/** Moves a site's `last_page_view_at` forward. */
export function notePageView(db: Db, site_id: string, now: Instant): Statement {
  return db
    .update(sites)
    .set({ last_page_view_at: sql`max(coalesce(${sites.last_page_view_at}, 0), ${now})` })
    .where(eq(sites.id, site_id));
}

function resultOf<V>(cached: Cached<V>, what: string): Result<V, Failure> {
  if (cached.kind === "found") return ok(cached.value);
  if (cached.kind === "absent") return err({ kind: "not_found", what });
  return err({ kind: "unavailable", detail: "The settings cannot be read just now." });
}

/** A fifth of a pool's numbers is kept for visitors with a proven click, if there are links to click on. */
const RESERVED_SHARE = 0.2;

const POOL_COLUMNS = sql`p.id AS pool_id, p.key AS pool_key, p.network_id, p.lease_ttl_s, p.cooldown_s,
  p.late_window_s, p.assignment_version, p.objects, p.objects_ever, p.split_settled_at,
  p.when_empty, CASE WHEN EXISTS (SELECT 1 FROM tracking_links l
    WHERE l.network_id = p.network_id AND l.campaign_id = p.campaign_id AND l.retired_at IS NULL) THEN ${RESERVED_SHARE} ELSE 0 END AS reserved_share`;

type PoolRow = PoolFacts & { when_empty: "static" | "page" | "share" };

type SiteRow = PoolRow & {
  site_id: string;
  campaign_id: string;
  publisher_id: string | null;
  origins: string;
  swap_numbers: string;
  gpc: SiteSettings["gpc"];
  tag_options: string;
  pool_publisher_id: string | null;
  paused_at: number | null;
  resume_at: number | null;
  publisher_paused_at: number | null;
  publisher_resume_at: number | null;
  static_number: string | null;
  honeypot_number: string | null;
};

async function networkOfSite(source: SettingsSource, site_key: string): Promise<string | null> {
  const [entry] = await source.directory.db.all<{ network_id: string }>(
    sql`SELECT network_id FROM directory_entries WHERE key = ${site_key} AND kind = 'site'`,
  );
  return entry?.network_id ?? null;
}

/** One read over the tables of three rooms, because a page waits for it: one round trip, never several. */
async function readSite(db: Db, site_key: string): Promise<SiteSettings | null> {
  const [row] = await db.all<SiteRow>(sql`
    SELECT ${POOL_COLUMNS}, s.id AS site_id, s.campaign_id, s.publisher_id, s.origins, s.swap_numbers, s.gpc,
      s.tag_options,
      p.publisher_id AS pool_publisher_id, c.paused_at, c.resume_at,
      e.paused_at AS publisher_paused_at, e.resume_at AS publisher_resume_at,
      (SELECT n.e164 FROM number_assignments a JOIN numbers n ON n.key = a.number_key
        WHERE a.pool_id IS NULL AND a.to_at IS NULL AND a.campaign_id = s.campaign_id AND a.is_honeypot = 0
          AND a.publisher_id IS s.publisher_id AND n.retired_at IS NULL AND n.paused_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM number_rests r WHERE r.number_key = n.key)
        ORDER BY n.key LIMIT 1) AS static_number,
      (SELECT n.e164 FROM number_assignments a JOIN numbers n ON n.key = a.number_key
        WHERE a.is_honeypot = 1 AND a.to_at IS NULL AND a.campaign_id = s.campaign_id
          AND n.retired_at IS NULL AND n.paused_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM number_rests r WHERE r.number_key = n.key)
        ORDER BY n.key LIMIT 1) AS honeypot_number
    FROM sites s JOIN pools p ON p.id = s.pool_id JOIN campaigns c ON c.id = s.campaign_id
      LEFT JOIN enrollments e ON e.campaign_id = s.campaign_id
        AND e.publisher_id = coalesce(p.publisher_id, s.publisher_id)
    WHERE s.key = ${site_key} AND s.retired_at IS NULL`);
  if (!row) return null;
  return {
    site_id: row.site_id,
    site_key,
    network_id: row.network_id,
    campaign_id: row.campaign_id,
    publisher_id: row.publisher_id,
    origins: JSON.parse(row.origins) as string[],
    swap_numbers: JSON.parse(row.swap_numbers) as string[],
    gpc: row.gpc,
    tag_options: JSON.parse(row.tag_options) as TagOptions,
    pool: poolFacts(row),
    pool_publisher_id: row.pool_publisher_id,
    paused_at: row.paused_at,
    resume_at: row.resume_at,
    publisher_paused_at: row.publisher_paused_at,
    publisher_resume_at: row.publisher_resume_at,
    static_number: row.static_number,
    keeps_page_number: row.when_empty === "page",
    honeypot_number: row.honeypot_number,
  };
}

async function readDoor(source: SettingsSource, pool_key: number): Promise<PoolDoor | null> {
  const { db } = source.ofPoolKey(pool_key);
  const [row] = await db.all<PoolRow & { sites: string }>(sql`
    SELECT ${POOL_COLUMNS},
      (SELECT json_group_array(json_object('site_id', s.id, 'origins', json(s.origins),
        'swap_numbers', json(s.swap_numbers)))
       FROM sites s WHERE s.network_id = p.network_id AND s.pool_id = p.id AND s.retired_at IS NULL) AS sites
    FROM pools p WHERE p.key = ${pool_key}`);
  return row ? { pool: poolFacts(row), sites: JSON.parse(row.sites) as PoolDoor["sites"] } : null;
}

/** Only these fields: they travel to the pool's object with every question. */
function poolFacts(row: PoolRow): PoolFacts {
  const { pool_id, pool_key, network_id, lease_ttl_s, cooldown_s, late_window_s, assignment_version } = row;
  const facts = { pool_id, pool_key, network_id, lease_ttl_s, cooldown_s, late_window_s, assignment_version };
  const { objects = 1, objects_ever = 1, split_settled_at = 0 } = row;
  return {
    ...facts,
    ...splitFacts({ objects, objects_ever, split_settled_at }),
    ...(row.reserved_share ? { reserved_share: row.reserved_share } : {}),
    ...(row.when_empty === "share" && { share: true as const }),
  };
}
