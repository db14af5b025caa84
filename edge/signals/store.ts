import { and, asc, eq, sql } from "drizzle-orm";
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
