import { Hono } from "hono";
import { HandOver } from "../../shared/api/hand-over.ts";
import { ok } from "../../shared/result.ts";
import { bringInBuyer } from "../journeys/hand-over.ts";
import { commit } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";

/** `/calls/{id}/hand-over`: a buyer is brought to a caller whom a qualifier talks to. */
export const handOver = new Hono<HttpEnv>().post(
  "/:id/hand-over",
  may("calls.hand_over"),
  described({
    summary: "Bring a buyer to the call while the qualifier talks on",
    description:
      "Rings the phone that the call flow's `afterwards` leads to. When it is picked up, caller, qualifier and buyer " +
      "are joined, and the qualifier may hang up. Until then nothing of the call changes; when nobody picks up, ask " +
      "again for the next. For accounts at Twilio and Plivo whose API can be asked; elsewhere the qualifier hangs up " +
      "to hand the caller on.",
    answers: { 200: HandOver },
  }),
  async (c) => {
    const { services, viewer } = c.var;
    const call_id = c.req.param("id");
    // The phone rings before the answer is kept: it must not ring again because others changed something meanwhile.
    const rung = await bringInBuyer(services, viewer.network_id, call_id);
    if (!rung.ok) return problem(c, rung.error);
    const { target } = rung.value;
    const change = { result: rung.value, subject_id: call_id, statements: [], detail: { target } };
    return commit(c, 200, () => ok(change));
  },
);
