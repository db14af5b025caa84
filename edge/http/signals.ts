import { Hono } from "hono";
import { Signal } from "../../shared/api/calls.ts";
import { SignalInput } from "../../shared/api/signals.ts";
import { ok } from "../../shared/result.ts";
import { findCall } from "../calls/read.ts";
import { noteSignal, settleSignal } from "../journeys/signal.ts";
import { commit, groundOf } from "./support/commit.ts";
import type { HttpEnv } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent } from "./support/references.ts";
import { jsonBody } from "./support/validate.ts";

/** `/calls/{id}/signals`: what became of a call, told by whom it was sold to or by the network. */
export const signals = new Hono<HttpEnv>().post(
  "/:id/signals",
  may("signals.create"),
  described({
    summary: "Report an outcome of a call",
    description:
      "The call is judged again at once. `requires_signal` of the terms is met by a true or positive value. " +
      "The same name, value and `occurred_at` again are the same outcome.",
    answers: { 201: Signal },
  }),
  jsonBody(SignalInput),
  (c) => {
    const { services, viewer } = c.var;
    const input = c.req.valid("json");
    const call_id = c.req.param("id");
    return commit(
      c,
      201,
      async () => {
        const { db } = groundOf(c);
        const call = await findCall(db, viewer, call_id);
        return call ? ok(await noteSignal(groundOf(c), viewer, call_id, input)) : absent("call");
      },
      () => settleSignal(services, viewer, call_id, input.name),
    );
  },
);
