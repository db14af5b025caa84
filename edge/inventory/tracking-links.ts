import { and, asc, eq, getTableColumns, gt, isNotNull, isNull, ne, type SQL, sql } from "drizzle-orm";
import type { TrackingLink, TrackingLinkInput, TrackingLinkPatch } from "../../shared/api/tracking-links.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Db } from "../platform/db.ts";
import type { PageAsk } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { liesOn } from "./model/landing-page.ts";
import { SITE_KEY_BYTES, siteKey } from "./model/site-key.ts";
import { sites } from "./tables.ts";
import { trackingLinks } from "./tracking-link-tables.ts";

export type TrackingLinkRow = typeof trackingLinks.$inferSelect;
export type SeenTrackingLink = TrackingLinkRow & { clicks: number };

export type TrackingLinkFilter = { campaign_id?: string | undefined; publisher_id?: string | undefined };

/** A network sees all of its links, a publisher its own. */
function visibleTo(viewer: Viewer): SQL[] {
  const where: SQL[] = [eq(trackingLinks.network_id, viewer.network_id)];
  if (viewer.kind === "publisher") where.push(eq(trackingLinks.publisher_id, viewer.organization_id));
  return where;
}

function select(db: Db, where: SQL[], limit: number): Promise<SeenTrackingLink[]> {
  return db
    .select({
      ...getTableColumns(trackingLinks),
      clicks: sql<number>`(SELECT count(*) FROM clicks k WHERE k.link_id = tracking_links.id)`,
    })
    .from(trackingLinks)
    .where(and(...where))
    .orderBy(asc(trackingLinks.id))
    .limit(limit);
}

export async function findTrackingLink(db: Db, viewer: Viewer, id: string): Promise<SeenTrackingLink | null> {
  const [row] = await select(db, [...visibleTo(viewer), eq(trackingLinks.id, id)], 1);
  return row ?? null;
}

export function listTrackingLinks(
  db: Db,
  viewer: Viewer,
  page: PageAsk,
  filter: TrackingLinkFilter,
): Promise<SeenTrackingLink[]> {
  const where = visibleTo(viewer);
  if (page.after !== null) where.push(gt(trackingLinks.id, page.after));
  if (!page.retired) where.push(isNull(trackingLinks.retired_at));
  if (filter.campaign_id !== undefined) where.push(eq(trackingLinks.campaign_id, filter.campaign_id));
  if (filter.publisher_id !== undefined) where.push(eq(trackingLinks.publisher_id, filter.publisher_id));
  return select(db, where, page.limit + 1);
}

/** A link with the address that its publisher uses. */
export function trackingLinkView(public_url: string, seen: SeenTrackingLink): TrackingLink {
  const { network_id: _, ...link } = seen;
  return { ...link, url: `${public_url}/c/${link.key}` };
}

/**
 * A new link under a public key of its own. Refused when its landing page lies on another publisher's site: a visitor
 * there is that publisher's, whatever the token says.
 */
export async function createTrackingLink(
  ground: Ground,
  viewer: Viewer,
  public_url: string,
  input: TrackingLinkInput,
): Promise<Result<Change<TrackingLink>, Failure>> {
  const { db, ids, now } = ground;
  const refused = await landingRefused(db, viewer.network_id, input.publisher_id, input.landing_url);
  if (refused) return err(refused);
  const link: TrackingLinkRow = {
    id: ids.next("tracking_link"),
    key: siteKey(ids.bytes(SITE_KEY_BYTES)),
    network_id: viewer.network_id,
    campaign_id: input.campaign_id,
    publisher_id: input.publisher_id,
    landing_url: input.landing_url,
    sub1: input.sub1 ?? null,
    sub2: input.sub2 ?? null,
    sub3: input.sub3 ?? null,
    sub4: input.sub4 ?? null,
    sub5: input.sub5 ?? null,
    created_at: now,
    retired_at: null,
  };
  return ok({
    result: trackingLinkView(public_url, { ...link, clicks: 0 }),
    subject_id: link.id,
    statements: [db.insert(trackingLinks).values(link)],
    detail: input,
  });
}

/** Leads the link somewhere else from now on, or names it anew. Refused as at its creation. */
export async function changeTrackingLink(
  { db }: Ground,
  public_url: string,
  seen: SeenTrackingLink,
  patch: TrackingLinkPatch,
): Promise<Result<Change<TrackingLink>, Failure>> {
  const { landing_url = seen.landing_url } = patch;
  const refused =
    landing_url === seen.landing_url
      ? null
      : await landingRefused(db, seen.network_id, seen.publisher_id, landing_url);
  if (refused) return err(refused);
  const next = {
    landing_url,
    sub1: patch.sub1 === undefined ? seen.sub1 : patch.sub1,
    sub2: patch.sub2 === undefined ? seen.sub2 : patch.sub2,
    sub3: patch.sub3 === undefined ? seen.sub3 : patch.sub3,
    sub4: patch.sub4 === undefined ? seen.sub4 : patch.sub4,
    sub5: patch.sub5 === undefined ? seen.sub5 : patch.sub5,
  };
  return ok({
    result: trackingLinkView(public_url, { ...seen, ...next }),
    subject_id: seen.id,
    statements: [db.update(trackingLinks).set(next).where(eq(trackingLinks.id, seen.id))],
    detail: patch,
  });
}

/** Takes a link out of use: it still leads to its landing page, counts nothing and proves nothing any more. */
export function retireTrackingLink({ db, now }: Ground, seen: SeenTrackingLink): Change<null> {
  const retired_at = seen.retired_at ?? now;
  const retired = db.update(trackingLinks).set({ retired_at }).where(eq(trackingLinks.id, seen.id));
  return { result: null, subject_id: seen.id, statements: [retired], detail: {} };
}

async function landingRefused(
  db: Db,
  network_id: string,
  publisher_id: string,
  landing_url: string,
): Promise<Failure | null> {
  const others = await db
    .select({ origins: sites.origins })
    .from(sites)
    .where(
      and(
        eq(sites.network_id, network_id),
        isNotNull(sites.publisher_id),
        ne(sites.publisher_id, publisher_id),
        isNull(sites.retired_at),
      ),
    );
  if (!others.some(({ origins }) => liesOn(landing_url, origins))) return null;
  const detail = "lies on another publisher's site";
  return { kind: "invalid", faults: [{ pointer: "/landing_url", detail }] };
}
