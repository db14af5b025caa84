import { sql } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";
import type { LeaseRef } from "./pool-port.ts";
import { sessions } from "./tables.ts";

/** A visit, who made it, and a click token that this visitor brought with it or with an earlier one. */
export type TokenOfVisit = LeaseRef & {
  visitor: string;
  link_id: string | null;
  nonce: string | null;
  used_at: Instant | null;
};

/** No visitor's older tokens are looked at: each lives 30 days at most. */
const TOKENS_PER_VISIT = 8;

/**
 * Who made these visits and which click tokens they had brought by then, the latest eight each; a visit without any
 * is one row of nulls, one that D1 does not have yet none. A visitor without an id is known by the visit alone.
 * A visit costs two look-ups, whatever the number of sessions.
 */
export function selectTokensOfVisits(db: Db, refs: readonly LeaseRef[]) {
  const asked = JSON.stringify(refs.map(({ number_key, leased_at }) => [number_key, leased_at]));
  return db
    .select({
      number_key: sql<number>`t.number_key`.as("number_key"),
      leased_at: sql<number>`t.leased_at`.as("leased_at"),
      visitor: sql<string>`t.who`.as("who"),
      link_id: sql<string | null>`t.click_link`.as("click_link"),
      nonce: sql<string | null>`t.click_nonce`.as("click_nonce"),
      used_at: sql<number | null>`t.used_at`.as("used_at"),
    })
    .from(
      sql`(SELECT own.number_key, own.leased_at, ${visitorKey("own")} AS who, s.click_link, s.click_nonce,
          s.leased_at AS used_at,
          row_number() OVER (PARTITION BY own.number_key, own.leased_at ORDER BY s.leased_at DESC) AS place
        FROM json_each(${asked}) r
          JOIN ${sessions} own ON own.number_key = r.value ->> 0 AND own.leased_at = r.value ->> 1
          LEFT JOIN ${sessions} s ON s.visitor = own.visitor AND s.click_nonce IS NOT NULL
            AND s.leased_at <= own.leased_at AND s.site_id = own.site_id) AS t`,
    )
    .where(sql`t.place <= ${TOKENS_PER_VISIT}`);
}

/** The first `limit` visitors who used each of these tokens, by nonce, earliest visits first. */
export async function firstVisitors(
  db: Db,
  nonces: readonly string[],
  limit: number,
): Promise<Map<string, string[]>> {
  const rows = await db.all<{ nonce: string; who: string }>(sql`
    SELECT nonce, who FROM (
      SELECT nonce, who, row_number() OVER (PARTITION BY nonce ORDER BY first_at, who) AS place FROM (
        SELECT s.click_nonce AS nonce, ${visitorKey("s")} AS who, min(s.leased_at) AS first_at
        FROM ${sessions} s
        WHERE s.click_nonce IN (SELECT value FROM json_each(${JSON.stringify(nonces)}))
        GROUP BY nonce, who))
    WHERE place <= ${limit} ORDER BY nonce, place`);
  const first = new Map<string, string[]>();
  for (const { nonce, who } of rows) first.set(nonce, [...(first.get(nonce) ?? []), who]);
  return first;
}

/** An id is a site's own, so two sites may use the same one. */
function visitorKey(alias: "own" | "s") {
  const name = sql.raw(alias);
  return sql`coalesce(${name}.site_id || '/' || ${name}.visitor, ${name}.number_key || '@' || ${name}.leased_at)`;
}
