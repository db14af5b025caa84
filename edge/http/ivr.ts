import { type Context, Hono } from "hono";
import * as v from "valibot";
import { ListOf, ListQuery } from "../../shared/api/common.ts";
import { type CallFlow, CallFlowInput, CallFlowVersion } from "../../shared/api/ivr.ts";
import { FlowTrial, FlowTrialInput } from "../../shared/api/ivr-trial.ts";
import { regionOfNumber } from "../../shared/nanp.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { callerNumber } from "../calls/model/caller.ts";
import { addCallFlow, callFlowView, lastCallFlow, listCallFlows } from "../campaigns/call-flows.ts";
import { campaignChanged } from "../journeys/change-plans.ts";
import { flowFaults } from "../journeys/flow-faults.ts";
import { decodeCursor, PAGE_LIMIT_DEFAULT, toPage } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { tryFlow } from "../routing/model/ivr-trial.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { campaignOf, openCampaign } from "./support/references.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

/** A flow that may be kept or tried: as a graph, and in what it names. */
async function sound(
  c: Context<HttpEnv>,
  campaign_id: string,
  flow: CallFlow,
  pointer: string,
): Promise<Result<CallFlow, Failure>> {
  const faults = await flowFaults(groundOf(c).db, c.var.viewer, campaign_id, flow);
  if (faults.length === 0) return ok(flow);
  return err({
    kind: "invalid",
    faults: faults.map((one) => ({ ...one, pointer: pointer + one.pointer })),
  });
}

/** `/campaigns/{id}/call-flows`: what callers and agents hear, are asked and recorded by, in immutable versions. */
export const callFlows = new Hono<HttpEnv>()
  .post(
    "/:id/call-flows",
    may("call_flows.create"),
    described({
      summary: "Make a new version of the call flow",
      description:
        "In force for every call that rings after the answer. A menu is checked as a graph: each fault has its pointer.",
      answers: { 201: CallFlowVersion },
    }),
    jsonBody(CallFlowInput),
    (c) => {
      const prepare = async () => {
        const seen = await openCampaign(c, c.req.param("id"));
        if (!seen.ok) return seen;
        const { campaign } = seen.value;
        const flow = await sound(c, campaign.id, c.req.valid("json"), "");
        return flow.ok ? ok(await addCallFlow(groundOf(c), c.var.viewer, campaign.id, flow.value)) : flow;
      };
      return commit(c, 201, prepare, ({ campaign_id }) =>
        campaignChanged(c.var.services, c.var.viewer.network_id, campaign_id),
      );
    },
  )
  .get(
    "/:id/call-flows",
    may("call_flows.list"),
    described({
      summary: "List the versions of the call flow, the one in force first",
      answers: { 200: ListOf(CallFlowVersion) },
    }),
    queryOf(v.strictObject(ListQuery)),
    async (c) => {
      const query = c.req.valid("query");
      const cursor = decodeCursor(query.cursor, ["number"]);
      if (!cursor.ok) return problem(c, cursor.error);
      const seen = await campaignOf(c, c.req.param("id"));
      if (!seen.ok) return problem(c, seen.error);
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT;
      const before = Number(cursor.value?.[0] ?? Number.MAX_SAFE_INTEGER);
      const rows = await listCallFlows(groundOf(c).db, seen.value.campaign.id, before, limit + 1);
      return c.json(
        toPage(rows, limit, (row) => [row.version], callFlowView),
        200,
      );
    },
  )
  .post(
    "/:id/call-flows/try",
    may("call_flows.try"),
    described({
      summary: "Try a call flow out",
      description:
        "What would be heard and asked after these answers, for a draft or the version in force. Nobody is rung.",
      answers: { 200: FlowTrial },
    }),
    jsonBody(FlowTrialInput, { optional: true }),
    async (c) => {
      const { flow: draft, answers, at, from } = c.req.valid("json");
      const seen = await campaignOf(c, c.req.param("id"));
      if (!seen.ok) return problem(c, seen.error);
      const { id } = seen.value.campaign;
      const { db, now } = groundOf(c);
      const flow = draft
        ? await sound(c, id, draft, "/flow")
        : ok((await lastCallFlow(db, id))?.flow ?? null);
      if (!flow.ok) return problem(c, flow.error);
      const number = callerNumber(from ?? "");
      const region = number === null ? null : regionOfNumber(number);
      const caller = { at: at ?? now, region, is_hidden: number === null };
      return c.json(tryFlow(flow.value, answers, caller), 200);
    },
  );
