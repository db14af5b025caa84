import { and, asc, eq, isNull, lte, sql } from "drizzle-orm";
import { REST_DEFAULT_S, type TrackingNumber } from "../../shared/api/inventory.ts";
import { type Instant, SECOND_MS } from "../../shared/instant.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Db, Statement } from "../platform/db.ts";
import type { Place } from "./assign.ts";
import { numberView, type RestRow, type SeenNumber } from "./numbers.ts";
import { CACHED_MS, numbersChanged } from "./pools.ts";
import { numberAssignments, numberRests, numbers } from "./tables.ts";

/**
 * Sends a number to another campaign by way of a rest of `rest_s` seconds: nobody is shown it any more, calls to it are
 * still those of the campaign it leaves, and then upkeep moves it. A rest under way begins anew.
 */
export function restNumber(
  ground: Ground,
  viewer: Viewer,
  seen: SeenNumber,
  place: Place,
  rest_s: number,
): Change<TrackingNumber> {
  const { db, now } = ground;
  const { key: number_key, network_id, id } = seen.number;
  const rest: RestRow = {
    number_key,
    network_id,
    since_at: now,
    until_at: now + rest_s * SECOND_MS,
    ...place,
  };
  const { since_at, until_at } = rest;
  const rests = db
    .insert(numberRests)
    .values(rest)
    .onConflictDoUpdate({ target: numberRests.number_key, set: { since_at, until_at, ...place } });
  const pool_id = seen.assignment?.pool_id ?? null;
  return {
    result: numberView(viewer, { ...seen, rest }),
    subject_id: id,
    statements: [rests, ...(pool_id === null ? [] : [numbersChanged(db, pool_id)])],
    detail: { from: seen.assignment?.campaign_id ?? null, ...place, until_at },
  };
}

/** Ends a number's rest, whatever it was to become. */
export function wake(db: Db, number_key: number): Statement {
  return db.delete(numberRests).where(eq(numberRests.number_key, number_key));
}

/**
 * Lets new numbers of a pool rest which were somebody's until lately: for a week where that was another campaign, since
 * people still hold them in their hands, and else as long as the last visitor who was shown them may keep them.
 * A static number stands on somebody's page or van already and cannot be kept from sight. The rows are in place by then,
 * so the one statement finds them by their ids.
 */
export function restReused(db: Db, ids: readonly string[], now: Instant): Statement {
  const week_ms = sql.raw(String(REST_DEFAULT_S * SECOND_MS));
  const until = sql`max(past.to_at + CASE WHEN past.campaign_id <> now.campaign_id THEN ${week_ms} ELSE ${heldBy()} END)`;
  return db.insert(numberRests).select(
    sql`SELECT n.key, n.network_id, CAST(${now} AS INTEGER), ${until}, NULL, NULL, NULL, 0
      FROM json_each(${JSON.stringify(ids)}) j JOIN numbers n ON n.id = j.value
        JOIN number_assignments now ON now.number_key = n.key AND now.pool_id IS NOT NULL
        JOIN numbers o ON o.e164 = n.e164 AND o.key <> n.key
        JOIN number_assignments past ON past.number_key = o.key
        LEFT JOIN pools p ON p.id = past.pool_id
      WHERE past.to_at IS NOT NULL
      GROUP BY n.key HAVING ${until} > ${now}`,
  );
}

/**
 * Lets a number rest in the pool it is in by now, as long as the last visitor of the pool that it left may keep it: that
 * pool has lent it until this moment, though it is said to have left it earlier.
 */
export function restMovedLate(db: Db, number_key: number, left_pool_id: string, now: Instant): Statement {
  return db.insert(numberRests).select(
    sql`SELECT CAST(${number_key} AS INTEGER), p.network_id, CAST(${now} AS INTEGER),
        CAST(${now} AS INTEGER) + ${heldBy()}, NULL, NULL, NULL, 0
      FROM pools p WHERE p.id = ${left_pool_id}`,
  );
}

/** How long a visitor may keep a number of the pool `p` that is lent no more: lease, cool-down, cached settings. */
const heldBy = () => sql.raw(`1000 * (p.lease_ttl_s + p.cooldown_s) + ${CACHED_MS}`);

/** A rest that is over: the number, and where it goes; null: it stays, or what it was to serve is retired. */
export type RestOver = { seen: SeenNumber; place: Place | null };

/** Whether the pool, the campaign or the publisher that a number was sent to has been retired since. */
const LEADS_NOWHERE = sql<
  0 | 1
>`EXISTS (SELECT 1 FROM pools p WHERE p.id = number_rests.pool_id AND p.retired_at IS NOT NULL)
  OR EXISTS (SELECT 1 FROM campaigns c WHERE c.id = number_rests.campaign_id AND c.retired_at IS NOT NULL)
  OR EXISTS (SELECT 1 FROM organizations o WHERE o.id = number_rests.publisher_id AND o.retired_at IS NOT NULL)`;

export async function restsOver(
  db: Db,
  network_id: string,
  now: Instant,
  limit: number,
): Promise<RestOver[]> {
  const rows = await db
    .select({
      number: numbers,
      assignment: numberAssignments,
      rest: numberRests,
      leads_nowhere: LEADS_NOWHERE,
    })
    .from(numberRests)
    .innerJoin(numbers, eq(numbers.key, numberRests.number_key))
    .leftJoin(
      numberAssignments,
      and(eq(numberAssignments.number_key, numbers.key), isNull(numberAssignments.to_at)),
    )
    .where(and(eq(numberRests.network_id, network_id), lte(numberRests.until_at, now)))
    .orderBy(asc(numberRests.until_at))
    .limit(limit);
  return rows.map(({ number, assignment, rest, leads_nowhere }) => {
    const { campaign_id, pool_id, publisher_id, is_honeypot } = rest;
    const goes = campaign_id !== null && leads_nowhere === 0;
    const place = goes ? { campaign_id, pool_id, publisher_id, is_honeypot } : null;
    return { seen: { number, assignment, rest }, place };
  });
}

/** A number that stays where it is may be shown again. */
export function stay(db: Db, { seen }: RestOver): Statement[] {
  const pool_id = seen.assignment?.pool_id ?? null;
  return [wake(db, seen.number.key), ...(pool_id === null ? [] : [numbersChanged(db, pool_id)])];
}
