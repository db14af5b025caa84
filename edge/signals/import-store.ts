import { and, desc, eq, getTableColumns, lt, type SQL, sql } from "drizzle-orm";
import type { SignalImport, SignalImportSummary } from "../../shared/api/signals.ts";
import { type Instant, MINUTE_MS } from "../../shared/instant.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Db, Statement } from "../platform/db.ts";
import { signalImports } from "./tables.ts";

export type ImportRow = typeof signalImports.$inferSelect;
export type ImportHead = Omit<ImportRow, "errors">;

/** A running import takes in a part every few moments; one that has not for so long has lost its Worker. */
const LOST_AFTER_MS = 10 * MINUTE_MS;
/** What is refused when an import is written to that has ended. */
export const HAS_ENDED = "this import has ended";

/** What is so of every import that ended before its file did. */
export const WHAT_STAYS =
  "Nothing from this line on is taken in; what stands before it is, and counts once however often it is sent.";

/** An import as far as it has come; refused (`HAS_ENDED`) when it was closed meanwhile. */
export function saveImport(db: Db, row: ImportRow): Statement {
  const { status, next_line, accepted, rejected, errors, progressed_at, ended_at } = row;
  return db.insert(signalImports).values(row).onConflictDoUpdate({
    target: signalImports.id,
    set: { status, next_line, accepted, rejected, errors, progressed_at, ended_at },
  });
}

/** Closes imports whose Worker is gone, saying from where on nothing was taken in. */
export function closeLostImports(db: Db, network_id: string, now: Instant): Statement {
  const is_lost = lt(signalImports.progressed_at, now - LOST_AFTER_MS);
  return closed(db, "the import broke off", now, [eq(signalImports.network_id, network_id), is_lost]);
}

/** Closes an import that cannot go on, as far as it is known to the database; nothing if it has ended. */
export function closeImport(db: Db, id: string, why: string, now: Instant): Statement {
  return closed(db, why, now, [eq(signalImports.id, id)]);
}

function closed(db: Db, why: string, now: Instant, where: SQL[]): Statement {
  const { errors, next_line } = signalImports;
  const detail = `${why}: send the file again. ${WHAT_STAYS}`;
  return (
    db
      .update(signalImports)
      .set({
        status: "failed",
        errors: sql`json_insert(${errors}, '$[#]', json_object('line', ${next_line}, 'detail', ${detail}))`,
        ended_at: now,
      })
      // The words of the index of running ones.
      .where(and(...where, sql`${signalImports.status} = 'running'`))
  );
}

/** An import that this viewer may see: a network all of its own, the others what they sent themselves. */
export async function findImport(db: Db, viewer: Viewer, id: string): Promise<ImportRow | null> {
  const [row] = await db
    .select()
    .from(signalImports)
    .where(and(...seenBy(viewer), eq(signalImports.id, id)))
    .limit(1);
  return row ?? null;
}

/** Imports that this viewer may see, the latest first, without their rejected lines. */
export function listImports(
  db: Db,
  viewer: Viewer,
  page: { limit: number; after: string | null },
): Promise<ImportHead[]> {
  const where = seenBy(viewer);
  if (page.after !== null) where.push(lt(signalImports.id, page.after));
  const { errors: _, ...head } = getTableColumns(signalImports);
  return db
    .select(head)
    .from(signalImports)
    .where(and(...where))
    .orderBy(desc(signalImports.id))
    .limit(page.limit + 1);
}

function seenBy(viewer: Viewer): SQL[] {
  const where = [eq(signalImports.network_id, viewer.network_id)];
  if (viewer.kind !== "network") where.push(eq(signalImports.organization_id, viewer.organization_id));
  return where;
}

export function importSummary(row: ImportHead): SignalImportSummary {
  const { id, organization_id, status, accepted, rejected, created_at, ended_at } = row;
  return { id, organization_id, status, accepted, rejected, created_at, ended_at };
}

export function importView(row: ImportRow): SignalImport {
  return { ...importSummary(row), errors: row.errors };
}
