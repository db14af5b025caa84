import { and, asc, eq, gt, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { Site, SiteInput, SitePatch } from "../../shared/api/inventory.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Db } from "../platform/db.ts";
import type { PageAsk } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { staticNumbers } from "./in-use.ts";
import { SITE_KEY_BYTES, siteKey } from "./model/site-key.ts";
import { siteWarnings } from "./model/site-warnings.ts";
import type { PoolRow } from "./pools.ts";
import { pools, sites } from "./tables.ts";

export type SiteRow = typeof sites.$inferSelect;
/** A site with the facts that its warnings are about. */
export type SeenSite = {
  site: SiteRow;
  pool_publisher_id: string | null;
  pool_numbers: number;
  /** Static numbers of the site's publisher in its campaign that its pages may show. */
  static_numbers: number;
};

/**
 * A network sees all of its sites, a publisher its own, an advertiser those of its campaigns that are no
 * publisher's; which campaigns these are the campaigns' room says.
 */
function visibleTo(viewer: Viewer, own_campaigns: readonly string[]): SQL[] {
  const where: SQL[] = [eq(sites.network_id, viewer.network_id)];
  if (viewer.kind === "publisher") where.push(eq(sites.publisher_id, viewer.organization_id));
  if (viewer.kind === "advertiser") {
    const listed = sql`(SELECT value FROM json_each(${JSON.stringify(own_campaigns)}))`;
    where.push(isNull(sites.publisher_id), inArray(sites.campaign_id, listed));
  }
  return where;
}

function select(db: Db, where: SQL[], limit: number): Promise<SeenSite[]> {
  return db
    .select({
      site: sites,
      pool_publisher_id: pools.publisher_id,
      pool_numbers: sql<number>`(SELECT count(*) FROM number_assignments a
        WHERE a.pool_id = sites.pool_id AND a.to_at IS NULL)`,
      static_numbers: sql<number>`(SELECT count(*) FROM number_assignments a
        WHERE a.campaign_id = sites.campaign_id AND a.publisher_id = sites.publisher_id
          AND a.pool_id IS NULL AND a.to_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM number_rests r WHERE r.number_key = a.number_key))`,
    })
    .from(sites)
    .innerJoin(pools, eq(pools.id, sites.pool_id))
    .where(and(...where))
    .orderBy(asc(sites.id))
    .limit(limit);
}

export async function findSite(
  db: Db,
  viewer: Viewer,
  own_campaigns: readonly string[],
  id: string,
): Promise<SeenSite | null> {
  const [row] = await select(db, [...visibleTo(viewer, own_campaigns), eq(sites.id, id)], 1);
  return row ?? null;
}

export type SiteFilter = { campaign_id?: string | undefined; publisher_id?: string | undefined };

export function listSites(
  db: Db,
  viewer: Viewer,
  own_campaigns: readonly string[],
  page: PageAsk,
  filter: SiteFilter,
): Promise<SeenSite[]> {
  const where = visibleTo(viewer, own_campaigns);
  if (page.after !== null) where.push(gt(sites.id, page.after));
  if (!page.retired) where.push(isNull(sites.retired_at));
  if (filter.campaign_id !== undefined) where.push(eq(sites.campaign_id, filter.campaign_id));
  if (filter.publisher_id !== undefined) where.push(eq(sites.publisher_id, filter.publisher_id));
  return select(db, where, page.limit + 1);
}

/** A site with the line of HTML that puts the tag on its pages. */
export function siteView(public_url: string, seen: SeenSite): Site {
  const { network_id: _, ...site } = seen.site;
  const snippet = `<script async src="${public_url}/t/${site.key}.js"></script>`;
  return { ...site, snippet, warnings: siteWarnings({ ...seen, publisher_id: site.publisher_id }) };
}

/**
 * A new site under a public key of its own. `pool` is the one it draws numbers from: it must be of the site's
 * campaign, and a publisher's own pool serves that publisher's sites only, because its numbers prove it.
 */
export async function createSite(
  ground: Ground,
  viewer: Viewer,
  public_url: string,
  input: SiteInput,
  pool: { pool: PoolRow; numbers: number },
): Promise<Result<Change<Site>, Failure>> {
  const { db, ids, now } = ground;
  const fault = poolFault(input, pool.pool);
  if (fault) return err({ kind: "invalid", faults: [{ pointer: "/pool_id", detail: fault }] });
  const publisher_id = input.publisher_id ?? null;
  const site: SiteRow = {
    ...input,
    tag_options: input.tag_options ?? {},
    id: ids.next("site"),
    key: siteKey(ids.bytes(SITE_KEY_BYTES)),
    network_id: viewer.network_id,
    publisher_id,
    last_page_view_at: null,
    created_at: now,
    retired_at: null,
  };
  const seen: SeenSite = {
    site,
    pool_publisher_id: pool.pool.publisher_id,
    pool_numbers: pool.numbers,
    static_numbers: publisher_id === null ? 0 : await staticNumbers(db, input.campaign_id, publisher_id),
  };
  return ok({
    result: siteView(public_url, seen),
    subject_id: site.id,
    statements: [db.insert(sites).values(site)],
    detail: input,
  });
}

function poolFault(input: SiteInput, pool: PoolRow): string | null {
  if (pool.retired_at !== null) return "this pool is retired";
  if (pool.campaign_id !== input.campaign_id) return "is a pool of another campaign";
  if (pool.publisher_id !== null && pool.publisher_id !== (input.publisher_id ?? null)) {
    return "is a publisher's own pool: it serves that publisher's sites only";
  }
  return null;
}

export function changeSite(
  ground: Ground,
  public_url: string,
  seen: SeenSite,
  patch: SitePatch,
): Change<Site> {
  const next = {
    origins: patch.origins ?? seen.site.origins,
    swap_numbers: patch.swap_numbers ?? seen.site.swap_numbers,
    gpc: patch.gpc ?? seen.site.gpc,
    tag_options: patch.tag_options ?? seen.site.tag_options,
  };
  return {
    result: siteView(public_url, { ...seen, site: { ...seen.site, ...next } }),
    subject_id: seen.site.id,
    statements: [ground.db.update(sites).set(next).where(eq(sites.id, seen.site.id))],
    detail: patch,
  };
}

/** Takes a site out of use: its key is unknown from now on, and pages show their own number. */
export function retireSite(ground: Ground, { site }: SeenSite): Change<null> {
  const retired_at = site.retired_at ?? ground.now;
  const retired = ground.db.update(sites).set({ retired_at }).where(eq(sites.id, site.id));
  return { result: null, subject_id: site.id, statements: [retired], detail: {} };
}
