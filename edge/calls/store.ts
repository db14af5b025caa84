import { and, asc, desc, eq, getTableColumns, isNotNull, not, type SQL, sql } from "drizzle-orm";
import type { CallLeg, CallSession } from "../../shared/api/calls.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import { prepared } from "../platform/prepared.ts";
import type { CallEvent } from "./model/event.ts";
import { callEvents, calls, candidateSnapshots } from "./tables.ts";

export type CallRow = typeof calls.$inferSelect;
export type NewCallRow = typeof calls.$inferInsert;

/** A call as it is stored: its row and every event behind it, oldest `seq` first. */
export type CallHistory = { row: CallRow; events: CallEvent[]; seq: number };

/** How many of a pool's past calls tell where its callers come from: a rare region needs many, and an index alone is read. */
const REGION_SAMPLE = 2_000;

/** A network's call by our id. */
export async function readCall(db: Db, network_id: string, call_id: string): Promise<CallRow | null> {
  const [row] = await db
    .select()
    .from(calls)
    .where(and(eq(calls.network_id, network_id), eq(calls.id, call_id)))
    .limit(1);
  return row ?? null;
}

type ByProvider = { account_id: string; provider_call_id: string };
const NAMES = ["account_id", "provider_call_id"] as const;
const callByProvider = prepared(NAMES, (db, { account_id, provider_call_id }: ByProvider) =>
  db
    .select()
    .from(calls)
    .where(and(eq(calls.telephony_account_id, account_id), eq(calls.provider_call_id, provider_call_id)))
    .limit(1),
);

/** The call of this account by the provider's id; un-awaited, so that it can share a round trip. */
export function selectCall(db: Db, account_id: string, provider_call_id: string) {
  return callByProvider(db, { account_id, provider_call_id });
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

/** A ring and its answer are two; more at once are rare, and their statement is built when it comes. */
const EVENTS_PREPARED = 3;
type EventRow = typeof callEvents.$inferInsert;
const EVENT_COLUMNS = Object.keys(getTableColumns(callEvents)) as (keyof EventRow)[];

/** `event_key_0`, `event_key_1` …: the columns of each row under names of their own. */
const numbered = (name: string, i: number) => `${name}_${i}`;
const eventInserts = Array.from({ length: EVENTS_PREPARED }, (_, last) =>
  prepared(
    Array.from({ length: last + 1 }, (_, i) => EVENT_COLUMNS.map((name) => numbered(name, i))).flat(),
    (db, values: Record<string, unknown>) =>
      db.insert(callEvents).values(
        Array.from({ length: last + 1 }, (_, i) => {
          const row = EVENT_COLUMNS.map((name) => [name, values[numbered(name, i)]]);
          return Object.fromEntries(row) as EventRow;
        }),
      ),
  ),
);

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
  const rows = events.map(
    ({ id, event }, i): EventRow => ({
      id,
      network_id: call.network_id,
      call_id: call.id,
      seq: seq + 1 + i,
      telephony_account_id: call.telephony_account_id,
      event_key: event.event_key,
      received_at: event.received_at,
      kind: event.kind,
      event,
    }),
  );
  const insert = eventInserts[rows.length - 1];
  if (!insert) return db.insert(callEvents).values(rows);
  const values = rows.flatMap((row, i) => EVENT_COLUMNS.map((name) => [numbered(name, i), row[name]]));
  return insert(db, Object.fromEntries(values));
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
  "is_honeypot",
  "confirmed_at",
] as const satisfies readonly (keyof CallRow)[];

/** What a column holds of a call that says nothing of it. */
const UNSAID = Object.fromEntries(
  Object.entries(getTableColumns(calls)).map(([name, { default: value }]) => [name, value ?? null]),
);

const callUpsert = prepared(Object.keys(UNSAID), (db, row: Record<string, unknown>) => {
  const set: Record<string, SQL> = {};
  for (const name of FOLDED) set[name] = sql`excluded.${sql.identifier(name)}`;
  return db
    .insert(calls)
    .values(row as NewCallRow)
    .onConflictDoUpdate({ target: calls.id, set });
});

/** Writes a new call, or what its events decide of a known one; what others have written in its row stays. */
export function upsertCall(db: Db, row: NewCallRow): Statement {
  return callUpsert(db, { ...UNSAID, ...row });
}

/** What a refused write says, see `isRefusal`. */
export const CALL_REFUSED = "NOT NULL constraint failed: calls.network_id";

/** Undoes the write it is part of unless this holds: a call of no network there cannot be. */
export function refuseUnless(db: Db, call_id: string, condition: SQL): Statement {
  return db
    .update(calls)
    .set({ network_id: sql`NULL` })
    .where(and(eq(calls.id, call_id), not(condition)));
}

type NewSnapshot = {
  call_id: string;
  network_id: string;
  taken_at: Instant;
  asked_later: boolean;
  snapshot: unknown;
  sessions: Record<string, CallSession>;
};
const SNAPSHOT = ["call_id", "network_id", "taken_at", "asked_later", "snapshot", "sessions"] as const;
const snapshotInsert = prepared(SNAPSHOT, (db, snapshot: NewSnapshot) =>
  db.insert(candidateSnapshots).values(snapshot).onConflictDoNothing(),
);

/** Freezes what the pool knew. A second snapshot of a call changes nothing. */
export function insertSnapshot(db: Db, snapshot: NewSnapshot): Statement {
  return snapshotInsert(db, snapshot);
}

type CallersAsk = { network_id: string; pool_id: string; region: string; at: Instant };
const callersOfPool = prepared(
  ["network_id", "pool_id", "region", "at"],
  (db, { network_id, pool_id, region, at }: CallersAsk) => {
    const latest = db
      .select({ from_region: calls.from_region })
      .from(calls)
      .where(
        and(
          eq(calls.network_id, network_id),
          eq(calls.pool_id, pool_id),
          eq(calls.is_test, false),
          isNotNull(calls.from_region),
          sql`${calls.started_at} < ${at}`,
        ),
      )
      .orderBy(desc(calls.started_at))
      .limit(REGION_SAMPLE)
      .as("latest");
    return db
      .select({
        calls: sql<number>`count(*)`,
        from_region: sql<number>`count(CASE WHEN ${latest.from_region} = ${region} THEN 1 END)`,
      })
      .from(latest);
  },
);

/**
 * Of the pool's latest calls before `at` whose region is known, how many there are and how many came from this one.
 * Test calls are not counted. One row; un-awaited, so that it can share a round trip.
 */
export function selectCallers(db: Db, ask: CallersAsk) {
  return callersOfPool(db, ask);
}
