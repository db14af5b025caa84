import { Hono } from "hono";
import { CallHistory } from "../../shared/api/touches.ts";
import { findCall } from "../calls/read.ts";
import { callHistory } from "../journeys/call-history.ts";
import { groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";

/** `/calls/{id}/history`: what led up to a call, for the network: it crosses publishers. */
export const history = new Hono<HttpEnv>().get(
  "/:id/history",
  may("call_history.read"),
  described({
    summary: "What led up to a call: its visitor's visits and the caller's earlier calls",
    description: "Each visit has its share of the credit under five models. Money knows the last touch only.",
    answers: { 200: CallHistory },
  }),
  async (c) => {
    const { services, viewer } = c.var;
    const call = await findCall(groundOf(c).db, viewer, c.req.param("id"));
    return call
      ? c.json(await callHistory(services, call), 200)
      : problem(c, { kind: "not_found", what: "call" });
  },
);
