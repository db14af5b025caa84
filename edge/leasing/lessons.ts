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

/** Every `each`-th of them, oldest first. */
export type LeaseSample = { leases: LeaseSpan[]; each: number };

/**
 * The leases of a pool that began within `[from, to)`, called or not: all of them, or as many evenly over that time as
 * `limit` allows. None of its days may be missing, for a call that is weighed against no time looks likely.
 */
export async function leaseSpans(
  db: Db,
  of: { network_id: string; pool_id: string; from: Instant; to: Instant },
  limit: number,
): Promise<LeaseSample> {
  let leases: LeaseSpan[] = [];
  let each = 1;
  let seen = 0;
  let after: LeaseRef = { leased_at: of.from, number_key: -1 };
  for (let page = PAGE; page === PAGE; ) {
    const rows = await nextSpans(db, of, after);
    page = rows.length;
    after = rows.at(-1) ?? after;
    for (const { number_key: _, ...span } of rows) {
      if (seen % each === 0) leases.push(span);
      seen += 1;
      if (leases.length <= limit) continue;
      leases = leases.filter((_, i) => i % 2 === 0);
      each *= 2;
    }
  }
  return { leases, each };
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
