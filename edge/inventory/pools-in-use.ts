import { and, asc, eq, isNull } from "drizzle-orm";
import type { Db } from "../platform/db.ts";
import { pools } from "./tables.ts";

/** The network's pools that are not retired, oldest first. */
export function poolsInUse(db: Db, network_id: string) {
  return db
    .select()
    .from(pools)
    .where(and(eq(pools.network_id, network_id), isNull(pools.retired_at)))
    .orderBy(asc(pools.created_at), asc(pools.id));
}
