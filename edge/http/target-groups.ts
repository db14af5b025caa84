import { Hono } from "hono";
import * as v from "valibot";
import { ListOf } from "../../shared/api/common.ts";
import { GroupInput, GroupPatch, TargetGroup } from "../../shared/api/routing.ts";
import {
  changeGroup,
  createGroup,
  findGroup,
  groupView,
  listGroups,
  retireGroup,
} from "../campaigns/target-groups.ts";
import { campaignPart } from "./support/campaign-part.ts";
import { groundOf } from "./support/commit.ts";
import type { HttpEnv } from "./support/context.ts";
import { listFields } from "./support/list.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

const groupsQuery = v.strictObject({ ...listFields, campaign_id: v.optional(v.string()) });

const groups = campaignPart({ name: "target group", find: findGroup, list: listGroups, view: groupView });

/** `/target-groups`: targets that share caps, and ring one after another or all at once. */
export const targetGroups = new Hono<HttpEnv>()
  .post(
    "/",
    may("target_groups.create"),
    described({ summary: "Create a target group", answers: { 201: TargetGroup } }),
    jsonBody(GroupInput),
    (c) => {
      const input = c.req.valid("json");
      return groups.create(c, input.campaign_id, (ground) => createGroup(ground, c.var.viewer, input));
    },
  )
  .get(
    "/",
    may("target_groups.list"),
    described({ summary: "List target groups", answers: { 200: ListOf(TargetGroup) } }),
    queryOf(groupsQuery),
    (c) => groups.list(c, c.req.valid("query")),
  )
  .get(
    "/:id",
    may("target_groups.read"),
    described({ summary: "One target group", answers: { 200: TargetGroup } }),
    (c) => groups.read(c),
  )
  .patch(
    "/:id",
    may("target_groups.update"),
    described({ summary: "Change a target group", answers: { 200: TargetGroup } }),
    jsonBody(GroupPatch),
    (c) => groups.change(c, (row, used) => changeGroup(groundOf(c), row, c.req.valid("json"), used)),
  )
  .delete(
    "/:id",
    may("target_groups.retire"),
    described({
      summary: "Retire a target group",
      description: "Its targets stay, each for itself.",
      answers: { 204: null },
    }),
    (c) => groups.retire(c, retireGroup),
  );
