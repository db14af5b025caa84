import { and, eq } from "drizzle-orm";
import type { Db } from "../platform/db.ts";
import { directoryEntries } from "./tables.ts";

type DirectoryKind = (typeof directoryEntries.$inferSelect)["kind"];

/** Which network a key belongs to that came from outside; null when nobody's. `db` is the directory's. */
export async function networkOf(db: Db, kind: DirectoryKind, key: string): Promise<string | null> {
  const [entry] = await db
    .select({ network_id: directoryEntries.network_id })
    .from(directoryEntries)
    .where(and(eq(directoryEntries.key, key), eq(directoryEntries.kind, kind)))
    .limit(1);
  return entry?.network_id ?? null;
}
