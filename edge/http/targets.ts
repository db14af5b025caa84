import { type Context, Hono } from "hono";
import * as v from "valibot";
import { ListOf, PauseInput, ResumeInput } from "../../shared/api/common.ts";
import type { Used } from "../../shared/api/routing.ts";
import { Target, TargetInput, TargetPatch } from "../../shared/api/targets.ts";
import { ok, type Result } from "../../shared/result.ts";
import {
  changeTarget,
  createTarget,
  findTarget,
  listTargets,
  pauseTarget,
  resumeTarget,
  retireTarget,
  type TargetRow,
  targetView,
} from "../campaigns/targets.ts";
import { campaignChanged } from "../journeys/change-plans.ts";
import type { Change } from "../platform/change.ts";
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

const targetsQuery = v.strictObject({ ...listFields, campaign_id: v.optional(v.string()) });

async function named(c: Context<HttpEnv>, id: string): Promise<Result<TargetRow, Failure>> {
  const row = await findTarget(groundOf(c).db, c.var.viewer, id);
  return row ? ok(row) : absent("target");
}

const changed = (c: Context<HttpEnv>) => (target: { campaign_id: string }) =>
  campaignChanged(c.var.services, c.var.viewer.network_id, target.campaign_id);

type Changed = Result<Change<Target>, Failure>;

/** Commits what a request changes of the target that its path names. */
function change(c: Context<HttpEnv>, next: (row: TargetRow, used: Used) => Changed | Promise<Changed>) {
  const prepare = async () => {
    const row = await named(c, c.req.param("id") ?? "");
    return row.ok ? next(row.value, await usedBy(c, row.value)) : row;
  };
  return commit(c, 200, prepare, changed(c));
}

/** `/targets`: the phones that take a campaign's calls, in which order, when and how many. */
export const targets = new Hono<HttpEnv>()
  .post(
    "/",
    may("targets.create"),
    described({
      summary: "Create a target",
      description: "Calls are sent to it as soon as this is answered.",
      answers: { 201: Target },
    }),
    jsonBody(TargetInput),
    (c) =>
      commit(
        c,
        201,
        async () => {
          const input = c.req.valid("json");
          const campaign = await campaignNamed(c, input.campaign_id);
          return campaign.ok ? createTarget(groundOf(c), c.var.viewer, input) : campaign;
        },
        changed(c),
      ),
  )
  .get(
    "/",
    may("targets.list"),
    described({ summary: "List targets", answers: { 200: ListOf(Target) } }),
    queryOf(targetsQuery),
    async (c) => {
      const query = c.req.valid("query");
      const page = pageAsked(query);
      if (!page.ok) return problem(c, page.error);
      const rows = await listTargets(groundOf(c).db, c.var.viewer, page.value, query);
      const used = await usedNow(c, rows);
      const view = (row: TargetRow) => targetView(row, used(row));
      return c.json(toPage(rows, page.value.limit, byId, view), 200);
    },
  )
  .get(
    "/:id",
    may("targets.read"),
    described({ summary: "One target", answers: { 200: Target } }),
    async (c) => {
      const row = await named(c, c.req.param("id"));
      return row.ok ? c.json(targetView(row.value, await usedBy(c, row.value)), 200) : problem(c, row.error);
    },
  )
  .patch(
    "/:id",
    may("targets.update"),
    described({ summary: "Change a target", answers: { 200: Target } }),
    jsonBody(TargetPatch),
    (c) => change(c, (row, used) => changeTarget(groundOf(c), row, c.req.valid("json"), used)),
  )
  .delete(
    "/:id",
    may("targets.retire"),
    described({ summary: "Retire a target", answers: { 204: null } }),
    async (c) => {
      const row = await named(c, c.req.param("id"));
      return commit(
        c,
        204,
        async () => (row.ok ? ok(retireTarget(groundOf(c), row.value)) : row),
        async () => (row.ok ? changed(c)(row.value) : undefined),
      );
    },
  )
  .post(
    "/:id/pause",
    may("targets.pause"),
    described({
      summary: "Pause a target",
      description:
        "No call that starts 2 s after this is answered is sent there, until it is resumed or `resume_at` has come.",
      answers: { 200: Target },
    }),
    jsonBody(PauseInput),
    (c) => change(c, (row, used) => pauseTarget(groundOf(c), row, c.req.valid("json"), used)),
  )
  .post(
    "/:id/resume",
    may("targets.resume"),
    described({ summary: "Resume a target", answers: { 200: Target } }),
    jsonBody(ResumeInput, { optional: true }),
    (c) => change(c, (row, used) => resumeTarget(groundOf(c), row, c.req.valid("json"), used)),
  );
