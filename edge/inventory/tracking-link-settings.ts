import { and, eq, inArray, sql } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Db, Statement } from "../platform/db.ts";
import type { Failure } from "../platform/problem.ts";
import { SettingsCache } from "./settings-cache.ts";
import type { SettingsSource } from "./site-settings.ts";
import { clicks, trackingLinks } from "./tracking-link-tables.ts";
import type { TrackingLinkRow } from "./tracking-links.ts";

const linksByKey = new SettingsCache<string, TrackingLinkRow>();

/**
 * A tracking link by its public key, retired or not, at most five seconds old while D1 answers. `networkOf` asks the
 * directory whose key it is. `not_found` for any other key, `unavailable` without D1 and a copy.
 */
export async function trackingLinkByKey(
  source: SettingsSource,
  key: string,
  networkOf: (key: string) => Promise<string | null>,
): Promise<Result<TrackingLinkRow, Failure>> {
  const cached = await linksByKey.get(source, key, async (older) => {
    const network_id = older?.network_id ?? (await networkOf(key));
    return network_id === null ? null : readLink(source.network(network_id).db, key);
  });
  if (cached.kind === "found") return ok(cached.value);
  if (cached.kind === "absent") return err({ kind: "not_found", what: "tracking link" });
  return err({ kind: "unavailable", detail: "This link cannot be followed just now." });
}

async function readLink(db: Db, key: string): Promise<TrackingLinkRow | null> {
  const [row] = await db.select().from(trackingLinks).where(eq(trackingLinks.key, key)).limit(1);
  return row ?? null;
}

/** A person's click as it is counted; sub ids the click did not bring are the link's. */
export type Click = {
  nonce: string;
  clicked_at: Instant;
  query: string;
  subs: Partial<Record<"sub1" | "sub2" | "sub3" | "sub4" | "sub5", string>>;
  region: string | null;
};

/** Counts a click: two rows written, the index's included. The same nonce again changes nothing. */
export function countClick(db: Db, link: TrackingLinkRow, click: Click): Statement {
  const { nonce, clicked_at, query, subs, region } = click;
  return db
    .insert(clicks)
    .values({
      link_id: link.id,
      nonce,
      network_id: link.network_id,
      clicked_at,
      query,
      sub1: subs.sub1 ?? link.sub1,
      sub2: subs.sub2 ?? link.sub2,
      sub3: subs.sub3 ?? link.sub3,
      sub4: subs.sub4 ?? link.sub4,
      sub5: subs.sub5 ?? link.sub5,
      region,
    })
    .onConflictDoNothing();
}

/** Tracking links of a network by id, retired ones too: what they proved they prove for ever. */
export async function trackingLinksById(
  db: Db,
  network_id: string,
  ids: readonly string[],
): Promise<Map<string, TrackingLinkRow>> {
  if (ids.length === 0) return new Map();
  const listed = sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const rows = await db
    .select()
    .from(trackingLinks)
    .where(and(eq(trackingLinks.network_id, network_id), inArray(trackingLinks.id, listed)));
  return new Map(rows.map((row) => [row.id, row]));
}

export type ClickRow = typeof clicks.$inferSelect;

/** The click behind a token; null when it was not counted. */
export async function findClick(db: Db, link_id: string, nonce: string): Promise<ClickRow | null> {
  const [row] = await db
    .select()
    .from(clicks)
    .where(and(eq(clicks.link_id, link_id), eq(clicks.nonce, nonce)))
    .limit(1);
  return row ?? null;
}
