import { and, asc, desc, eq, gt, gte, inArray, lte, ne, type SQL, sql } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import { markedIfJudged } from "./due.ts";
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
        ...ofCaller(call),
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

/** The same caller's other calls to the network, tests included, that began at `from` or later, in their order. */
export function callsOfCaller(db: Db, call: CallRow, from: Instant, limit: number): Promise<CallRow[]> {
  return db
    .select()
    .from(calls)
    .where(and(...ofCaller(call), ne(calls.id, call.id), gte(calls.started_at, from)))
    .orderBy(...inTheirOrder())
    .limit(limit);
}

/** Calls of the same caller to the network that began before this one, latest first. */
export function earlierCallsOf(db: Db, call: CallRow, limit: number): Promise<CallRow[]> {
  return db
    .select()
    .from(calls)
    .where(and(...ofCaller(call), lte(calls.started_at, call.started_at), ne(calls.id, call.id)))
    .orderBy(desc(calls.started_at))
    .limit(limit);
}

/** Of a call, what the verdicts of its caller's later calls read. */
export type Standing = Pick<
  CallRow,
  "started_at" | "campaign_id" | "advertiser_id" | "is_test" | "revenue_status" | "payout_status"
>;

/**
 * Has the caller's later calls judged again where a write gives this one another standing among them; nothing where
 * it stays what it was to them. It belongs into that write: what follows from a verdict is known with it.
 */
export function markRepeats(db: Db, before: CallRow, after: Standing, now: Instant): Statement[] {
  const [was, is] = [anchorOf(before), anchorOf(after)];
  if (before.from_hash === null || was === is) return [];
  const first = after.started_at < before.started_at ? { ...before, started_at: after.started_at } : before;
  const advertisers = [before.advertiser_id ?? "", after.advertiser_id ?? ""];
  const statement = db
    .update(calls)
    .set(markedIfJudged(now))
    .where(
      and(
        ...ofCaller(before),
        // The plus keeps SQLite on the index by caller: a caller has few calls, an advertiser many.
        sql`+${calls.advertiser_id} IN ${advertisers}`,
        eq(calls.is_test, false),
        ne(calls.id, before.id),
        gte(calls.started_at, first.started_at),
        sql`${place()} > ${placeOf(first)}`,
      ),
    );
  return [statement];
}

/** How a call makes others its repeats, in a word; null when it makes none. */
function anchorOf({ is_test, revenue_status, payout_status, ...where }: Standing): string | null {
  const due = [revenue_status, payout_status].map((status) => DUE.some((one) => one === status));
  if (is_test || !due.includes(true)) return null;
  const { started_at, campaign_id, advertiser_id } = where;
  return JSON.stringify([started_at, campaign_id, advertiser_id, due]);
}

/** The caller's calls since `from` that are to be judged again by now, in their order; of those somebody has judged. */
export function markedCalls(
  db: Db,
  call: CallRow,
  { from, now }: { from: Instant; now: Instant },
  limit: number,
): Promise<CallRow[]> {
  return db
    .select()
    .from(calls)
    .where(
      and(
        ...ofCaller(call),
        gte(calls.started_at, from),
        // The plus keeps SQLite on the index by caller: a caller has few calls, a network many that are due.
        sql`+${calls.held_until} <= ${now}`,
        gt(calls.attribution_version, 0),
        eq(calls.is_test, false),
      ),
    )
    .orderBy(...inTheirOrder())
    .limit(limit);
}

/** All calls of the caller to the network. */
function ofCaller({ network_id, from_hash }: Pick<CallRow, "network_id" | "from_hash">): SQL[] {
  return [eq(calls.network_id, network_id), eq(calls.from_hash, from_hash ?? "")];
}

/** In the order in which verdicts are decided. */
function inTheirOrder(): SQL[] {
  return [asc(calls.started_at), asc(calls.provider_call_id), asc(calls.telephony_account_id)];
}

function place(): SQL {
  return sql`(${calls.started_at}, ${calls.provider_call_id}, ${calls.telephony_account_id})`;
}

function placeOf(call: PlaceOf): SQL {
  return sql`(${call.started_at}, ${call.provider_call_id}, ${call.telephony_account_id})`;
}
