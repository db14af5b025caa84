import { and, asc, eq, isNotNull, isNull, lte, type SQL, sql } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import type { CallRow } from "./store.ts";
import { calls } from "./tables.ts";

/** Which calls the clock alone gives something to do. Each list is short: what is done leaves it. */

/** Calls whose judgement is to be looked at again by now: a hold or a wait is over. Longest due first, then oldest. */
export async function callsToReview(
  db: Db,
  network_id: string,
  now: Instant,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .select({ id: calls.id })
    .from(calls)
    .where(and(eq(calls.network_id, network_id), lte(calls.held_until, now)))
    .orderBy(asc(calls.held_until), asc(calls.started_at))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** What `held_until` says of a call that is due, and to be attributed again before it is judged. */
export const ATTRIBUTE_AGAIN: Instant = 0;

/** Due by `now`; what was due before stays so, and stays marked. */
export function dueBy(now: Instant): SQL {
  return sql`min(coalesce(${calls.held_until}, ${now}), ${now})`;
}

/** Has upkeep judge this call again, should whoever writes this not come to it. */
export function markForReview(db: Db, call_id: string, now: Instant): Statement {
  return db
    .update(calls)
    .set({ held_until: dueBy(now) })
    .where(eq(calls.id, call_id));
}

/** Has whoever settles these calls next, upkeep at the latest, attribute them again. One statement. */
export function markForAttribution(db: Db, call_ids: readonly string[]): Statement {
  return db
    .update(calls)
    .set({ held_until: ATTRIBUTE_AGAIN })
    .where(sql`${calls.id} IN (SELECT value FROM json_each(${JSON.stringify(call_ids)}))`);
}

/** Calls that began by `began` and whose end nobody has reported, oldest first. */
export function callsWithoutEnd(
  db: Db,
  network_id: string,
  began: Instant,
  limit: number,
): Promise<CallRow[]> {
  return openCalls(db, network_id, began, [isNull(calls.ended_at)], limit);
}

/** Calls that began by `began` and were never judged because their dialled leg's report is missing, oldest first. */
export function callsNeverJudged(
  db: Db,
  network_id: string,
  began: Instant,
  limit: number,
): Promise<CallRow[]> {
  const never = [
    isNull(calls.leg_reported_at),
    eq(calls.attribution_version, 0),
    isNotNull(calls.campaign_id),
    isNull(calls.held_until),
  ];
  return openCalls(db, network_id, began, never, limit);
}

function openCalls(
  db: Db,
  network_id: string,
  began: Instant,
  where: SQL[],
  limit: number,
): Promise<CallRow[]> {
  // The words of the index calls_open, without which it is not used.
  const is_open = sql`(${calls.ended_at} IS NULL OR ${calls.leg_reported_at} IS NULL)`;
  return db
    .select()
    .from(calls)
    .where(and(eq(calls.network_id, network_id), lte(calls.started_at, began), is_open, ...where))
    .orderBy(asc(calls.started_at))
    .limit(limit);
}
