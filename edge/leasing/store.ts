import { and, desc, eq, gte, inArray, isNull, lt, type SQL, sql, sum } from "drizzle-orm";
import type { BlockedReason } from "../../shared/api/leases.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Db, Statement } from "../platform/db.ts";
import type { BlockedCount } from "./blocked-counts.ts";
import { endsInTime, onNumbersOf, readInTime } from "./in-time.ts";
import type { LeaseRef } from "./pool-port.ts";
import { blockedSessions, sessions } from "./tables.ts";

export type SessionRow = typeof sessions.$inferSelect;

export type SessionFilter = {
  from?: Instant | undefined;
  to?: Instant | undefined;
  pool_id?: string | undefined;
  site_id?: string | undefined;
};

/**
 * A network sees all sessions, a publisher those that are proven its own, an advertiser those on its own sites
 * (a publisher's page would tell who the publisher is). Which sites these are the inventory says: `own_sites`.
 */
function visibleTo(viewer: Viewer, own_sites: readonly string[]): SQL[] {
  const { network_id } = viewer;
  const where = [eq(sessions.network_id, network_id), onNumbersOf(network_id, sessions.number_key)];
  if (viewer.kind === "publisher") where.push(eq(sessions.publisher_id, viewer.organization_id));
  if (viewer.kind === "advertiser") {
    // One bound value however many sites: D1 takes at most 100 in a statement.
    const listed = sql`(SELECT value FROM json_each(${JSON.stringify(own_sites)}))`;
    where.push(isNull(sessions.publisher_id), inArray(sessions.site_id, listed));
  }
  return where;
}

/** The sessions this viewer may see, newest first, one more than `limit` if there are. */
export async function listSessions(
  db: Db,
  viewer: Viewer,
  own_sites: readonly string[],
  filter: SessionFilter,
  page: { limit: number; after: LeaseRef | null },
): Promise<SessionRow[]> {
  const { network_id } = viewer;
  const where = visibleTo(viewer, own_sites);
  if (filter.pool_id !== undefined) where.push(eq(sessions.pool_id, filter.pool_id));
  if (filter.site_id !== undefined) where.push(eq(sessions.site_id, filter.site_id));
  const until = Math.min(filter.to ?? Number.MAX_SAFE_INTEGER, (page.after?.leased_at ?? Infinity) + 1);
  if (page.after) {
    const { leased_at, number_key } = page.after;
    where.push(sql`(${sessions.leased_at}, ${sessions.number_key}) < (${leased_at}, ${number_key})`);
  }
  const ends = await endsInTime(db, network_id, filter.from ?? 0, until);
  if (!ends) return [];
  const within = { from: ends.first_at, to: ends.last_at + 1, order: "latest_first" } as const;
  return readInTime(within, page.limit + 1, ({ from, to }, limit) =>
    db
      .select()
      .from(sessions)
      .where(and(...where, gte(sessions.leased_at, from), lt(sessions.leased_at, to)))
      .orderBy(desc(sessions.leased_at), desc(sessions.number_key))
      .limit(limit),
  );
}

export async function findSession(
  db: Db,
  viewer: Viewer,
  own_sites: readonly string[],
  ref: LeaseRef,
): Promise<SessionRow | null> {
  const named = [eq(sessions.number_key, ref.number_key), eq(sessions.leased_at, ref.leased_at)];
  const [row] = await db
    .select()
    .from(sessions)
    .where(and(...visibleTo(viewer, own_sites), ...named));
  return row ?? null;
}

/** `shared`: a number was lent, but another visitor may have it in hand as well. */
export type Blocked = {
  network_id: string;
  site_id: string;
  pool_id: string;
  reason: BlockedReason | "shared";
};

/**
 * Adds to the page views that got no number of their own alone, by hour, site and reason; a visitor counts only the first
 * time in the hour, and only where the pool was asked. Nothing personal.
 */
export function countBlocked(db: Db, { blocked, visitors, ...by }: BlockedCount): Statement {
  return db
    .insert(blockedSessions)
    .values({ ...by, blocked, visitors })
    .onConflictDoUpdate({
      target: [
        blockedSessions.network_id,
        blockedSessions.hour_at,
        blockedSessions.site_id,
        blockedSessions.reason,
      ],
      set: {
        blocked: sql`${blockedSessions.blocked} + ${blocked}`,
        visitors: sql`${blockedSessions.visitors} + ${visitors}`,
      },
    });
}

/** Page views of a pool's sites since `from`, a whole UTC hour, that got no number of their own, by reason. */
export async function blockedByReason(
  db: Db,
  of: { network_id: string; pool_id: string; from: Instant },
): Promise<Record<string, number>> {
  const rows = await db
    .select({ reason: blockedSessions.reason, blocked: sum(blockedSessions.blocked).mapWith(Number) })
    .from(blockedSessions)
    .where(
      and(
        eq(blockedSessions.network_id, of.network_id),
        gte(blockedSessions.hour_at, of.from),
        eq(blockedSessions.pool_id, of.pool_id),
      ),
    )
    .groupBy(blockedSessions.reason);
  return Object.fromEntries(rows.map(({ reason, blocked }) => [reason, blocked]));
}
