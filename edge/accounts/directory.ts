import { and, asc, eq, gt } from "drizzle-orm";
import type { Db } from "../platform/db.ts";
import { directoryEntries, organizations } from "./tables.ts";

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

/** Networks by id, after this one. */
export async function networkIds(db: Db, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: organizations.id })
    .from(organizations)
    .where(and(eq(organizations.kind, "network"), gt(organizations.id, after)))
    .orderBy(asc(organizations.id))
    .limit(limit);
  return rows.map(({ id }) => id);
}
