import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import { type Db, isRefusal, type Statement } from "../platform/db.ts";
import type { Slot } from "./model/slots.ts";
import type { Usage } from "./model/usage.ts";
import { callerCalls, capSlots, capUsage } from "./tables.ts";

/** How many calls of a caller are looked at for whom it talked to and whether it is a repeat. */
const PAST_MAX = 20;

/** A call as far as its slots go; what is absent is still to come. */
type SlotCall = {
  id: string;
  network_id: string;
  ended_at?: Instant | null | undefined;
  revenue_status?: string | undefined;
  payout_status?: string | undefined;
};

/**
 * Takes a call's slots; one that is taken already stays as it is. The write is refused (`isCapReached`) when a cap that
 * a slot names is full by now: then choose again. A call whose beginning is made up for may be over by now, and judged.
 */
export function takeSlots(db: Db, call: SlotCall, slots: readonly Slot[]): Statement[] {
  // One statement a slot: a row binds 17 values, and D1 takes 100.
  const taken = slots.map(({ caps, ...slot }) =>
    db
      .insert(capSlots)
      .values({
        ...slot,
        call_id: call.id,
        network_id: call.network_id,
        hourly_cap: caps?.hourly ?? null,
        daily_cap: caps?.daily ?? null,
        monthly_cap: caps?.monthly ?? null,
        total_cap: caps?.total ?? null,
        concurrency_cap: caps?.concurrency ?? null,
        is_open: (call.ended_at ?? null) === null,
        is_freed: false,
      })
      .onConflictDoNothing(),
  );
  const freed = slots.filter(({ kind }) => isGivenBack(call, kind)).map(({ scope_id }) => scope_id);
  if (freed.length === 0) return taken;
  const ofThese = and(
    eq(capSlots.call_id, call.id),
    inArray(capSlots.scope_id, freed),
    eq(capSlots.is_freed, false),
  );
  return [...taken, db.update(capSlots).set({ is_freed: true }).where(ofThese)];
}

/** True when something has ever counted a call. */
export async function hasSlots(db: Db, scope_id: string): Promise<boolean> {
  const [row] = await db
    .select({ scope_id: capUsage.scope_id })
    .from(capUsage)
    .where(eq(capUsage.scope_id, scope_id))
    .limit(1);
  return row !== undefined;
}

/** The slots of calls that were let in before anybody counted, under no cap. A call's slot that is there stays. */
export function takeEarlierSlots(
  db: Db,
  of: Pick<Slot, "kind" | "scope_id" | "campaign_id"> & { network_id: string },
  calls: readonly (Pick<Slot, "taken_at" | "hour_at" | "day" | "month"> & {
    call_id: string;
    is_open: boolean;
  })[],
): Statement[] {
  if (calls.length === 0) return [];
  const rows = JSON.stringify(calls);
  const { kind, scope_id, campaign_id, network_id } = of;
  return [
    db
      .insert(capSlots)
      .select(
        sql`SELECT j.value ->> 'call_id', ${scope_id}, ${kind}, ${campaign_id}, ${network_id}, j.value ->> 'taken_at',
          j.value ->> 'hour_at', j.value ->> 'day', j.value ->> 'month', NULL, NULL, NULL, NULL, NULL,
          j.value ->> 'is_open', 0 FROM json_each(${rows}) j WHERE true`,
      )
      .onConflictDoNothing(),
  ];
}

/** A slot of the terms is given back by a call that does not qualify, see the triggers of `0056_cap_slots.sql`. */
function isGivenBack({ revenue_status, payout_status }: SlotCall, kind: Slot["kind"]): boolean {
  const status = kind === "campaign" ? revenue_status : kind === "enrollment" ? payout_status : undefined;
  return status === "rejected" || status === "reversed";
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
