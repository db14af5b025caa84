import { type SQL, sql } from "drizzle-orm";
import { HOUR_MS, type Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";

/*
 * Sessions in the order of time. D1 has them by number and moment and in no other order, because every index is a row
 * more to write for every lease; so time is looked up number by number, one seek in the key for each.
 */

/** Among the sessions of a network's numbers; `number_key` is the column of the statement that asks. */
export function onNumbersOf(network_id: string, number_key: SQL | { getSQL(): SQL }): SQL {
  return sql`${number_key} IN (SELECT key FROM numbers WHERE network_id = ${network_id})`;
}

/** When the first and the last of a network's sessions of `[from, to)` began; null when there is none. */
export async function endsInTime(
  db: Db,
  network_id: string,
  from: Instant,
  to: Instant,
): Promise<{ first_at: Instant; last_at: Instant } | null> {
  const end = (way: SQL) => sql`(SELECT s.leased_at FROM sessions s
    WHERE s.number_key = n.key AND s.leased_at >= ${from} AND s.leased_at < ${to}
    ORDER BY s.leased_at ${way} LIMIT 1)`;
  const [ends] = await db.all<{ first_at: Instant | null; last_at: Instant | null }>(
    sql`SELECT min(${end(sql`ASC`)}) AS first_at, max(${end(sql`DESC`)}) AS last_at
      FROM numbers n WHERE n.network_id = ${network_id}`,
  );
  if (!ends || ends.first_at === null || ends.last_at === null) return null;
  return { first_at: ends.first_at, last_at: ends.last_at };
}

/** The first span is this long and each one eight times as long as that before it: a page is mostly in the first. */
const FIRST_SPAN_MS = HOUR_MS;
const WIDENED_BY = 8;

/** Cuts `[from, to)` into few spans, short ones where reading begins: at `from`, or at `to` for the latest first. */
export function* spansInTime(
  from: Instant,
  to: Instant,
  order: "earliest_first" | "latest_first",
): Generator<{ from: Instant; to: Instant }> {
  let read_ms = 0;
  for (let span_ms = FIRST_SPAN_MS; from + read_ms < to; span_ms *= WIDENED_BY) {
    const next_ms = Math.min(read_ms + span_ms, to - from);
    yield order === "earliest_first"
      ? { from: from + read_ms, to: from + next_ms }
      : { from: to - next_ms, to: to - read_ms };
    read_ms = next_ms;
  }
}

/**
 * The first `limit` rows of `[from, to)` in an order of time. `read` gives those of one span in that order, `limit` at
 * most; it sorts what it reads, so it is not asked for all of time at once.
 */
export async function readInTime<Row>(
  within: { from: Instant; to: Instant; order: "earliest_first" | "latest_first" },
  limit: number,
  read: (span: { from: Instant; to: Instant }, limit: number) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const span of spansInTime(within.from, within.to, within.order)) {
    rows.push(...(await read(span, limit - rows.length)));
    if (rows.length >= limit) break;
  }
  return rows;
}
