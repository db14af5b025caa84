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
function dueBy(now: Instant): SQL {
  return sql`min(coalesce(${calls.held_until}, ${now}), ${now})`;
}

/**
 * A mark, for an update of calls: whoever settles them next, upkeep at the latest, judges them again, from `by` on.
 * It belongs into the write that makes it necessary. Marks are counted, so that no judgement clears one that it has
 * not seen.
 */
export function marked(by: Instant) {
  return { held_until: dueBy(by), marks: sql`${calls.marks} + 1` };
}

/** The same, but a call that nobody has judged yet does not become due: it is judged when its report comes. */
export function markedIfJudged(by: Instant) {
  const { held_until, marks } = marked(by);
  const is_judged = sql`${calls.attribution_version} > 0`;
  return { held_until: sql`CASE WHEN ${is_judged} THEN ${held_until} ELSE ${calls.held_until} END`, marks };
}

/** When a call is due after a judgement of `row`: at `review_at`, or still if it was marked since the row was read. */
export function dueAfter(row: Pick<CallRow, "marks">, review_at: Instant | null, now: Instant): SQL {
  return sql`CASE WHEN ${calls.marks} = ${row.marks} THEN ${review_at} ELSE ${dueBy(now)} END`;
}

/** Takes a call's marks away that was judged and needed no change; not when anything has come of it since. */
export function clearMarks(db: Db, row: CallRow, review_at: Instant | null): Statement {
  return db
    .update(calls)
    .set({ held_until: review_at })
    .where(and(eq(calls.id, row.id), eq(calls.seq, row.seq), eq(calls.marks, row.marks)));
}

/** Has upkeep judge this call again, should whoever writes this not come to it. */
export function markForReview(db: Db, call_id: string, now: Instant): Statement {
  return db.update(calls).set(marked(now)).where(eq(calls.id, call_id));
}

/** The same for the calls that this query finds. One statement, however many calls there are. */
export function markAllForReview(db: Db, call_ids: SQL, now: Instant): Statement {
  return db.update(calls).set(marked(now)).where(sql`${calls.id} IN (${call_ids})`);
}

/** Those of these calls that are to be judged again by now, in the order in which verdicts are decided. */
export async function dueAmong(db: Db, call_ids: readonly string[], now: Instant): Promise<string[]> {
  const rows = await db
    .select({ id: calls.id })
    .from(calls)
    .where(
      and(
        sql`${calls.id} IN (SELECT value FROM json_each(${JSON.stringify(call_ids)}))`,
        // The plus keeps SQLite on the key: a network has many calls that are due.
        sql`+${calls.held_until} <= ${now}`,
      ),
    )
    .orderBy(asc(calls.started_at), asc(calls.provider_call_id), asc(calls.telephony_account_id));
  return rows.map(({ id }) => id);
}

/** Has the calls that this query finds attributed again. One statement, however many calls there are. */
export function markForAttribution(db: Db, call_ids: SQL): Statement {
  return db.update(calls).set(marked(ATTRIBUTE_AGAIN)).where(sql`${calls.id} IN (${call_ids})`);
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
