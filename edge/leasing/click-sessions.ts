import { sql } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";
import { spansInTime } from "./in-time.ts";
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

/** A token and the time in which its uses are asked for, `[from, to)`: since its click, until a use that is judged. */
export type TokenUses = { nonce: string; from: Instant; to: Instant };

/**
 * The first `limit` visitors of a campaign who used each of these tokens, by nonce, earliest visits first. The visits
 * to its numbers in that time are read, in longer and longer spans until there are enough visitors: mostly a token is
 * used within seconds of its click, and a token that many use has its first visitors early. An index by token would be
 * a row more to write for every visit by a click.
 */
export async function firstVisitors(
  db: Db,
  of: { network_id: string; campaign_id: string },
  tokens: readonly TokenUses[],
  limit: number,
): Promise<Map<string, string[]>> {
  const pools = sql`SELECT id FROM pools WHERE network_id = ${of.network_id} AND campaign_id = ${of.campaign_id}`;
  const first = new Map(tokens.map(({ nonce }) => [nonce, [] as string[]]));
  const left = tokens.map(({ nonce, from, to }) => ({
    nonce,
    spans: spansInTime(from, to, "earliest_first"),
  }));
  const isOpen = (nonce: string) => (first.get(nonce)?.length ?? 0) < limit;
  for (;;) {
    const asked = left.flatMap(({ nonce, spans }) => {
      const span = isOpen(nonce) ? spans.next() : null;
      return span && !span.done ? [[nonce, span.value.from, span.value.to]] : [];
    });
    if (asked.length === 0) return first;
    const rows = await db.all<{ nonce: string; who: string }>(sql`
      SELECT r.value ->> 0 AS nonce, ${visitorKey("s")} AS who
      FROM json_each(${JSON.stringify(asked)}) r CROSS JOIN ${sessions} s
      WHERE s.number_key IN (SELECT a.number_key FROM number_assignments a WHERE a.pool_id IN (${pools}))
        AND s.pool_id IN (${pools}) AND s.leased_at >= r.value ->> 1 AND s.leased_at < r.value ->> 2 AND s.click_nonce = r.value ->> 0
      GROUP BY nonce, who ORDER BY min(s.leased_at), who`);
    for (const { nonce, who } of rows) {
      const known = first.get(nonce);
      if (known && isOpen(nonce) && !known.includes(who)) known.push(who);
    }
  }
}

/** An id is a site's own, so two sites may use the same one. */
function visitorKey(alias: "own" | "s") {
  const name = sql.raw(alias);
  return sql`coalesce(${name}.site_id || '/' || ${name}.visitor, ${name}.number_key || '@' || ${name}.leased_at)`;
}
