import { and, asc, desc, eq, getTableColumns, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import type { Db } from "../platform/db.ts";
import type { PoolRow } from "./pools.ts";
import { numbers, pools, sites } from "./tables.ts";

/** However many ids, one bound value: D1 takes at most 100 in a statement. */
function listed(values: readonly (string | number)[]): SQL {
  return sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
}

/**
 * The pools whose sessions a viewer may see, those in use first: all of a network's, an advertiser's by its
 * campaigns, a publisher's own and those that its sites draw from.
 */
export function poolsBehind(
  db: Db,
  viewer: Viewer,
  own_campaigns: readonly string[],
  limit: number,
): Promise<PoolRow[]> {
  const where: SQL[] = [eq(pools.network_id, viewer.network_id)];
  if (viewer.kind === "advertiser") where.push(inArray(pools.campaign_id, listed(own_campaigns)));
  if (viewer.kind === "publisher") {
    where.push(sql`(${pools.publisher_id} = ${viewer.organization_id} OR ${pools.id} IN (
      SELECT s.pool_id FROM sites s WHERE s.network_id = ${viewer.network_id}
        AND s.publisher_id = ${viewer.organization_id}))`);
  }
  return db
    .select(getTableColumns(pools))
    .from(pools)
    .where(and(...where))
    .orderBy(asc(sql`${pools.retired_at} IS NOT NULL`), desc(pools.id))
    .limit(limit);
}

/** The sites of these campaigns that are no publisher's. */
export async function ownSitesOf(
  db: Db,
  network_id: string,
  campaign_ids: readonly string[],
): Promise<string[]> {
  const rows = await db
    .select({ id: sites.id })
    .from(sites)
    .where(
      and(
        eq(sites.network_id, network_id),
        isNull(sites.publisher_id),
        inArray(sites.campaign_id, listed(campaign_ids)),
      ),
    );
  return rows.map((row) => row.id);
}

/** Short keys of pools by id, and ids of numbers by short key: what names a session's lease and number. */
export async function namesOf(
  db: Db,
  of: { pool_ids: readonly string[]; number_keys: readonly number[] },
): Promise<{ pool_keys: Map<string, number>; number_ids: Map<number, string> }> {
  const [keys, ids] = await Promise.all([
    db
      .select({ id: pools.id, key: pools.key })
      .from(pools)
      .where(inArray(pools.id, listed(of.pool_ids))),
    db
      .select({ id: numbers.id, key: numbers.key })
      .from(numbers)
      .where(inArray(numbers.key, listed(of.number_keys))),
  ]);
  return {
    pool_keys: new Map(keys.map((row) => [row.id, row.key])),
    number_ids: new Map(ids.map((row) => [row.key, row.id])),
  };
}
