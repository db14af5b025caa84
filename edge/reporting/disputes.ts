import { and, desc, eq, gte, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import type { DisputeState } from "../../shared/api/disputes.ts";
import type { Instant } from "../../shared/instant.ts";
import { organizations } from "../accounts/tables.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { callShares, calls } from "../calls/tables.ts";
import type { Db } from "../platform/db.ts";
import { disputeDecisions, disputes } from "../settlement/dispute-tables.ts";
import type { DisputeFile } from "../settlement/dispute-views.ts";

/** What a list of disputes is narrowed to. `from` and `to` are half-open, on `opened_at`. */
export type DisputeFilter = {
  from?: Instant | undefined;
  to?: Instant | undefined;
  status?: DisputeState | undefined;
  side?: "revenue" | "payout" | undefined;
  call_id?: string | undefined;
  campaign_id?: string | undefined;
};

/** Where a page begins: after this dispute, newest first. */
export type DisputePlace = { opened_at: Instant; id: string };

/** Disputes that this viewer may see, newest first; `limit` of them. */
export function listDisputes(
  db: Db,
  viewer: Viewer,
  filter: DisputeFilter,
  after: DisputePlace | null,
  limit: number,
): Promise<DisputeFile[]> {
  const { opened_at, id } = disputes;
  const where = filtered(filter);
  if (after) where.push(sql`(${opened_at}, ${id}) < (${after.opened_at}, ${after.id})`);
  return visible(db, viewer, where, limit);
}

/** A dispute that this viewer may see; null for every other. */
export async function findDispute(db: Db, viewer: Viewer, id: string): Promise<DisputeFile | null> {
  const [found] = await visible(db, viewer, [eq(disputes.id, id)], 1);
  return found ?? null;
}

const PAGE_ROWS = 200;

/** Every dispute that the filter lets through, newest first, page by page. */
export async function* wholeDisputes(
  db: Db,
  viewer: Viewer,
  filter: DisputeFilter,
): AsyncGenerator<DisputeFile[]> {
  let after: DisputePlace | null = null;
  do {
    const page: DisputeFile[] = await listDisputes(db, viewer, filter, after, PAGE_ROWS);
    yield page;
    after = page.length < PAGE_ROWS ? null : (page.at(-1)?.dispute ?? null);
  } while (after !== null);
}

function visible(db: Db, viewer: Viewer, where: (SQL | undefined)[], limit: number): Promise<DisputeFile[]> {
  const publisher_id = sql`coalesce(${disputes.publisher_id}, ${calls.publisher_id})`;
  return db
    .select({
      dispute: disputes,
      decision: disputeDecisions,
      call: {
        started_at: calls.started_at,
        campaign_id: calls.campaign_id,
        advertiser_id: calls.advertiser_id,
        publisher_id: calls.publisher_id,
      },
      publisher_alias: organizations.alias,
    })
    .from(disputes)
    .innerJoin(calls, eq(calls.id, disputes.call_id))
    .leftJoin(disputeDecisions, eq(disputeDecisions.dispute_id, disputes.id))
    .leftJoin(
      organizations,
      and(eq(organizations.network_id, disputes.network_id), eq(organizations.id, publisher_id)),
    )
    .where(and(eq(disputes.network_id, viewer.network_id), isSeenBy(viewer), ...where))
    .orderBy(desc(disputes.opened_at), desc(disputes.id))
    .limit(limit);
}

/** An advertiser knows of no payouts. A publisher sees what concerns a payout of its own, and what it opened itself. */
function isSeenBy({ kind, organization_id }: Viewer): SQL | undefined {
  if (kind === "network") return undefined;
  if (kind === "advertiser") {
    return and(eq(disputes.side, "revenue"), eq(disputes.advertiser_id, organization_id));
  }
  const part = sql`EXISTS (SELECT 1 FROM ${callShares} s WHERE s.call_id = ${disputes.call_id}
    AND s.publisher_id = ${organization_id} AND s.payout_status IS NOT NULL)`;
  const earns = or(eq(calls.publisher_id, organization_id), part);
  const concerns = or(isNull(disputes.publisher_id), eq(disputes.publisher_id, organization_id));
  return or(eq(disputes.organization_id, organization_id), and(earns, concerns));
}

function filtered(filter: DisputeFilter): (SQL | undefined)[] {
  const { from, to, status, side, call_id, campaign_id } = filter;
  return [
    from === undefined ? undefined : gte(disputes.opened_at, from),
    to === undefined ? undefined : lt(disputes.opened_at, to),
    status === undefined ? undefined : statusIs(status),
    side === undefined ? undefined : eq(disputes.side, side),
    call_id === undefined ? undefined : eq(disputes.call_id, call_id),
    campaign_id === undefined ? undefined : eq(calls.campaign_id, campaign_id),
  ];
}

function statusIs(status: DisputeState): SQL | undefined {
  if (status === "open") return isNull(disputeDecisions.dispute_id);
  if (status === "decided") return isNotNull(disputeDecisions.dispute_id);
  return and(isNotNull(disputeDecisions.dispute_id), eq(disputeDecisions.decision, status));
}
