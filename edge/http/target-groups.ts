import { type Context, Hono } from "hono";
import * as v from "valibot";
import { ListOf } from "../../shared/api/common.ts";
import { GroupInput, GroupPatch, TargetGroup } from "../../shared/api/routing.ts";
import { ok, type Result } from "../../shared/result.ts";
import {
  changeGroup,
  createGroup,
  findGroup,
  type GroupRow,
  groupView,
  listGroups,
  retireGroup,
} from "../campaigns/target-groups.ts";
import { campaignChanged } from "../journeys/change-plans.ts";
import { toPage } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { byId, listFields, pageAsked } from "./support/list.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent, campaignNamed } from "./support/references.ts";
import { usedBy, usedNow } from "./support/used.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

const groupsQuery = v.strictObject({ ...listFields, campaign_id: v.optional(v.string()) });

async function named(c: Context<HttpEnv>, id: string): Promise<Result<GroupRow, Failure>> {
  const row = await findGroup(groundOf(c).db, c.var.viewer, id);
  return row ? ok(row) : absent("target group");
}

const changed = (c: Context<HttpEnv>) => (group: { campaign_id: string }) =>
  campaignChanged(c.var.services, c.var.viewer.network_id, group.campaign_id);

/** `/target-groups`: targets that share caps, and ring one after another or all at once. */
export const targetGroups = new Hono<HttpEnv>()
  .post(
    "/",
    may("target_groups.create"),
    described({ summary: "Create a target group", answers: { 201: TargetGroup } }),
    jsonBody(GroupInput),
    (c) =>
      commit(
        c,
        201,
        async () => {
          const input = c.req.valid("json");
          const campaign = await campaignNamed(c, input.campaign_id);
          return campaign.ok ? createGroup(groundOf(c), c.var.viewer, input) : campaign;
        },
        changed(c),
      ),
  )
  .get(
    "/",
    may("target_groups.list"),
    described({ summary: "List target groups", answers: { 200: ListOf(TargetGroup) } }),
    queryOf(groupsQuery),
    async (c) => {
      const query = c.req.valid("query");
      const page = pageAsked(query);
      if (!page.ok) return problem(c, page.error);
      const rows = await listGroups(groundOf(c).db, c.var.viewer, page.value, query);
      const used = await usedNow(c, rows);
      const view = (row: GroupRow) => groupView(row, used(row));
      return c.json(toPage(rows, page.value.limit, byId, view), 200);
    },
  )
  .get(
    "/:id",
    may("target_groups.read"),
    described({ summary: "One target group", answers: { 200: TargetGroup } }),
    async (c) => {
      const row = await named(c, c.req.param("id"));
      return row.ok ? c.json(groupView(row.value, await usedBy(c, row.value)), 200) : problem(c, row.error);
    },
  )
  .patch(
    "/:id",
    may("target_groups.update"),
    described({ summary: "Change a target group", answers: { 200: TargetGroup } }),
    jsonBody(GroupPatch),
    (c) =>
      commit(
        c,
        200,
        async () => {
          const row = await named(c, c.req.param("id"));
          if (!row.ok) return row;
          return changeGroup(groundOf(c), row.value, c.req.valid("json"), await usedBy(c, row.value));
        },
        changed(c),
      ),
  )
  .delete(
    "/:id",
    may("target_groups.retire"),
    described({
      summary: "Retire a target group",
      description: "Its targets stay, each for itself.",
      answers: { 204: null },
    }),
    async (c) => {
      const row = await named(c, c.req.param("id"));
      return commit(
        c,
        204,
        async () => (row.ok ? ok(retireGroup(groundOf(c), row.value)) : row),
        async () => (row.ok ? changed(c)(row.value) : undefined),
      );
    },
  );
