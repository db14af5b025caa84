import { and, asc, eq, type SQL, sql } from "drizzle-orm";
import type { Db, Statement } from "../platform/db.ts";
import type { SignalValue } from "./model/value.ts";
import { signals } from "./tables.ts";

export type SignalRow = typeof signals.$inferSelect;

/** Everything reported of these calls, by call id, oldest outcome first. One statement, however many calls. */
export async function signalsOf(db: Db, call_ids: readonly string[]): Promise<Map<string, SignalRow[]>> {
  const rows = await db
    .select()
    .from(signals)
    .where(sql`${signals.call_id} IN (SELECT value FROM json_each(${JSON.stringify(call_ids)}))`)
    .orderBy(asc(signals.occurred_at), asc(signals.id));
  const found = new Map<string, SignalRow[]>();
  for (const row of rows) found.set(row.call_id, [...(found.get(row.call_id) ?? []), row]);
  return found;
}

/** The same outcome as it was reported before; null when this is the first time. */
export async function sameSignal(
  db: Db,
  told: { call_id: string; name: string; value: SignalValue; occurred_at: number },
): Promise<SignalRow | null> {
  const [row] = await db
    .select()
    .from(signals)
    .where(
      and(
        eq(signals.call_id, told.call_id),
        eq(signals.name, told.name),
        eq(signals.value, told.value),
        eq(signals.occurred_at, told.occurred_at),
      ),
    )
    .limit(1);
  return row ?? null;
}

/** Stores outcomes; one that was reported before is left as it is. */
export function addSignals(db: Db, rows: readonly SignalRow[]): Statement {
  return db
    .insert(signals)
    .values([...rows])
    .onConflictDoNothing();
}

/** An outcome with the id it has if it is new. `occurred_at: null`: nobody says when, so it is the same whenever it was. */
export type ImportedSignal = Omit<SignalRow, "occurred_at"> & { occurred_at: number | null };

/**
 * Stores outcomes that were told in lines; one that was reported before is left as it is. One statement, however many.
 * The columns stand in the table's order, as INSERT … SELECT demands.
 */
export function addImported(db: Db, rows: readonly ImportedSignal[]): Statement {
  const lines = rows.map(({ value, ...row }) => ({ ...row, value: JSON.stringify(value) }));
  return db
    .insert(signals)
    .select(
      sql`SELECT j.value ->> 'id', j.value ->> 'network_id', j.value ->> 'call_id', j.value ->> 'name', j.value ->> 'value',
          j.value ->> 'revenue_micros', coalesce(j.value ->> 'occurred_at', j.value ->> 'reported_at'),
          j.value ->> 'reported_at', j.value ->> 'actor'
        FROM json_each(${JSON.stringify(lines)}) j
        WHERE j.value ->> 'occurred_at' IS NOT NULL OR NOT EXISTS (SELECT 1 FROM signals s
          WHERE s.call_id = j.value ->> 'call_id' AND s.name = j.value ->> 'name' AND s.value = j.value ->> 'value')`,
    )
    .onConflictDoNothing();
}

/** The calls of those of these outcomes that are stored under their ids: of the new ones. */
export function callsOfNew(ids: readonly string[]): SQL {
  return sql`SELECT s.call_id FROM signals s WHERE s.id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
}
