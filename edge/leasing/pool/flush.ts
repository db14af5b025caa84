import type { D1Database } from "@cloudflare/workers-types";
import { isRefusal } from "../../platform/db.ts";
import type { PoolSettings } from "../pool-port.ts";
import type { Ledger } from "./ledger.ts";
import { FLUSH_ROWS, FLUSH_TEXT_MAX } from "./limits.ts";
import type { DirtyRow, Memory } from "./memory.ts";
import { VISIT_COLUMNS } from "./schema.ts";

/**
 * Columns of D1's `sessions` and where they are in a flushed row, which is `[number_key, leased_at, seq, state, facts]`:
 * `->>` for a value, `->` for JSON that stays JSON.
 */
const FLUSHED: readonly (readonly [column: string, place: string])[] = [
  ["number_key", "->> 0"],
  ["leased_at", "->> 1"],
  ["revision", "->> 2"],
  ...["expires_at", "held_until", "last_seen_at", "closed_at"].map(
    (name) => [name, `->> '$[3].${name}'`] as const,
  ),
  ...["data", "tel_clicks"].map((name) => [name, `-> '$[3].${name}'`] as const),
  ["visitor", "->> '$[4].visitor'"],
  ...VISIT_COLUMNS.map(
    (name) => [name, `${name === "click_ids" ? "->" : "->>"} '$[4].visit.${name}'`] as const,
  ),
];

const CHANGING = ["revision", "expires_at", "held_until", "last_seen_at", "closed_at", "data", "tel_clicks"];

/**
 * One statement for many rows (D1 allows 100 bound parameters, JSON is one). The key is number and moment, and a
 * row is only replaced by a later state of itself: sending rows twice changes nothing. Rows are materialized, else
 * SQLite would write each out as text again for every column taken from it.
 */
const UPSERT = `
  WITH flushed AS MATERIALIZED (SELECT value FROM json_each(?1))
  INSERT INTO sessions (network_id, pool_id, ${FLUSHED.map(([column]) => column).join(", ")})
  SELECT ?2, ?3, ${FLUSHED.map(([, place]) => `value ${place}`).join(", ")} FROM flushed WHERE true
  ON CONFLICT (number_key, leased_at) DO UPDATE SET ${CHANGING.map((name) => `${name} = excluded.${name}`).join(", ")}
  WHERE excluded.revision > sessions.revision`;

type Part = { rows: DirtyRow[]; text: string };

/** What D1 refused because another session holds the number: a fault somewhere else, to be looked into. */
export type FlushReport = { flushed: number; refused: number };

/**
 * Writes to D1 every row that was dirty when it began, oldest first, in statements of at most 500 rows. Rejects
 * when D1 does; what was not written stays dirty. A row that D1 refuses does not keep the others from it.
 */
export async function flushDirty(
  database: D1Database,
  ledger: Ledger,
  memory: Memory,
  pool: PoolSettings,
): Promise<FlushReport> {
  const until = memory.seq;
  const report = { flushed: 0, refused: 0 };
  const refused = new Set<number>();
  for (;;) {
    const due = firstDirty(memory, until, refused);
    if (due.length === 0) return report;
    const part = partOf(ledger, due);
    const written = await send(database, pool, part);
    for (const row of written) memory.markClean(row);
    report.flushed += written.length;
    report.refused += part.rows.length - written.length;
    for (const row of part.rows) if (!written.includes(row)) refused.add(row.seq);
  }
}

function firstDirty(memory: Memory, until: number, refused: ReadonlySet<number>): DirtyRow[] {
  const due: DirtyRow[] = [];
  for (const row of memory.dirty.values()) {
    if (row.seq > until || due.length >= FLUSH_ROWS) break;
    if (!refused.has(row.seq)) due.push(row);
  }
  return due;
}

/**
 * The rows as JSON, as many as one statement takes, in order of number and moment: a lease that was cut short
 * comes before the one that follows it, else D1's guard against overlaps would refuse the latter.
 */
function partOf(ledger: Ledger, due: readonly DirtyRow[]): Part {
  const taken: { row: DirtyRow; text: string }[] = [];
  let length = 0;
  for (const dirty of due) {
    const text = textOf(dirty, ledger);
    length += text.length;
    if (length > FLUSH_TEXT_MAX && taken.length > 0) break;
    taken.push({ row: dirty, text });
  }
  taken.sort((a, b) => a.row.number_key - b.row.number_key || a.row.leased_at - b.row.leased_at);
  return { rows: taken.map(({ row }) => row), text: `[${taken.map(({ text }) => text).join(",")}]` };
}

/** From memory if it is still there; an older state than the ledger's is replaced by a later flush. */
function textOf(dirty: DirtyRow, ledger: Ledger): string {
  const state = dirty.texts?.state ?? ledger.stateOf(dirty);
  const facts = dirty.texts?.facts ?? ledger.factsOf(dirty);
  return `[${dirty.number_key},${dirty.leased_at},${dirty.seq},${state},${facts}]`;
}

/** Sends rows; answers those that are in D1 now. */
async function send(database: D1Database, pool: PoolSettings, part: Part): Promise<DirtyRow[]> {
  try {
    await database.prepare(UPSERT).bind(part.text, pool.network_id, pool.pool_id).run();
    return part.rows;
  } catch (error) {
    if (!isRefusal(error, "two sessions would hold one number")) throw error;
  }
  const written: DirtyRow[] = [];
  const texts = JSON.parse(part.text) as unknown[];
  for (const [i, row] of part.rows.entries()) {
    try {
      const text = JSON.stringify([texts[i]]);
      await database.prepare(UPSERT).bind(text, pool.network_id, pool.pool_id).run();
      written.push(row);
    } catch (error) {
      if (!isRefusal(error, "two sessions would hold one number")) throw error;
    }
  }
  return written;
}
