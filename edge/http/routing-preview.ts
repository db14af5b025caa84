import { Hono } from "hono";
import { RoutingPreview, RoutingPreviewQuery } from "../../shared/api/routing.ts";
import { isInstant } from "../../shared/instant.ts";
import { previewRoute } from "../journeys/preview-route.ts";
import { groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { fault } from "./support/references.ts";
import { queryOf } from "./support/validate.ts";

/** `/routing-preview`: who would be rung for a call, and why not the others. Nothing is rung or counted. */
export const routingPreview = new Hono<HttpEnv>().get(
  "/",
  may("routing_preview.read"),
  described({
    summary: "Who would be rung",
    description:
      "For a call to `number` from `caller` (absent: hidden) at `at` (absent: now), by the same choice as a ring makes.",
    answers: { 200: RoutingPreview },
  }),
  queryOf(RoutingPreviewQuery),
  async (c) => {
    const { number, caller = "", at = groundOf(c).now, caller_type, stir } = c.req.valid("query");
    if (!isInstant(at)) return problem(c, fault("?at", "must be integer milliseconds since the epoch").error);
    const { network_id } = c.var.viewer;
    const ask = { network_id, number, caller, at, type: caller_type ?? null, stir: stir ?? null };
    const preview = await previewRoute(c.var.services, ask);
    return preview.ok ? c.json(preview.value, 200) : problem(c, preview.error);
  },
);
