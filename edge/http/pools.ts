import { type Context, Hono } from "hono";
import * as v from "valibot";
import { ListOf } from "../../shared/api/common.ts";
import { Pool, PoolInput, PoolPatch } from "../../shared/api/inventory.ts";
import { PoolHealth } from "../../shared/api/pool-health.ts";
import { ok, type Result } from "../../shared/result.ts";
import { inUseOfPool, inUseText } from "../inventory/in-use.ts";
import {
  changePool,
  createPool,
  findPool,
  listPools,
  poolView,
  retirePool,
  type SeenPool,
} from "../inventory/pools.ts";
import { poolChanged } from "../journeys/change-plans.ts";
import { advisedCooldown, poolHealth, poolNow, poolTold } from "../journeys/pool-health.ts";
import { toPage } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { listFields, pageAsked } from "./support/list.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent, campaignNamed, conflict, publisherNamed } from "./support/references.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

const poolsQuery = v.strictObject({ ...listFields, campaign_id: v.optional(v.string()) });

const healthQuery = v.strictObject({ part: v.optional(v.picklist(["now"], "must be now")) });

async function named(c: Context<HttpEnv>, id: string): Promise<Result<SeenPool, Failure>> {
  const seen = await findPool(groundOf(c).db, c.var.viewer, id);
  return seen ? ok(seen) : absent("pool");
}

/** A cool-down that shall follow the load does so from this change on, not from the next upkeep. */
async function withAdvice(c: Context<HttpEnv>, seen: SeenPool, patch: PoolPatch): Promise<PoolPatch> {
  if (patch.cooldown_mode !== "automatic") return patch;
  const advised_s = await advisedCooldown(c.var.services, seen);
  return advised_s === null ? patch : { ...patch, cooldown_s: advised_s };
}

/** `/pools`: the numbers that visitors of a campaign's sites are shown in turn. */
export const pools = new Hono<HttpEnv>()
  .post(
    "/",
    may("pools.create"),
    described({
      summary: "Create a pool",
      description: "With `publisher_id` it is that publisher's own: every call to its numbers proves it.",
      answers: { 201: Pool },
    }),
    jsonBody(PoolInput),
    (c) =>
      commit(
        c,
        201,
        async () => {
          const input = c.req.valid("json");
          const campaign = await campaignNamed(c, input.campaign_id);
          if (!campaign.ok) return campaign;
          const publisher = await publisherNamed(c, input.publisher_id);
          return publisher.ok ? ok(createPool(groundOf(c), c.var.viewer, input)) : publisher;
        },
        (pool) => poolTold(c.var.services, c.var.viewer, pool.id),
      ),
  )
  .get(
    "/",
    may("pools.list"),
    described({ summary: "List pools", answers: { 200: ListOf(Pool) } }),
    queryOf(poolsQuery),
    async (c) => {
      const query = c.req.valid("query");
      const page = pageAsked(query);
      if (!page.ok) return problem(c, page.error);
      const rows = await listPools(groundOf(c).db, c.var.viewer, page.value, query);
      return c.json(
        toPage(
          rows,
          page.value.limit,
          (row) => [row.pool.id],
          (row) => poolView(c.var.viewer, row),
        ),
        200,
      );
    },
  )
  .get("/:id", may("pools.read"), described({ summary: "One pool", answers: { 200: Pool } }), async (c) => {
    const seen = await named(c, c.req.param("id"));
    return seen.ok ? c.json(poolView(c.var.viewer, seen.value), 200) : problem(c, seen.error);
  })
  .get(
    "/:id/health",
    may("pools.health"),
    described({
      summary: "How a pool stands and what it bears",
      description:
        "Who holds which number now; arrivals and holds of the last seven days, the load they offer and what " +
        "Erlang's B formula says of it; the risk in its joins. `part=now` leaves out what was measured.",
      answers: { 200: PoolHealth },
    }),
    queryOf(healthQuery),
    async (c) => {
      const seen = await named(c, c.req.param("id"));
      if (!seen.ok) return problem(c, seen.error);
      const { services, viewer } = c.var;
      const isNow = c.req.valid("query").part === "now";
      const health = await (isNow ? poolNow(services, seen.value) : poolHealth(services, viewer, seen.value));
      return c.json(health, 200);
    },
  )
  .patch(
    "/:id",
    may("pools.update"),
    described({ summary: "Change a pool", answers: { 200: Pool } }),
    jsonBody(PoolPatch),
    (c) =>
      commit(
        c,
        200,
        async () => {
          const seen = await named(c, c.req.param("id"));
          if (!seen.ok) return seen;
          if (seen.value.pool.retired_at !== null) return conflict("This pool is retired.");
          const patch = await withAdvice(c, seen.value, c.req.valid("json"));
          return ok(changePool(groundOf(c), c.var.viewer, seen.value, patch));
        },
        async (pool) => {
          await poolChanged(c.var.services, c.var.viewer.network_id, pool.id);
          await poolTold(c.var.services, c.var.viewer, pool.id);
        },
      ),
  )
  .delete(
    "/:id",
    may("pools.retire"),
    described({
      summary: "Retire a pool",
      description: "Refused while numbers or sites in use still belong to it.",
      answers: { 204: null },
    }),
    (c) =>
      commit(c, 204, async () => {
        const seen = await named(c, c.req.param("id"));
        if (!seen.ok) return seen;
        const what = inUseText(await inUseOfPool(groundOf(c).db, seen.value.pool.id));
        if (what !== null) return conflict(`Move or retire what belongs to it first: ${what}.`);
        return ok(retirePool(groundOf(c), seen.value));
      }),
  );
