import { type SQL, sql } from "drizzle-orm";
import { HOUR_MS, type Instant } from "../../../shared/instant.ts";
import { onNumbersOf } from "../in-time.ts";

/**
 * Counts sessions and refusals by pool and hour. A session is no arrival when it continues the one before it: the
 * same visitor came by another click, which closed that session and began this one at the same instant.
 */
const ARRIVES = sql`1 - coalesce((SELECT p.held_until = s.leased_at AND p.expires_at = p.held_until
    AND p.closed_at IS NOT NULL AND p.visitor IS s.visitor AND p.pool_id = s.pool_id
  FROM sessions p WHERE p.number_key = s.number_key AND p.leased_at < s.leased_at
  ORDER BY p.leased_at DESC LIMIT 1), 0)`;

const HOUR = sql.raw(String(HOUR_MS));
const LEASED_HOUR = sql`s.leased_at - s.leased_at % ${HOUR}`;

/** A lease lives four hours at most, so it reaches into the four hours after its own. */
export const REACH_MS = 4 * HOUR_MS;
const HOURS_REACHED = sql.raw("'[0, 1, 2, 3, 4]'");

/** Whose sessions: `from` names the table `sessions` as `s`, `where` chooses among them by all but time. */
export type Scope = { sessions: { from: SQL; where: SQL }; refusals: SQL };

/** Every session and refusal of a network. */
export function ofNetwork(network_id: string): Scope {
  return {
    sessions: { from: sql`sessions s`, where: onNumbersOf(network_id, sql`s.number_key`) },
    refusals: sql`b.network_id = ${network_id}`,
  };
}

/**
 * Those of one pool, found by the numbers it has or had: the rows read are its own, however large the network.
 */
export function ofPool(network_id: string, pool_id: string, number_keys: readonly number[]): Scope {
  const keys = JSON.stringify(number_keys);
  return {
    sessions: {
      from: sql`json_each(${keys}) n CROSS JOIN sessions s ON s.number_key = n.value`,
      where: sql`s.pool_id = ${pool_id}`,
    },
    refusals: sql`b.network_id = ${network_id} AND b.pool_id = ${pool_id}`,
  };
}

/**
 * A SELECT of `pool_id, hour_at, arrivals, refused, leased_ms, occupied_ms` over the hours of `[from, to)`, whole
 * UTC hours. Leases that still run count until `now` as occupied, and until they are due to end as leased.
 */
export function countedHours(scope: Scope, from: Instant, to: Instant, now: Instant): SQL {
  const { sessions, refusals } = scope;
  const between = (first: Instant) => sql`s.leased_at >= ${first} AND s.leased_at < ${to}`;
  return sql`
    SELECT pool_id, hour_at, CAST(sum(arrivals) AS INTEGER) AS arrivals, CAST(sum(refused) AS INTEGER) AS refused,
      CAST(sum(leased_ms) AS INTEGER) AS leased_ms, CAST(sum(occupied_ms) AS INTEGER) AS occupied_ms
    FROM (
      SELECT s.pool_id, ${LEASED_HOUR} AS hour_at, ${ARRIVES} AS arrivals, 0 AS refused,
        s.expires_at - s.leased_at AS leased_ms, 0 AS occupied_ms
      FROM ${sessions.from} WHERE ${sessions.where} AND ${between(from)}
      UNION ALL
      SELECT s.pool_id, ${LEASED_HOUR} + h.value * ${HOUR}, 0, 0, 0,
        max(0, min(s.expires_at, ${now}, ${LEASED_HOUR} + (h.value + 1) * ${HOUR})
          - max(s.leased_at, ${LEASED_HOUR} + h.value * ${HOUR}))
      FROM ${sessions.from} CROSS JOIN json_each(${HOURS_REACHED}) h
      WHERE ${sessions.where} AND ${between(from - REACH_MS)}
        AND s.expires_at > ${LEASED_HOUR} + h.value * ${HOUR}
      UNION ALL
      SELECT b.pool_id, b.hour_at, 0, b.visitors, 0, 0 FROM blocked_sessions b
      WHERE ${refusals} AND b.reason = 'pool_empty' AND b.hour_at >= ${from} AND b.hour_at < ${to}
    )
    WHERE hour_at >= ${from} AND hour_at < ${to}
    GROUP BY pool_id, hour_at`;
}

/** A SELECT of one number: visitors who were given a number within `[from, to)`, any two moments. */
export function countedArrivals(scope: Scope, from: Instant, to: Instant): SQL {
  const { from: table, where } = scope.sessions;
  return sql`SELECT CAST(coalesce(sum(${ARRIVES}), 0) AS INTEGER) AS arrivals
    FROM ${table} WHERE ${where} AND s.leased_at >= ${from} AND s.leased_at < ${to}`;
}
