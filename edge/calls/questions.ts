import { and, asc, eq, gte, inArray, isNotNull, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import { marked } from "./due.ts";
import { providerQuestions } from "./question-tables.ts";
import type { CallRow } from "./store.ts";
import { calls } from "./tables.ts";

/** Calls of which something is missing that their provider may know. */

/** A leg's report that is not there by then was probably lost; a record is written within about as long. */
const REPORT_PATIENCE_MS = MINUTE_MS;
/** Most calls are over by then; one that is not costs one question. */
const END_PATIENCE_MS = 5 * MINUTE_MS;
/** What a provider has not told in a week it does not know. */
const GIVEN_UP_MS = 7 * DAY_MS;
const WAIT_MAX_MS = 6 * HOUR_MS;
/** D1 binds at most 100 values. */
const IDS_PER_STATEMENT = 90;

/** Which calls of an account are to be asked about now, oldest first: no end, no leg report, or not yet confirmed. */
export async function callsToAsk(
  db: Db,
  of: { network_id: string; account_id: string },
  now: Instant,
  limit: number,
): Promise<CallRow[]> {
  const over = lte(calls.ended_at, now - REPORT_PATIENCE_MS);
  // The words of the indexes calls_open and calls_unconfirmed, without which they are not used.
  const open = sql`(${calls.ended_at} IS NULL OR ${calls.leg_reported_at} IS NULL)`;
  const missing = or(
    and(isNull(calls.ended_at), lte(calls.started_at, now - END_PATIENCE_MS)),
    // Also of a call that we were not asked about: the provider's fallback may have put it through.
    and(isNull(calls.leg_reported_at), over),
  );
  const unconfirmed = sql`${calls.self_reported} = 1 AND ${calls.confirmed_at} IS NULL`;
  const unfinished = await selectDue(db, of, now, limit, [open, missing]);
  const doubted = await selectDue(db, of, now, limit, [unconfirmed, over]);
  const byId = new Map([...unfinished, ...doubted].map((row) => [row.id, row]));
  return [...byId.values()].slice(0, limit);
}

async function selectDue(
  db: Db,
  { network_id, account_id }: { network_id: string; account_id: string },
  now: Instant,
  limit: number,
  where: (SQL | undefined)[],
): Promise<CallRow[]> {
  const rows = await db
    .select({ call: calls })
    .from(calls)
    .leftJoin(providerQuestions, eq(providerQuestions.call_id, calls.id))
    .where(
      and(
        eq(calls.network_id, network_id),
        eq(calls.telephony_account_id, account_id),
        gte(calls.started_at, now - GIVEN_UP_MS),
        or(isNull(providerQuestions.next_at), lte(providerQuestions.next_at, now)),
        ...where,
      ),
    )
    .orderBy(asc(calls.started_at))
    .limit(limit);
  return rows.map(({ call }) => call);
}

/** The provider could not tell: asked again in 1, 2, 4 … minutes, at last every six hours. */
export function askAgain(db: Db, call: CallRow, now: Instant): Statement {
  const { id: call_id, network_id, telephony_account_id } = call;
  const wait_ms = sql`min(${WAIT_MAX_MS}, ${MINUTE_MS} * (1 << min(${providerQuestions.asked}, 20)))`;
  return db
    .insert(providerQuestions)
    .values({ call_id, network_id, telephony_account_id, asked: 1, next_at: now + MINUTE_MS })
    .onConflictDoUpdate({
      target: providerQuestions.call_id,
      set: {
        asked: sql`${providerQuestions.asked} + 1`,
        next_at: sql`CAST(${now} + ${wait_ms} AS INTEGER)`,
      },
    });
}

export function answered(db: Db, call_id: string): Statement {
  return db.delete(providerQuestions).where(eq(providerQuestions.call_id, call_id));
}

/** Of these ids of a provider, the calls we know. */
export async function knownCalls(
  db: Db,
  account_id: string,
  provider_call_ids: readonly string[],
): Promise<Map<string, CallRow>> {
  const known = new Map<string, CallRow>();
  for (let from = 0; from < provider_call_ids.length; from += IDS_PER_STATEMENT) {
    const ids = provider_call_ids.slice(from, from + IDS_PER_STATEMENT);
    const rows = await db
      .select()
      .from(calls)
      .where(and(eq(calls.telephony_account_id, account_id), inArray(calls.provider_call_id, ids)));
    for (const row of rows) known.set(row.provider_call_id, row);
  }
  return known;
}

/** Has upkeep judge an account's unconfirmed calls again: what its word is worth has changed. */
export function reviewUnconfirmed(db: Db, account_id: string, now: Instant): Statement {
  return db
    .update(calls)
    .set(marked(now))
    .where(
      and(
        eq(calls.telephony_account_id, account_id),
        sql`${calls.self_reported} = 1 AND ${calls.confirmed_at} IS NULL`,
        isNotNull(calls.leg_reported_at),
      ),
    );
}
