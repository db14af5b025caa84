import { and, asc, eq, gte, lt, sql } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";
import { onNumbersOf, readInTime } from "./in-time.ts";
import type { LeaseRef } from "./pool-port.ts";
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
  let after: LeaseRef = { leased_at: of.from, number_key: -1 };
  for (let page = PAGE; page === PAGE && spans.length < limit; ) {
    const rows = await nextSpans(db, of, after);
    page = rows.length;
    after = rows.at(-1) ?? after;
    spans.push(...rows.map(({ number_key: _, ...span }) => span));
  }
  return spans;
}

function nextSpans(
  db: Db,
  of: { network_id: string; pool_id: string; to: Instant },
  after: LeaseRef,
): Promise<(LeaseSpan & LeaseRef)[]> {
  const within = { from: after.leased_at, to: of.to, order: "earliest_first" } as const;
  return readInTime(within, PAGE, ({ from, to }, limit) =>
    db
      .select({
        number_key: sessions.number_key,
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
          onNumbersOf(of.network_id, sessions.number_key),
          eq(sessions.pool_id, of.pool_id),
          gte(sessions.leased_at, from),
          lt(sessions.leased_at, to),
          sql`(${sessions.leased_at}, ${sessions.number_key}) > (${after.leased_at}, ${after.number_key})`,
        ),
      )
      .orderBy(asc(sessions.leased_at), asc(sessions.number_key))
      .limit(limit),
  );
}
