import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import type { CallLeg, CallSession } from "../../shared/api/calls.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import type { CallEvent } from "./model/event.ts";
import { callEvents, calls, candidateSnapshots } from "./tables.ts";

export type CallRow = typeof calls.$inferSelect;
export type NewCallRow = typeof calls.$inferInsert;

/** A call as it is stored: its row and every event behind it, oldest `seq` first. */
export type CallHistory = { row: CallRow; events: CallEvent[]; seq: number };

/** How many of a pool's past calls tell where its callers come from. */
const REGION_SAMPLE = 500;

/** A network's call by our id. */
export async function readCall(db: Db, network_id: string, call_id: string): Promise<CallRow | null> {
  const [row] = await db
    .select()
    .from(calls)
    .where(and(eq(calls.network_id, network_id), eq(calls.id, call_id)))
    .limit(1);
  return row ?? null;
}

/** The call of this account by the provider's id; un-awaited, so that it can share a round trip. */
export function selectCall(db: Db, account_id: string, provider_call_id: string) {
  return db
    .select()
    .from(calls)
    .where(and(eq(calls.telephony_account_id, account_id), eq(calls.provider_call_id, provider_call_id)))
    .limit(1);
}

/** The events of the same call, in the order they were written; un-awaited. */
export function selectEvents(db: Db, account_id: string, provider_call_id: string) {
  return db
    .select({ seq: callEvents.seq, event: callEvents.event })
    .from(callEvents)
    .where(
      eq(
        callEvents.call_id,
        sql`(SELECT c.id FROM calls c WHERE c.telephony_account_id = ${account_id} AND c.provider_call_id = ${provider_call_id})`,
      ),
    )
    .orderBy(asc(callEvents.seq));
}

/** Puts the two selections together; null when the call is not known. */
export function historyOf(
  row: CallRow | undefined,
  events: readonly { seq: number; event: CallEvent }[],
): CallHistory | null {
  if (!row) return null;
  return { row, events: events.map(({ event }) => event), seq: events.at(-1)?.seq ?? 0 };
}

export async function readHistory(
  db: Db,
  account_id: string,
  provider_call_id: string,
): Promise<CallHistory | null> {
  const [rows, events] = await db.batch([
    selectCall(db, account_id, provider_call_id),
    selectEvents(db, account_id, provider_call_id),
  ]);
  return historyOf(rows[0], events);
}

/**
 * Appends events after `seq`. Refused as a conflict (`isConflict`) when somebody else appended meanwhile, or when an
 * event of the same key is stored: then read again.
 */
export function insertEvents(
  db: Db,
  call: { id: string; network_id: string; telephony_account_id: string },
  seq: number,
  events: readonly { id: string; event: CallEvent }[],
): Statement {
  return db.insert(callEvents).values(
    events.map(({ id, event }, i) => ({
      id,
      network_id: call.network_id,
      call_id: call.id,
      seq: seq + 1 + i,
      telephony_account_id: call.telephony_account_id,
      event_key: event.event_key,
      received_at: event.received_at,
      kind: event.kind,
      event,
    })),
  );
}

/** The legs of these calls, by call. */
export async function legsOfCalls(db: Db, call_ids: readonly string[]): Promise<Map<string, CallLeg[]>> {
  if (call_ids.length === 0) return new Map();
  const rows = await db
    .select({ id: calls.id, legs: calls.legs })
    .from(calls)
    .where(sql`${calls.id} IN (SELECT value FROM json_each(${JSON.stringify(call_ids)}))`);
  return new Map(rows.map(({ id, legs }) => [id, legs]));
}

/** What events decide. The caller, the attribution and the judgements are not among it. */
const FOLDED = [
  "seq",
  "status",
  "disposition",
  "started_at",
  "answered_at",
  "ended_at",
  "duration_s",
  "connected_s",
  "leg_reported_at",
  "target",
  "legs",
  "pressed",
  "number_key",
  "campaign_id",
  "advertiser_id",
  "pool_id",
  "label",
  "sub1",
  "sub2",
  "sub3",
  "sub4",
  "sub5",
  "currency",
  "is_test",
  "confirmed_at",
] as const satisfies readonly (keyof CallRow)[];

/** Writes a new call, or what its events decide of a known one; what others have written in its row stays. */
export function upsertCall(db: Db, row: NewCallRow): Statement {
  const set: Record<string, SQL> = {};
  for (const name of FOLDED) set[name] = sql`excluded.${sql.identifier(name)}`;
  return db.insert(calls).values(row).onConflictDoUpdate({ target: calls.id, set });
}

/** Freezes what the pool knew. A second snapshot of a call changes nothing. */
export function insertSnapshot(
  db: Db,
  snapshot: {
    call_id: string;
    network_id: string;
    taken_at: Instant;
    asked_later: boolean;
    snapshot: unknown;
    sessions: Record<string, CallSession>;
  },
): Statement {
  return db.insert(candidateSnapshots).values(snapshot).onConflictDoNothing();
}

/**
 * Of the pool's latest calls before `at`, how many there are and how many came from this region. Test calls are
 * not counted.
 */
export async function countCallers(
  db: Db,
  ask: { network_id: string; pool_id: string; region: string; at: Instant },
): Promise<{ calls: number; from_region: number }> {
  const { network_id, pool_id, region, at } = ask;
  const latest = db
    .select({ from_region: calls.from_region })
    .from(calls)
    .where(
      and(
        eq(calls.network_id, network_id),
        eq(calls.pool_id, pool_id),
        eq(calls.is_test, false),
        sql`${calls.started_at} < ${at}`,
      ),
    )
    .orderBy(desc(calls.started_at))
    .limit(REGION_SAMPLE)
    .as("latest");
  const [counted] = await db
    .select({
      calls: sql<number>`count(*)`,
      from_region: sql<number>`count(CASE WHEN ${latest.from_region} = ${region} THEN 1 END)`,
    })
    .from(latest);
  return counted ?? { calls: 0, from_region: 0 };
}
