import { and, eq } from "drizzle-orm";
import type { CallerType } from "../../shared/api/routing.ts";
import { DAY_MS, type Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import { callerTypes } from "./tables.ts";

/** A number that was ported or given to somebody else is looked up again. */
const KEPT_MS = 90 * DAY_MS;

/** What a lookup said of a caller; `type` is null where the provider does not know either. */
export type CallerLookup = { type: CallerType | null; looked_up_at: Instant };

/** Null for a caller who was never looked up. */
export async function readCallerType(
  db: Db,
  network_id: string,
  from_hash: string,
): Promise<CallerLookup | null> {
  const [row] = await db
    .select({ type: callerTypes.type, looked_up_at: callerTypes.looked_up_at })
    .from(callerTypes)
    .where(and(eq(callerTypes.network_id, network_id), eq(callerTypes.from_hash, from_hash)))
    .limit(1);
  return row ?? null;
}

export function isStale(lookup: CallerLookup | null, now: Instant): boolean {
  return lookup === null || lookup.looked_up_at <= now - KEPT_MS;
}

export function saveCallerType(
  db: Db,
  of: { network_id: string; from_hash: string },
  lookup: CallerLookup,
): Statement {
  return db
    .insert(callerTypes)
    .values({ ...of, ...lookup })
    .onConflictDoUpdate({ target: [callerTypes.network_id, callerTypes.from_hash], set: lookup });
}
