import { type Context, Hono } from "hono";
import * as v from "valibot";
import { ListOf } from "../../shared/api/common.ts";
import { TrackingLink, TrackingLinkInput, TrackingLinkPatch } from "../../shared/api/tracking-links.ts";
import { ok, type Result } from "../../shared/result.ts";
import { directoryEntry } from "../accounts/store.ts";
import {
  changeTrackingLink,
  createTrackingLink,
  findTrackingLink,
  listTrackingLinks,
  retireTrackingLink,
  type SeenTrackingLink,
  trackingLinkView,
} from "../inventory/tracking-links.ts";
import { toPage } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { byId, listFields, pageAsked } from "./support/list.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent, campaignNamed, conflict, organizationNamed } from "./support/references.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

const linksQuery = v.strictObject({
  ...listFields,
  campaign_id: v.optional(v.string()),
  publisher_id: v.optional(v.string()),
});

async function named(c: Context<HttpEnv>, id: string): Promise<Result<SeenTrackingLink, Failure>> {
  const seen = await findTrackingLink(groundOf(c).db, c.var.viewer, id);
  return seen ? ok(seen) : absent("tracking link");
}

const publicUrl = (c: Context<HttpEnv>) => c.var.services.config.public_url;

/** `/tracking-links`: a publisher's addresses of landing pages; a click on one proves the publisher. */
export const trackingLinks = new Hono<HttpEnv>()
  .post(
    "/",
    may("tracking_links.create"),
    described({
      summary: "Create a tracking link",
      description: "Refused when the landing page lies on another publisher's site.",
      answers: { 201: TrackingLink },
    }),
    jsonBody(TrackingLinkInput),
    (c) =>
      commit(c, 201, async () => {
        const input = c.req.valid("json");
        const campaign = await campaignNamed(c, input.campaign_id);
        if (!campaign.ok) return campaign;
        const publisher = await organizationNamed(c, "/publisher_id", "publisher", input.publisher_id);
        if (!publisher.ok) return publisher;
        const made = await createTrackingLink(groundOf(c), c.var.viewer, publicUrl(c), input);
        if (!made.ok) return made;
        const { db } = c.var.services.directory;
        const { network_id } = c.var.viewer;
        const entry = directoryEntry(db, "tracking_link", made.value.result.key, network_id);
        return ok({ ...made.value, directory: [entry] });
      }),
  )
  .get(
    "/",
    may("tracking_links.list"),
    described({ summary: "List tracking links", answers: { 200: ListOf(TrackingLink) } }),
    queryOf(linksQuery),
    async (c) => {
      const query = c.req.valid("query");
      const page = pageAsked(query);
      if (!page.ok) return problem(c, page.error);
      const rows = await listTrackingLinks(groundOf(c).db, c.var.viewer, page.value, query);
      const view = (seen: SeenTrackingLink) => trackingLinkView(publicUrl(c), seen);
      return c.json(toPage(rows, page.value.limit, byId, view), 200);
    },
  )
  .get(
    "/:id",
    may("tracking_links.read"),
    described({ summary: "One tracking link", answers: { 200: TrackingLink } }),
    async (c) => {
      const seen = await named(c, c.req.param("id"));
      return seen.ok ? c.json(trackingLinkView(publicUrl(c), seen.value), 200) : problem(c, seen.error);
    },
  )
  .patch(
    "/:id",
    may("tracking_links.update"),
    described({
      summary: "Change a tracking link",
      description: "Its landing page and sub ids; whose it is never changes.",
      answers: { 200: TrackingLink },
    }),
    jsonBody(TrackingLinkPatch),
    (c) =>
      commit(c, 200, async () => {
        const seen = await named(c, c.req.param("id"));
        if (!seen.ok) return seen;
        if (seen.value.retired_at !== null) return conflict("This tracking link is retired.");
        return changeTrackingLink(groundOf(c), publicUrl(c), seen.value, c.req.valid("json"));
      }),
  )
  .delete(
    "/:id",
    may("tracking_links.retire"),
    described({
      summary: "Retire a tracking link",
      description: "It still leads to its landing page, but gives out no click tokens and counts nothing.",
      answers: { 204: null },
    }),
    (c) =>
      commit(c, 204, async () => {
        const seen = await named(c, c.req.param("id"));
        return seen.ok ? ok(retireTrackingLink(groundOf(c), seen.value)) : seen;
      }),
  );
