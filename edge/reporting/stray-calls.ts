import { type SQL, sql } from "drizzle-orm";
import type { StrayCalls } from "../../shared/api/inventory.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";

const STRAYS_MAX = 200;

/** Nobody held the number: the latest lease before the call had ended, cool-down included. */
const WAS_FREE = sql`coalesce((SELECT s.held_until FROM sessions s
  WHERE s.number_key = c.number_key AND s.leased_at <= c.started_at
  ORDER BY s.leased_at DESC LIMIT 1), 0) <= c.started_at`;

const GROUPED = (why: string): SQL => sql`c.to_e164 AS e164, c.number_key, ${why} AS why, count(*) AS calls,
  count(DISTINCT coalesce(c.from_hash, c.id)) AS callers, max(c.started_at) AS last_call_at`;

/**
 * Calls since `from` to numbers of a network that were nobody's, or a pool's and free at that moment, by number, most
 * unexplained first. A number printed or pasted somewhere shows here; so do people who call days after their visit,
 * whose calls a visit explains.
 */
export function strayCalls(
  db: Db,
  of: { network_id: string; from: Instant; pool_id?: string | undefined },
): Promise<StrayCalls[]> {
  const free = sql`SELECT ${GROUPED("free")}, c.pool_id, c.campaign_id, sum(c.method = 'none') AS unexplained
    FROM calls c WHERE c.network_id = ${of.network_id} AND c.started_at >= ${of.from}
      AND ${of.pool_id === undefined ? sql`c.pool_id IS NOT NULL` : sql`c.pool_id = ${of.pool_id}`}
      AND c.is_test = 0 AND ${WAS_FREE}
    GROUP BY c.to_e164, c.number_key, c.pool_id, c.campaign_id`;
  const unassigned = sql`SELECT ${GROUPED("unassigned")}, NULL AS pool_id, NULL AS campaign_id, count(*) AS unexplained
    FROM calls c WHERE c.network_id = ${of.network_id} AND c.started_at >= ${of.from} AND c.campaign_id IS NULL
    GROUP BY c.to_e164, c.number_key`;
  const strays = of.pool_id === undefined ? sql`${free} UNION ALL ${unassigned}` : free;
  return db.all<StrayCalls>(sql`SELECT t.e164, n.id AS number_id, t.pool_id, t.campaign_id, t.why, t.calls, t.callers,
      t.unexplained, t.last_call_at FROM (${strays}) t
    LEFT JOIN numbers n ON n.key = t.number_key
    ORDER BY t.unexplained DESC, t.calls DESC, t.e164 LIMIT ${STRAYS_MAX}`);
}
