import { and, count, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Db } from "../platform/db.ts";
import { numberAssignments, numbers, pools, sites } from "./tables.ts";

/** How much of the inventory in use hangs on something. */
export type InUse = { pools: number; numbers: number; sites: number };

export const inUseOfCampaign = (db: Db, campaign_id: string): Promise<InUse> =>
  counts(db, {
    pools: eq(pools.campaign_id, campaign_id),
    numbers: eq(numberAssignments.campaign_id, campaign_id),
    sites: eq(sites.campaign_id, campaign_id),
  });

export const inUseOfPublisher = (db: Db, publisher_id: string): Promise<InUse> =>
  counts(db, {
    pools: eq(pools.publisher_id, publisher_id),
    numbers: eq(numberAssignments.publisher_id, publisher_id),
    sites: eq(sites.publisher_id, publisher_id),
  });

export const inUseOfPool = (db: Db, pool_id: string): Promise<InUse> =>
  counts(db, {
    pools: null,
    numbers: eq(numberAssignments.pool_id, pool_id),
    sites: eq(sites.pool_id, pool_id),
  });

/** How many numbers in use belong to a telephony account. */
export async function numbersOfAccount(db: Db, telephony_account_id: string): Promise<number> {
  const [row] = await db
    .select({ numbers: count() })
    .from(numbers)
    .where(and(eq(numbers.telephony_account_id, telephony_account_id), isNull(numbers.retired_at)));
  return row?.numbers ?? 0;
}

/** How many static numbers a publisher has in a campaign that its pages may show: one that rests is leaving it. */
export async function staticNumbers(db: Db, campaign_id: string, publisher_id: string): Promise<number> {
  const [row] = await db
    .select({ numbers: count() })
    .from(numberAssignments)
    .where(
      and(
        eq(numberAssignments.campaign_id, campaign_id),
        eq(numberAssignments.publisher_id, publisher_id),
        isNull(numberAssignments.pool_id),
        isNull(numberAssignments.to_at),
        sql`NOT EXISTS (SELECT 1 FROM number_rests r WHERE r.number_key = number_assignments.number_key)`,
      ),
    );
  return row?.numbers ?? 0;
}

/** "2 numbers, 1 site", or null when nothing is in use. */
export function inUseText(inUse: Record<string, number>): string | null {
  const parts = Object.entries(inUse)
    .filter(([, amount]) => amount > 0)
    .map(([noun, amount]) => `${amount} ${amount === 1 ? noun.replace(/s$/, "") : noun}`);
  return parts.length > 0 ? parts.join(", ") : null;
}

async function counts(db: Db, where: { pools: SQL | null; numbers: SQL; sites: SQL }): Promise<InUse> {
  const [ofPools, ofNumbers, ofSites] = await db.batch([
    db
      .select({ amount: count() })
      .from(pools)
      .where(and(where.pools ?? eq(pools.id, ""), isNull(pools.retired_at))),
    db
      .select({ amount: count() })
      .from(numberAssignments)
      .where(and(where.numbers, isNull(numberAssignments.to_at))),
    db
      .select({ amount: count() })
      .from(sites)
      .where(and(where.sites, isNull(sites.retired_at))),
  ]);
  return {
    pools: ofPools[0]?.amount ?? 0,
    numbers: ofNumbers[0]?.amount ?? 0,
    sites: ofSites[0]?.amount ?? 0,
  };
}
