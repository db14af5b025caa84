import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gt,
  isNull,
  lte,
  ne,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Db } from "../platform/db.ts";
import type { PageAsk } from "../platform/paging.ts";
import { campaigns, campaignTerms, enrollments, enrollmentVersions } from "./tables.ts";

export type CampaignRow = typeof campaigns.$inferSelect;
export type TermsRow = typeof campaignTerms.$inferSelect;
export type EnrollmentRow = typeof enrollments.$inferSelect;
export type EnrollmentVersionRow = typeof enrollmentVersions.$inferSelect;

/** A campaign with the terms in force and, for a publisher, its own enrollment in force. */
export type SeenCampaign = {
  campaign: CampaignRow;
  terms: TermsRow | null;
  enrollment: EnrollmentVersionRow | null;
};

// Sub-queries spell columns out: drizzle leaves the table's name away where it thinks there is but one.

/** Of the versions that have begun, the one that began last; of two that began together, the later made. */
function termsInForceId(now: Instant): SQL {
  return sql`(SELECT t.id FROM campaign_terms t WHERE t.campaign_id = campaigns.id AND t.effective_at <= ${now}
    ORDER BY t.effective_at DESC, t.version DESC LIMIT 1)`;
}

function enrollmentInForceId(now: Instant): SQL {
  return sql`(SELECT e.id FROM enrollment_versions e WHERE e.enrollment_id = enrollments.id
    AND e.effective_at <= ${now} ORDER BY e.effective_at DESC, e.version DESC LIMIT 1)`;
}

/** A network sees all of its campaigns, an advertiser its own, a publisher those it was not refused. */
function visibleTo(viewer: Viewer): SQL[] {
  const where: SQL[] = [eq(campaigns.network_id, viewer.network_id)];
  if (viewer.kind === "advertiser") where.push(eq(campaigns.advertiser_id, viewer.organization_id));
  if (viewer.kind === "publisher") {
    where.push(eq(enrollments.publisher_id, viewer.organization_id));
    const notRefused = or(isNull(enrollmentVersions.id), ne(enrollmentVersions.status, "rejected"));
    if (notRefused) where.push(notRefused);
  }
  return where;
}

function seen(db: Db, viewer: Viewer, now: Instant, where: SQL[], limit: number): Promise<SeenCampaign[]> {
  const own = viewer.kind === "publisher" ? viewer.organization_id : "";
  return db
    .select({ campaign: campaigns, terms: campaignTerms, enrollment: enrollmentVersions })
    .from(campaigns)
    .leftJoin(campaignTerms, eq(campaignTerms.id, termsInForceId(now)))
    .leftJoin(enrollments, and(eq(enrollments.campaign_id, campaigns.id), eq(enrollments.publisher_id, own)))
    .leftJoin(enrollmentVersions, eq(enrollmentVersions.id, enrollmentInForceId(now)))
    .where(and(...visibleTo(viewer), ...where))
    .orderBy(asc(campaigns.id))
    .limit(limit);
}

/** A campaign that this viewer may see, retired or not. */
export async function findCampaign(
  db: Db,
  viewer: Viewer,
  id: string,
  now: Instant,
): Promise<SeenCampaign | null> {
  const [row] = await seen(db, viewer, now, [eq(campaigns.id, id)], 1);
  return row ?? null;
}

/** A network's campaign as it stands, whoever asks. */
export async function readCampaign(db: Db, network_id: string, id: string): Promise<CampaignRow | null> {
  const [row] = await db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.network_id, network_id), eq(campaigns.id, id)))
    .limit(1);
  return row ?? null;
}

export type CampaignFilter = { advertiser_id?: string | undefined };

export function listCampaigns(
  db: Db,
  viewer: Viewer,
  now: Instant,
  page: PageAsk,
  filter: CampaignFilter,
): Promise<SeenCampaign[]> {
  const where: SQL[] = [];
  if (page.after !== null) where.push(gt(campaigns.id, page.after));
  if (!page.retired) where.push(isNull(campaigns.retired_at));
  if (filter.advertiser_id !== undefined) where.push(eq(campaigns.advertiser_id, filter.advertiser_id));
  return seen(db, viewer, now, where, page.limit + 1);
}

/** The versions of a campaign's terms after this one, oldest first. */
export function listTerms(
  db: Db,
  campaign_id: string,
  after_version: number,
  limit: number,
): Promise<TermsRow[]> {
  return db
    .select()
    .from(campaignTerms)
    .where(and(eq(campaignTerms.campaign_id, campaign_id), gt(campaignTerms.version, after_version)))
    .orderBy(asc(campaignTerms.version))
    .limit(limit);
}

export async function lastTermsVersion(db: Db, campaign_id: string): Promise<number> {
  const [last] = await db
    .select({ version: campaignTerms.version })
    .from(campaignTerms)
    .where(eq(campaignTerms.campaign_id, campaign_id))
    .orderBy(desc(campaignTerms.version))
    .limit(1);
  return last?.version ?? 0;
}

/** The terms that a call beginning at `at` is judged by. */
export async function termsInForce(db: Db, campaign_id: string, at: Instant): Promise<TermsRow | null> {
  const [row] = await db
    .select()
    .from(campaignTerms)
    .where(and(eq(campaignTerms.campaign_id, campaign_id), lte(campaignTerms.effective_at, at)))
    .orderBy(desc(campaignTerms.effective_at), desc(campaignTerms.version))
    .limit(1);
  return row ?? null;
}

/** A publisher's enrollment in a campaign as it stood at `at`; null when there was none. */
export async function enrollmentInForce(
  db: Db,
  campaign_id: string,
  publisher_id: string,
  at: Instant,
): Promise<EnrollmentVersionRow | null> {
  const [row] = await db
    .select(getTableColumns(enrollmentVersions))
    .from(enrollments)
    .innerJoin(enrollmentVersions, eq(enrollmentVersions.enrollment_id, enrollments.id))
    .where(
      and(
        eq(enrollments.campaign_id, campaign_id),
        eq(enrollments.publisher_id, publisher_id),
        lte(enrollmentVersions.effective_at, at),
      ),
    )
    .orderBy(desc(enrollmentVersions.effective_at), desc(enrollmentVersions.version))
    .limit(1);
  return row ?? null;
}

/** An enrollment with the version made last. */
export type EnrollmentState = { enrollment: EnrollmentRow; version: EnrollmentVersionRow };

function lastVersions(db: Db, where: SQL[], limit: number): Promise<EnrollmentState[]> {
  const last = sql`(SELECT max(e.version) FROM enrollment_versions e WHERE e.enrollment_id = enrollments.id)`;
  return db
    .select({ enrollment: enrollments, version: enrollmentVersions })
    .from(enrollments)
    .innerJoin(
      enrollmentVersions,
      and(eq(enrollmentVersions.enrollment_id, enrollments.id), eq(enrollmentVersions.version, last)),
    )
    .where(and(...where))
    .orderBy(asc(enrollments.id))
    .limit(limit);
}

export async function findEnrollment(
  db: Db,
  campaign_id: string,
  publisher_id: string,
): Promise<EnrollmentState | null> {
  const where = [eq(enrollments.campaign_id, campaign_id), eq(enrollments.publisher_id, publisher_id)];
  const [row] = await lastVersions(db, where, 1);
  return row ?? null;
}

/** A campaign's enrollments; a publisher sees only its own. */
export function listEnrollments(
  db: Db,
  viewer: Viewer,
  campaign_id: string,
  page: PageAsk,
): Promise<EnrollmentState[]> {
  const where = [eq(enrollments.network_id, viewer.network_id), eq(enrollments.campaign_id, campaign_id)];
  if (viewer.kind === "publisher") where.push(eq(enrollments.publisher_id, viewer.organization_id));
  if (page.after !== null) where.push(gt(enrollments.id, page.after));
  return lastVersions(db, where, page.limit + 1);
}

/** How many campaigns in use an advertiser has. */
export async function countCampaigns(db: Db, advertiser_id: string): Promise<number> {
  const [row] = await db
    .select({ campaigns: count() })
    .from(campaigns)
    .where(and(eq(campaigns.advertiser_id, advertiser_id), isNull(campaigns.retired_at)));
  return row?.campaigns ?? 0;
}

/**
 * The ids of an advertiser's campaigns, by which the inventory's room knows what the advertiser may see; for the
 * other kinds none are needed.
 */
export async function campaignIdsOf(db: Db, viewer: Viewer): Promise<string[]> {
  if (viewer.kind !== "advertiser") return [];
  const rows = await db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(
      and(eq(campaigns.network_id, viewer.network_id), eq(campaigns.advertiser_id, viewer.organization_id)),
    );
  return rows.map((row) => row.id);
}
