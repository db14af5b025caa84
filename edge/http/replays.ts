import { type Context, Hono } from "hono";
import type { Terms, TermsInput } from "../../shared/api/campaigns.ts";
import { Replay, ReplayInput } from "../../shared/api/replays.ts";
import { ok, type Result } from "../../shared/result.ts";
import { readModel } from "../attribution/model-store.ts";
import { type ReplayAsk, replayCalls } from "../journeys/replay.ts";
import { write } from "../platform/db.ts";
import { decodeCursor } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { audited, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent, campaignOf, fault } from "./support/references.ts";
import { jsonBody } from "./support/validate.ts";

/** `/replays`: a range of calls computed again from facts. */
export const replays = new Hono<HttpEnv>().post(
  "/",
  may("replays.create"),
  described({
    summary: "Recompute calls from facts",
    description:
      "Answers what would change, call by call and in sum, page by page. With `terms` or `model` it is a preview " +
      "only. With `apply` what late or corrected facts change is written; applied again nothing changes.",
    answers: { 200: Replay },
  }),
  jsonBody(ReplayInput),
  async (c) => {
    const ask = await askOf(c, c.req.valid("json"));
    if (!ask.ok) return problem(c, ask.error);
    const replay = await replayCalls(c.var.services, ask.value);
    if (ask.value.apply) await write(groundOf(c).db, audited(c, applied(c, ask.value, replay)));
    return c.json(replay, 200);
  },
);

async function askOf(c: Context<HttpEnv>, input: ReplayInput): Promise<Result<ReplayAsk, Failure>> {
  const { from, to, campaign_id = null, apply, limit } = input;
  const { network_id } = c.var.viewer;
  const cursor = decodeCursor(input.cursor, ["number", "string"]);
  if (!cursor.ok) return fault("/cursor", "is not a cursor of this list");
  const [started_at, id] = cursor.value ?? [];
  const after = typeof started_at === "number" && typeof id === "string" ? { started_at, id } : null;
  if (campaign_id !== null && !(await campaignOf(c, campaign_id)).ok) {
    return absent("campaign", "/campaign_id");
  }
  const parameters =
    input.model === undefined ? null : await readModel(groundOf(c).db, network_id, input.model);
  if (input.model !== undefined && !parameters)
    return absent("model: GET /pools/{id}/models lists those of a pool", "/model");
  return ok({
    network_id,
    from,
    to,
    campaign_id,
    terms: input.terms ? { version: 0, terms: termsOf(input.terms) } : null,
    parameters,
    apply,
    after,
    limit,
  });
}

/** Tried terms have no beginning: they are tried on every call. */
function termsOf({ effective_at: _, ...terms }: TermsInput): Terms {
  return terms;
}

/** What was applied, for the audit log. */
function applied(c: Context<HttpEnv>, { from, to }: ReplayAsk, { checked, calls, totals }: Replay) {
  const changed = calls.map(({ call_id }) => call_id);
  return { subject_id: c.var.viewer.network_id, detail: { from, to, checked, changed, totals } };
}
