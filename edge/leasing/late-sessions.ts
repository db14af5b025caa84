import { and, desc, eq, gt, gte, lte } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";
import { LEASE_LIFE_MAX_MS } from "./pool/limits.ts";
import type { CandidateSession } from "./pool-port.ts";
import { encodeSessionId } from "./session-id.ts";
import type { SessionRow } from "./store.ts";
import { sessions } from "./tables.ts";

/**
 * The latest sessions of a pool's number that began by `at` and ended after `over_from`, as far as D1 tells how they stood
 * at `at`. `from`: none that began earlier, as it is known already.
 */
export async function sessionsOfNumber(
  db: Db,
  of: { number_key: number; pool_id: string },
  { from, over_from }: { from: Instant | null; over_from: Instant },
  at: Instant,
  limit: number,
): Promise<CandidateSession[]> {
  const rows = await db
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.number_key, of.number_key),
        gte(sessions.leased_at, from ?? over_from - LEASE_LIFE_MAX_MS),
        gt(sessions.expires_at, over_from),
        lte(sessions.leased_at, at),
        // A number may have been another pool's before.
        eq(sessions.pool_id, of.pool_id),
      ),
    )
    .orderBy(desc(sessions.leased_at))
    .limit(limit);
  return rows.map((row) => asOf(row, at));
}

/** What came after `at` is not known then: a session seen later is taken as seen at `at`. */
function asOf(row: SessionRow, at: Instant): CandidateSession {
  const {
    network_id: _n,
    pool_id: _p,
    revision: _r,
    held_until: _h,
    landing_path: _l,
    country: _c,
    ...visit
  } = row;
  return {
    ...visit,
    id: encodeSessionId(row),
    last_seen_at: Math.min(row.last_seen_at, at),
    closed_at: row.closed_at !== null && row.closed_at <= at ? row.closed_at : null,
    tel_clicks: row.tel_clicks.filter((moment) => moment <= at),
  };
}
