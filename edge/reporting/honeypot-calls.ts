import { sql } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";

/** Calls to a campaign's honeypots, by how many callers, and how often these called the pool's numbers afterwards. */
export type HoneypotCalls = { calls: number; callers: number; later_calls: number };

/** Calls since `from` to what was a honeypot of the campaign at their moment. Few in any network, so they are counted. */
export async function honeypotCalls(
  db: Db,
  of: { network_id: string; campaign_id: string; pool_id: string; from: Instant },
): Promise<HoneypotCalls> {
  const [row] = await db.all<HoneypotCalls>(sql`
    WITH caught AS MATERIALIZED (
      SELECT c.id, c.from_hash, c.started_at FROM calls c
      WHERE c.network_id = ${of.network_id} AND c.is_honeypot = 1 AND c.is_test = 0 AND c.started_at >= ${of.from}
        AND EXISTS (SELECT 1 FROM number_assignments a
          WHERE a.number_key = c.number_key AND a.campaign_id = ${of.campaign_id} AND a.is_honeypot = 1))
    SELECT count(*) AS calls, count(DISTINCT coalesce(from_hash, id)) AS callers,
      (SELECT count(*) FROM (SELECT from_hash, min(started_at) AS first_at FROM caught
          WHERE from_hash IS NOT NULL GROUP BY from_hash) f
        JOIN calls l ON l.network_id = ${of.network_id} AND l.from_hash = f.from_hash AND l.started_at > f.first_at
        WHERE l.pool_id = ${of.pool_id} AND l.is_test = 0) AS later_calls
    FROM caught`);
  return row ?? { calls: 0, callers: 0, later_calls: 0 };
}
