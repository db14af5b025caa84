import { and, avg, count, eq, gte, inArray, lt } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";
import { calls } from "./tables.ts";

/**
 * The calls of `[from, to)` that were joined to a visit of this pool, and the mean of what their attribution left to
 * other explanations: the share of them that belongs to another visit, if the model is right. Null without a call.
 */
export async function joinedCalls(
  db: Db,
  of: { network_id: string; pool_id: string; from: Instant; to: Instant },
): Promise<{ calls: number; wrong_share: number | null }> {
  const [row] = await db
    .select({ calls: count(), confidence: avg(calls.confidence).mapWith(Number) })
    .from(calls)
    .where(
      and(
        eq(calls.network_id, of.network_id),
        eq(calls.pool_id, of.pool_id),
        gte(calls.started_at, of.from),
        lt(calls.started_at, of.to),
        inArray(calls.method, ["lease", "late_lease"]),
        eq(calls.is_test, false),
      ),
    );
  if (!row || row.calls === 0) return { calls: 0, wrong_share: null };
  return { calls: row.calls, wrong_share: 1 - row.confidence };
}
