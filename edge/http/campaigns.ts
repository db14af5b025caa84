import { type Context, Hono } from "hono";
import * as v from "valibot";
import { Campaign, CampaignInput, CampaignPatch } from "../../shared/api/campaigns.ts";
import { ListOf, PauseInput, ResumeInput } from "../../shared/api/common.ts";
import { ok } from "../../shared/result.ts";
import { changeCampaign, pauseCampaign, resumeCampaign, retireCampaign } from "../campaigns/change.ts";
import { createCampaign } from "../campaigns/create.ts";
import { listCampaigns, type SeenCampaign } from "../campaigns/store.ts";
import { campaignView } from "../campaigns/view.ts";
import { inUseOfCampaign, inUseText } from "../inventory/in-use.ts";
import { campaignChanged } from "../journeys/change-plans.ts";
import { toPage } from "../platform/paging.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { listFields, pageAsked } from "./support/list.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { campaignOf, conflict, organizationNamed } from "./support/references.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

const campaignsQuery = v.strictObject({ ...listFields, advertiser_id: v.optional(v.string()) });

const changed = (c: Context<HttpEnv>) => (campaign: { id: string }) =>
  campaignChanged(c.var.services, c.var.viewer.network_id, campaign.id);

/** `/campaigns`: what is sold to whom, at which number it is answered. Terms and enrollments have files of their own. */
export const campaigns = new Hono<HttpEnv>()
  .post(
    "/",
    may("campaigns.create"),
    described({ summary: "Create a campaign", answers: { 201: Campaign } }),
    jsonBody(CampaignInput),
    (c) =>
      commit(c, 201, async () => {
        const input = c.req.valid("json");
        const advertiser = await organizationNamed(c, "/advertiser_id", "advertiser", input.advertiser_id);
        return advertiser.ok ? ok(createCampaign(groundOf(c), c.var.viewer, input)) : advertiser;
      }),
  )
  .get(
    "/",
    may("campaigns.list"),
    described({ summary: "List campaigns", answers: { 200: ListOf(Campaign) } }),
    queryOf(campaignsQuery),
    async (c) => {
      const query = c.req.valid("query");
      const page = pageAsked(query);
      if (!page.ok) return problem(c, page.error);
      const { viewer } = c.var;
      const { db, now } = groundOf(c);
      const rows = await listCampaigns(db, viewer, now, page.value, query);
      const view = (seen: SeenCampaign) => campaignView(viewer, seen);
      return c.json(
        toPage(rows, page.value.limit, (row) => [row.campaign.id], view),
        200,
      );
    },
  )
  .get(
    "/:id",
    may("campaigns.read"),
    described({ summary: "One campaign", answers: { 200: Campaign } }),
    async (c) => {
      const seen = await campaignOf(c, c.req.param("id"));
      return seen.ok ? c.json(campaignView(c.var.viewer, seen.value), 200) : problem(c, seen.error);
    },
  )
  .patch(
    "/:id",
    may("campaigns.update"),
    described({ summary: "Change a campaign", answers: { 200: Campaign } }),
    jsonBody(CampaignPatch),
    (c) =>
      commit(
        c,
        200,
        async () => {
          const seen = await campaignOf(c, c.req.param("id"));
          return seen.ok ? changeCampaign(groundOf(c), c.var.viewer, seen.value, c.req.valid("json")) : seen;
        },
        changed(c),
      ),
  )
  .delete(
    "/:id",
    may("campaigns.retire"),
    described({
      summary: "Retire a campaign",
      description: "Refused while pools, numbers or sites in use still belong to it.",
      answers: { 204: null },
    }),
    (c) => {
      const id = c.req.param("id");
      const prepare = async () => {
        const seen = await campaignOf(c, id);
        if (!seen.ok) return seen;
        const what = inUseText(await inUseOfCampaign(groundOf(c).db, id));
        if (what !== null) return conflict(`Retire what belongs to it first: ${what}.`);
        return ok(retireCampaign(groundOf(c), seen.value));
      };
      return commit(c, 204, prepare, () => changed(c)({ id }));
    },
  )
  .post(
    "/:id/pause",
    may("campaigns.pause"),
    described({
      summary: "Pause a campaign",
      description: "No call that starts 2 s after the answer is sent to it, until it is resumed.",
      answers: { 200: Campaign },
    }),
    jsonBody(PauseInput),
    (c) =>
      commit(
        c,
        200,
        async () => {
          const seen = await campaignOf(c, c.req.param("id"));
          return seen.ok ? pauseCampaign(groundOf(c), c.var.viewer, seen.value, c.req.valid("json")) : seen;
        },
        changed(c),
      ),
  )
  .post(
    "/:id/resume",
    may("campaigns.resume"),
    described({ summary: "Resume a paused campaign", answers: { 200: Campaign } }),
    jsonBody(ResumeInput, { optional: true }),
    (c) =>
      commit(
        c,
        200,
        async () => {
          const seen = await campaignOf(c, c.req.param("id"));
          return seen.ok ? resumeCampaign(groundOf(c), c.var.viewer, seen.value, c.req.valid("json")) : seen;
        },
        changed(c),
      ),
  );
