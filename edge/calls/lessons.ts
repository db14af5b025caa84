import { and, desc, eq, gte, lt, type SQL } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";
import { calls, candidateSnapshots } from "./tables.ts";

/** A pool's calls within `[from, to)`. */
export type LessonsOf = { network_id: string; pool_id: string; from: Instant; to: Instant };

function real({ network_id, pool_id, from, to }: LessonsOf): SQL | undefined {
  return and(
    eq(calls.network_id, network_id),
    eq(calls.pool_id, pool_id),
    eq(calls.is_test, false),
    gte(calls.started_at, from),
    lt(calls.started_at, to),
  );
}

/** When the pool's latest calls began, newest first, `limit` at most; test calls are none. */
export async function latestStarts(db: Db, of: LessonsOf, limit: number): Promise<Instant[]> {
  const rows = await db
    .select({ at: calls.started_at })
    .from(calls)
    .where(real(of))
    .orderBy(desc(calls.started_at))
    .limit(limit);
  return rows.map(({ at }) => at);
}

/** What was frozen at the pool's calls, newest first; a page at a time, because snapshots are large. */
export function selectLessons(db: Db, of: LessonsOf, page: { limit: number; offset: number }) {
  return db
    .select({
      started_at: calls.started_at,
      provider_call_id: calls.provider_call_id,
      caller: calls.from_hash,
      snapshot: candidateSnapshots.snapshot,
    })
    .from(calls)
    .innerJoin(candidateSnapshots, eq(candidateSnapshots.call_id, calls.id))
    .where(real(of))
    .orderBy(desc(calls.started_at), desc(calls.provider_call_id))
    .limit(page.limit)
    .offset(page.offset);
}
