import { and, asc, desc, eq, gte, lt, sql } from "drizzle-orm";
import { DAY_MS, type Instant } from "../../../shared/instant.ts";
import { utcDay } from "../../platform/clock.ts";
import type { Db, Statement } from "../../platform/db.ts";
import { endsInTime, onNumbersOf, readInTime } from "../in-time.ts";
import { encodeSessionId } from "../session-id.ts";
import { sessions } from "../tables.ts";
import { sessionArchive } from "./tables.ts";

/** How far a month is copied. */
export type ArchiveMonth = typeof sessionArchive.$inferSelect;
/** The next page of a month: its name in the archive, one session a line, and what is to be noted once it is there. */
export type ArchivePage = { key: string; text: string; sessions: number; noted: Statement };

/** A session changes no more when its lease is over; two months leave time for what reached D1 late. */
const SETTLED_AFTER_MS = 62 * DAY_MS;
const PAGE_ROWS = 2_000;

/**
 * The month whose sessions are to be copied next: the oldest one that has been over for two months and is not done.
 * Null when none is.
 */
export async function monthToArchive(db: Db, network_id: string, now: Instant): Promise<ArchiveMonth | null> {
  const [last] = await db
    .select()
    .from(sessionArchive)
    .where(eq(sessionArchive.network_id, network_id))
    .orderBy(desc(sessionArchive.month))
    .limit(1);
  if (last && last.done_at === null) return last;
  const from = last ? monthEnd(last.month) : 0;
  // Nothing later is due yet, so no number need be looked at.
  if (!isOver(monthOf(from), now)) return null;
  const ends = await endsInTime(db, network_id, from, now);
  if (!ends) return null;
  const month = monthOf(ends.first_at);
  if (!isOver(month, now)) return null;
  const begin = { after_leased_at: 0, after_number_key: 0, done_at: null };
  return { network_id, month, pages: 0, sessions: 0, ...begin };
}

/** The next page of a month. An empty one is the end: it has no text and only notes that the month is done. */
export async function nextPage(db: Db, month: ArchiveMonth, now: Instant): Promise<ArchivePage> {
  const { network_id, after_leased_at, after_number_key } = month;
  const begin = Date.parse(`${month.month}-01T00:00:00Z`);
  const rest = { from: Math.max(begin, after_leased_at), to: monthEnd(month.month) };
  const rows = await readInTime({ ...rest, order: "earliest_first" }, PAGE_ROWS, ({ from, to }, limit) =>
    db
      .select()
      .from(sessions)
      .where(
        and(
          onNumbersOf(network_id, sessions.number_key),
          gte(sessions.leased_at, from),
          lt(sessions.leased_at, to),
          sql`(${sessions.leased_at}, ${sessions.number_key}) > (${after_leased_at}, ${after_number_key})`,
        ),
      )
      .orderBy(asc(sessions.leased_at), asc(sessions.number_key))
      .limit(limit),
  );
  const last = rows.at(-1);
  const page = String(month.pages + 1).padStart(6, "0");
  const next: ArchiveMonth = {
    ...month,
    pages: month.pages + (last ? 1 : 0),
    sessions: month.sessions + rows.length,
    after_leased_at: last?.leased_at ?? after_leased_at,
    after_number_key: last?.number_key ?? after_number_key,
    done_at: rows.length < PAGE_ROWS ? now : null,
  };
  const { network_id: _n, month: _m, ...progress } = next;
  return {
    // Folders that DuckDB and others read as columns.
    key: `sessions/network_id=${network_id}/month=${month.month}/${page}.ndjson`,
    text: rows.map((row) => `${JSON.stringify({ id: encodeSessionId(row), ...row })}\n`).join(""),
    sessions: rows.length,
    noted: db
      .insert(sessionArchive)
      .values(next)
      .onConflictDoUpdate({ target: [sessionArchive.network_id, sessionArchive.month], set: progress }),
  };
}

/** The UTC month of a moment: `2026-11`. */
function monthOf(at: Instant): string {
  return utcDay(at).slice(0, 7);
}

function isOver(month: string, now: Instant): boolean {
  return monthEnd(month) <= now - SETTLED_AFTER_MS;
}

/** The first moment of the month after this one, UTC. */
function monthEnd(month: string): Instant {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return Date.UTC(year, number, 1);
}
