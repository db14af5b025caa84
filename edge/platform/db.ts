import type { D1Database } from "@cloudflare/workers-types";
import type { BatchItem } from "drizzle-orm/batch";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";

export type Db = DrizzleD1Database;

/** A write that has not been sent yet. Stores return these; a journey sends them all in one `write`. */
export type Statement = BatchItem<"sqlite">;

export function openDb(database: D1Database): Db {
  return drizzle(database);
}

/**
 * Sends statements as one atomic batch: all of them take effect or none (D1 `batch` is a transaction).
 * Every statement has a natural key, so a caller that does not know whether a write arrived may repeat it.
 * Throws what D1 threw; see `isConflict` for the expected kind.
 */
export async function write(db: Db, ...statements: Statement[]): Promise<void> {
  const [first, ...rest] = statements;
  if (first) await db.batch([first, ...rest]);
}

/**
 * True when a write was refused because its natural key exists, or because a trigger found that what it was decided on
 * has changed: somebody else, or an earlier try, was first.
 */
export function isConflict(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if (/UNIQUE constraint failed|PRIMARY KEY|\bchanged meanwhile: /.test(e.message)) return true;
  }
  return false;
}

/** True when one of our triggers refused a write, with this text. */
export function isRefusal(error: unknown, text: string): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if (e.message.includes(text)) return true;
  }
  return false;
}
