import { and, eq, min, sql } from "drizzle-orm";
import type { Call } from "../../shared/api/calls.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";
import type { CallRow } from "./store.ts";
import { calls } from "./tables.ts";

/**
 * When each of these callers first called a honeypot of the network, by keyed hash; absent who never did. A caller that
 * tests does not count.
 */
export async function firstHoneypotCalls(
  db: Db,
  network_id: string,
  rows: readonly Pick<CallRow, "from_hash">[],
): Promise<ReadonlyMap<string, Instant>> {
  const callers = [...new Set(rows.flatMap(({ from_hash }) => from_hash ?? []))];
  if (callers.length === 0) return new Map();
  const found = await db
    .select({ caller: calls.from_hash, first_at: min(calls.started_at) })
    .from(calls)
    .where(
      and(
        eq(calls.network_id, network_id),
        sql`${calls.from_hash} IN (SELECT value FROM json_each(${JSON.stringify(callers)}))`,
        // Written out, for only so SQLite takes the index of just these calls.
        sql`${calls.is_honeypot} = 1 AND ${calls.is_test} = 0`,
      ),
    )
    .groupBy(calls.from_hash);
  return new Map(
    found.flatMap(({ caller, first_at }) => (caller && first_at !== null ? [[caller, first_at]] : [])),
  );
}

/** Whether a call reached a honeypot, or its caller had called one before; a function of all calls, in any order. */
export function honeypotMark(row: CallRow, first_at: ReadonlyMap<string, Instant>): Call["honeypot"] {
  if (row.is_honeypot) return "number";
  const caught_at = row.from_hash === null ? undefined : first_at.get(row.from_hash);
  return caught_at !== undefined && caught_at < row.started_at ? "caller" : null;
}
