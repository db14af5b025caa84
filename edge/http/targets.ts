import { Hono } from "hono";
import * as v from "valibot";
import { ListOf, PauseInput, ResumeInput } from "../../shared/api/common.ts";
import { Target, TargetInput, TargetPatch } from "../../shared/api/targets.ts";
import {
  changeTarget,
  createTarget,
  findTarget,
  listTargets,
  pauseTarget,
  resumeTarget,
  retireTarget,
  targetView,
} from "../campaigns/targets.ts";
import { campaignPart } from "./support/campaign-part.ts";
import { groundOf } from "./support/commit.ts";
import type { HttpEnv } from "./support/context.ts";
import { listFields } from "./support/list.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

const targetsQuery = v.strictObject({ ...listFields, campaign_id: v.optional(v.string()) });

const phones = campaignPart({ name: "target", find: findTarget, list: listTargets, view: targetView });

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
    (c) => {
      const input = c.req.valid("json");
      return phones.create(c, input.campaign_id, (ground) => createTarget(ground, c.var.viewer, input));
    },
  )
  .get(
    "/",
    may("targets.list"),
    described({ summary: "List targets", answers: { 200: ListOf(Target) } }),
    queryOf(targetsQuery),
    (c) => phones.list(c, c.req.valid("query")),
  )
  .get("/:id", may("targets.read"), described({ summary: "One target", answers: { 200: Target } }), (c) =>
    phones.read(c),
  )
  .patch(
    "/:id",
    may("targets.update"),
    described({ summary: "Change a target", answers: { 200: Target } }),
    jsonBody(TargetPatch),
    (c) => phones.change(c, (row, used) => changeTarget(groundOf(c), row, c.req.valid("json"), used)),
  )
  .delete(
    "/:id",
    may("targets.retire"),
    described({ summary: "Retire a target", answers: { 204: null } }),
    (c) => phones.retire(c, retireTarget),
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
    (c) => phones.change(c, (row, used) => pauseTarget(groundOf(c), row, c.req.valid("json"), used)),
  )
  .post(
    "/:id/resume",
    may("targets.resume"),
    described({ summary: "Resume a target", answers: { 200: Target } }),
    jsonBody(ResumeInput, { optional: true }),
    (c) => phones.change(c, (row, used) => resumeTarget(groundOf(c), row, c.req.valid("json"), used)),
  );
