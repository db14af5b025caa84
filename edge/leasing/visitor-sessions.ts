import { and, desc, eq, gte, lte } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";
import { onNumbersOf } from "./in-time.ts";
import type { LeaseRef } from "./pool-port.ts";
import type { SessionRow } from "./store.ts";
import { sessions } from "./tables.ts";

/** A session by its number and moment; null when D1 does not have it. */
export async function readSession(db: Db, network_id: string, ref: LeaseRef): Promise<SessionRow | null> {
  const [row] = await db
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.number_key, ref.number_key),
        eq(sessions.leased_at, ref.leased_at),
        eq(sessions.network_id, network_id),
      ),
    );
  return row ?? null;
}

/**
 * The sessions of one visitor on one site that began in `[from, to]`, latest first. There is no index by visitor (a
 * page view would pay for it), so this reads every session of the network in that time: for a page that somebody
 * opens, not for a call that rings.
 */
export function sessionsOfVisitor(
  db: Db,
  who: { network_id: string; site_id: string; visitor: string },
  from: Instant,
  to: Instant,
  limit: number,
): Promise<SessionRow[]> {
  return db
    .select()
    .from(sessions)
    .where(
      and(
        onNumbersOf(who.network_id, sessions.number_key),
        gte(sessions.leased_at, from),
        lte(sessions.leased_at, to),
        eq(sessions.visitor, who.visitor),
        eq(sessions.site_id, who.site_id),
      ),
    )
    .orderBy(desc(sessions.leased_at))
    .limit(limit);
}
