import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import { type Db, isRefusal, type Statement } from "../platform/db.ts";
import type { Slot } from "./model/slots.ts";
import type { Usage } from "./model/usage.ts";
import { callerCalls, capSlots, capUsage } from "./tables.ts";

/** How many calls of a caller are looked at for whom it talked to and whether it is a repeat. */
const PAST_MAX = 20;

/**
 * Takes a call's slots; one that is taken already stays as it is. The write is refused (`isCapReached`) when a cap that
 * a slot names is full by now: then choose again.
 */
export function takeSlots(
  db: Db,
  call: { id: string; network_id: string },
  slots: readonly Slot[],
): Statement[] {
  if (slots.length === 0) return [];
  const rows = slots.map(({ caps, ...slot }) => ({
    ...slot,
    call_id: call.id,
    network_id: call.network_id,
    hourly_cap: caps?.hourly ?? null,
    daily_cap: caps?.daily ?? null,
    monthly_cap: caps?.monthly ?? null,
    total_cap: caps?.total ?? null,
    concurrency_cap: caps?.concurrency ?? null,
    is_open: true,
    is_freed: false,
  }));
  // One statement a slot: a row binds 17 values, and D1 takes 100.
  return rows.map((row) => db.insert(capSlots).values(row).onConflictDoNothing());
}

/** True when a write was refused because a cap has become full since it was looked at. */
export function isCapReached(error: unknown): boolean {
  return isRefusal(error, "a cap is reached");
}

/** The call is not on these targets' lines any more; what it counted it still counts. */
export function leaveLines(db: Db, call_id: string, target_ids: readonly string[]): Statement[] {
  if (target_ids.length === 0) return [];
  return [
    db
      .update(capSlots)
      .set({ is_open: false })
      .where(
        and(
          eq(capSlots.call_id, call_id),
          inArray(capSlots.scope_id, [...target_ids]),
          eq(capSlots.is_open, true),
        ),
      ),
  ];
}

/** What the campaigns' caps have used, by scope. */
export async function usageOfCampaigns(db: Db, campaign_ids: readonly string[]): Promise<Usage> {
  if (campaign_ids.length === 0) return new Map();
  const rows = await db
    .select()
    .from(capUsage)
    .where(
      sql`${capUsage.campaign_id} IN (SELECT value FROM json_each(${JSON.stringify([...new Set(campaign_ids)])}))`,
    );
  return new Map(rows.map((row) => [row.scope_id, row]));
}

/** The calls that were sent to a target last, latest first. */
export async function lastCallsOf(
  db: Db,
  target_id: string,
  limit: number,
): Promise<{ call_id: string; taken_at: Instant }[]> {
  return db
    .select({ call_id: capSlots.call_id, taken_at: capSlots.taken_at })
    .from(capSlots)
    .where(eq(capSlots.scope_id, target_id))
    .orderBy(desc(capSlots.taken_at), desc(capSlots.call_id))
    .limit(limit);
}

/** A caller's latest calls to the network, latest first; un-awaited, so that it can share a round trip. */
export function selectPastCalls(db: Db, network_id: string, from_hash: string) {
  return db
    .select({
      call_id: callerCalls.call_id,
      campaign_id: callerCalls.campaign_id,
      started_at: callerCalls.started_at,
      target: callerCalls.target,
      connected_s: callerCalls.connected_s,
      is_due: callerCalls.is_due,
    })
    .from(callerCalls)
    .where(and(eq(callerCalls.network_id, network_id), eq(callerCalls.from_hash, from_hash)))
    .orderBy(desc(callerCalls.started_at))
    .limit(PAST_MAX);
}
