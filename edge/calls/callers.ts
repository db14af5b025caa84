import { and, asc, desc, eq, gt, gte, inArray, lte, ne, type SQL, sql } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import { dueBy } from "./due.ts";
import type { CallRow } from "./store.ts";
import { calls } from "./tables.ts";

/** A call's place among those of its caller: verdicts are decided in this order. */
export type PlaceOf = Pick<CallRow, "started_at" | "provider_call_id" | "telephony_account_id">;

const DUE = ["qualified", "held", "paid"] as const;

/**
 * The caller's latest call before this one that is due on a side, in scope, and began after `since`: at most one
 * row. Test calls are left out. Un-awaited, so that several can share a round trip.
 */
export function selectAnchor(
  db: Db,
  call: PlaceOf & Pick<CallRow, "id" | "network_id" | "from_hash" | "campaign_id" | "advertiser_id">,
  ask: { side: "revenue" | "payout"; scope: "campaign" | "advertiser"; since: Instant },
) {
  const status = ask.side === "revenue" ? calls.revenue_status : calls.payout_status;
  const scope =
    ask.scope === "campaign"
      ? eq(calls.campaign_id, call.campaign_id ?? "")
      : eq(calls.advertiser_id, call.advertiser_id ?? "");
  return db
    .select({
      started_at: calls.started_at,
      provider_call_id: calls.provider_call_id,
      telephony_account_id: calls.telephony_account_id,
      campaign_id: calls.campaign_id,
      advertiser_id: calls.advertiser_id,
      is_test: calls.is_test,
      // Named: a column called "1" would come first in the row object that D1's batch answers, and shift the others.
      is_due: sql<boolean>`1`.mapWith(Boolean).as("is_due"),
    })
    .from(calls)
    .where(
      and(
        eq(calls.network_id, call.network_id),
        eq(calls.from_hash, call.from_hash ?? ""),
        ne(calls.id, call.id),
        eq(calls.is_test, false),
        scope,
        inArray(status, DUE),
        gt(calls.started_at, ask.since),
        lte(calls.started_at, call.started_at),
        sql`${place()} < ${placeOf(call)}`,
      ),
    )
    .orderBy(desc(calls.started_at), desc(calls.provider_call_id), desc(calls.telephony_account_id))
    .limit(1);
}

/** Other calls of the same caller to the same advertiser that began at `from` or later, in their order. */
export function laterCalls(db: Db, call: CallRow, from: Instant, limit: number): Promise<CallRow[]> {
  return db
    .select()
    .from(calls)
    .where(and(...sameCaller(call), gte(calls.started_at, from)))
    .orderBy(asc(calls.started_at), asc(calls.provider_call_id), asc(calls.telephony_account_id))
    .limit(limit);
}

/** Calls of the same caller to the network that began before this one, latest first. */
export function earlierCallsOf(db: Db, call: CallRow, limit: number): Promise<CallRow[]> {
  return db
    .select()
    .from(calls)
    .where(
      and(
        eq(calls.network_id, call.network_id),
        eq(calls.from_hash, call.from_hash ?? ""),
        lte(calls.started_at, call.started_at),
        ne(calls.id, call.id),
      ),
    )
    .orderBy(desc(calls.started_at))
    .limit(limit);
}

/** Has upkeep judge again every such call that stands after `last`. */
export function markLaterCalls(db: Db, call: CallRow, last: PlaceOf, now: Instant): Statement {
  return db
    .update(calls)
    .set({ held_until: dueBy(now) })
    .where(
      and(...sameCaller(call), gte(calls.started_at, last.started_at), sql`${place()} > ${placeOf(last)}`),
    );
}

function sameCaller(call: CallRow): (SQL | undefined)[] {
  return [
    eq(calls.network_id, call.network_id),
    eq(calls.from_hash, call.from_hash ?? ""),
    // The plus keeps SQLite on the index by caller: a caller has few calls, an advertiser many.
    sql`+${calls.advertiser_id} = ${call.advertiser_id ?? ""}`,
    eq(calls.is_test, false),
    ne(calls.id, call.id),
  ];
}

function place(): SQL {
  return sql`(${calls.started_at}, ${calls.provider_call_id}, ${calls.telephony_account_id})`;
}

function placeOf(call: PlaceOf): SQL {
  return sql`(${call.started_at}, ${call.provider_call_id}, ${call.telephony_account_id})`;
}
