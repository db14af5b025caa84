import { and, asc, eq, gte, lt, sql } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";
import { sessions } from "./tables.ts";

/** Leases read in one statement. */
const PAGE = 5_000;

/** A lease by what says how long it was open and how long it has been left. */
export type LeaseSpan = {
  leased_at: Instant;
  last_seen_at: Instant;
  closed_at: Instant | null;
  device: "mobile" | "desktop";
  publisher_id: string | null;
  presses: number;
};

/** The leases of a pool that began within `[from, to)`, oldest first, `limit` at most: called or not. */
export async function leaseSpans(
  db: Db,
  of: { network_id: string; pool_id: string; from: Instant; to: Instant },
  limit: number,
): Promise<LeaseSpan[]> {
  const spans: LeaseSpan[] = [];
  for (let page = PAGE; page === PAGE && spans.length < limit; ) {
    const rows: LeaseSpan[] = await db
      .select({
        leased_at: sessions.leased_at,
        last_seen_at: sessions.last_seen_at,
        closed_at: sessions.closed_at,
        device: sessions.device,
        publisher_id: sessions.publisher_id,
        presses: sql<number>`json_array_length(${sessions.tel_clicks})`,
      })
      .from(sessions)
      .where(
        and(
          eq(sessions.network_id, of.network_id),
          eq(sessions.pool_id, of.pool_id),
          gte(sessions.leased_at, of.from),
          lt(sessions.leased_at, of.to),
        ),
      )
      .orderBy(asc(sessions.leased_at), asc(sessions.number_key))
      .limit(PAGE)
      .offset(spans.length);
    page = rows.length;
    spans.push(...rows);
  }
  return spans;
}
