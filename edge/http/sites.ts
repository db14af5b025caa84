import { type Context, Hono } from "hono";
import * as v from "valibot";
import { ListOf } from "../../shared/api/common.ts";
import { Site, SiteInput, SitePatch } from "../../shared/api/inventory.ts";
import { ok, type Result } from "../../shared/result.ts";
import { directoryEntry } from "../accounts/store.ts";
import { campaignIdsOf } from "../campaigns/store.ts";
import {
  changeSite,
  createSite,
  findSite,
  listSites,
  retireSite,
  type SeenSite,
  siteView,
} from "../inventory/sites.ts";
import { toPage } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { listFields, pageAsked } from "./support/list.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent, campaignNamed, conflict, poolNamed, publisherNamed } from "./support/references.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

const sitesQuery = v.strictObject({
  ...listFields,
  campaign_id: v.optional(v.string()),
  publisher_id: v.optional(v.string()),
});

async function named(c: Context<HttpEnv>, id: string): Promise<Result<SeenSite, Failure>> {
  const { db } = groundOf(c);
  const seen = await findSite(db, c.var.viewer, await campaignIdsOf(db, c.var.viewer), id);
  return seen ? ok(seen) : absent("site");
}

const publicUrl = (c: Context<HttpEnv>) => c.var.services.config.public_url;

/** `/sites`: pages with the tag on them, their origins, and the numbers on them that are to be replaced. */
export const sites = new Hono<HttpEnv>()
  .post(
    "/",
    may("sites.create"),
    described({
      summary: "Create a site",
      description: "`snippet` goes into the pages; `warnings` say what will not work as it is set up now.",
      answers: { 201: Site },
    }),
    jsonBody(SiteInput),
    (c) =>
      commit(c, 201, async () => {
        const input = c.req.valid("json");
        const campaign = await campaignNamed(c, input.campaign_id);
        if (!campaign.ok) return campaign;
        const publisher = await publisherNamed(c, input.publisher_id);
        if (!publisher.ok) return publisher;
        const pool = await poolNamed(c, input.pool_id);
        if (!pool.ok) return pool;
        const made = await createSite(groundOf(c), c.var.viewer, publicUrl(c), input, pool.value);
        if (!made.ok) return made;
        const { db } = c.var.services.directory;
        const entry = directoryEntry(db, "site", made.value.result.key, c.var.viewer.network_id);
        return ok({ ...made.value, directory: [entry] });
      }),
  )
  .get(
    "/",
    may("sites.list"),
    described({ summary: "List sites", answers: { 200: ListOf(Site) } }),
    queryOf(sitesQuery),
    async (c) => {
      const query = c.req.valid("query");
      const page = pageAsked(query);
      if (!page.ok) return problem(c, page.error);
      const { db } = groundOf(c);
      const own = await campaignIdsOf(db, c.var.viewer);
      const rows = await listSites(db, c.var.viewer, own, page.value, query);
      const view = (seen: SeenSite) => siteView(publicUrl(c), seen);
      return c.json(
        toPage(rows, page.value.limit, (row) => [row.site.id], view),
        200,
      );
    },
  )
  .get("/:id", may("sites.read"), described({ summary: "One site", answers: { 200: Site } }), async (c) => {
    const seen = await named(c, c.req.param("id"));
    return seen.ok ? c.json(siteView(publicUrl(c), seen.value), 200) : problem(c, seen.error);
  })
  .patch(
    "/:id",
    may("sites.update"),
    described({ summary: "Change a site", answers: { 200: Site } }),
    jsonBody(SitePatch),
    (c) =>
      commit(c, 200, async () => {
        const seen = await named(c, c.req.param("id"));
        if (!seen.ok) return seen;
        if (seen.value.site.retired_at !== null) return conflict("This site is retired.");
        return ok(changeSite(groundOf(c), publicUrl(c), seen.value, c.req.valid("json")));
      }),
  )
  .delete(
    "/:id",
    may("sites.retire"),
    described({
      summary: "Retire a site",
      description: "Its key is unknown from now on, and its pages show their own number.",
      answers: { 204: null },
    }),
    (c) =>
      commit(c, 204, async () => {
        const seen = await named(c, c.req.param("id"));
        return seen.ok ? ok(retireSite(groundOf(c), seen.value)) : seen;
      }),
  );
