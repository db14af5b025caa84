import { and, asc, eq, isNotNull, notInArray, sql } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";
import { calls } from "./tables.ts";

/**
 * Calls that were put through to a campaign after this place and do qualify as things stand, or may yet: what a cap of
 * its terms counts. With a publisher, those whose number proves it. Oldest first; test calls are not among them.
 */
export function admittedCalls(
  db: Db,
  of: { network_id: string; campaign_id: string; publisher_id: string | null },
  after: { started_at: Instant; id: string },
  limit: number,
): Promise<{ id: string; started_at: Instant; is_open: boolean }[]> {
  const { network_id, campaign_id, publisher_id } = of;
  const status = publisher_id === null ? calls.revenue_status : calls.payout_status;
  return db
    .select({
      id: calls.id,
      started_at: calls.started_at,
      is_open: sql<boolean>`${calls.ended_at} IS NULL`.mapWith(Boolean),
    })
    .from(calls)
    .where(
      and(
        eq(calls.network_id, network_id),
        eq(calls.campaign_id, campaign_id),
        publisher_id === null
          ? undefined
          : and(eq(calls.publisher_id, publisher_id), eq(calls.publisher_proof, "number")),
        eq(calls.is_test, false),
        isNotNull(calls.target),
        notInArray(status, ["rejected", "reversed"]),
        sql`(${calls.started_at}, ${calls.id}) > (${after.started_at}, ${after.id})`,
      ),
    )
    .orderBy(asc(calls.started_at), asc(calls.id))
    .limit(limit);
}
