import { Hono } from "hono";
import { CampaignRouting, CampaignRoutingPatch } from "../../shared/api/routing.ts";
import { changeRouting, routingSet, routingView } from "../campaigns/routing-settings.ts";
import { campaignChanged } from "../journeys/change-plans.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { campaignOf, openCampaign } from "./support/references.ts";
import { jsonBody } from "./support/validate.ts";

/** `/campaigns/{id}/routing`: what is tried before any target is rung. */
export const routing = new Hono<HttpEnv>()
  .get(
    "/:id/routing",
    may("routing.read"),
    described({ summary: "A campaign's routing", answers: { 200: CampaignRouting } }),
    async (c) => {
      const seen = await campaignOf(c, c.req.param("id"));
      if (!seen.ok) return problem(c, seen.error);
      return c.json(routingView(await routingSet(groundOf(c).db, seen.value.campaign.id)), 200);
    },
  )
  .patch(
    "/:id/routing",
    may("routing.update"),
    described({
      summary: "Change a campaign's routing",
      description:
        "Filters are tried in order, and the first of which every condition holds decides; a list given replaces the list.",
      answers: { 200: CampaignRouting },
    }),
    jsonBody(CampaignRoutingPatch),
    (c) =>
      commit(
        c,
        200,
        async () => {
          const seen = await openCampaign(c, c.req.param("id"));
          if (!seen.ok) return seen;
          return changeRouting(groundOf(c), c.var.viewer, seen.value.campaign.id, c.req.valid("json"));
        },
        () => campaignChanged(c.var.services, c.var.viewer.network_id, c.req.param("id")),
      ),
  );
