import * as v from "valibot";
import { METHODS, VERDICT_STATUSES } from "./calls.ts";
import { TermsInput } from "./campaigns.ts";
import { IdSchema, InstantSchema } from "./common.ts";

/** One call costs 20 to 30 queries, and a request has 1,000. */
export const REPLAY_LIMIT_MAX = 25;

/**
 * What to recompute: calls that began in `[from, to)`. With `terms` or `model` it is a preview of what would have
 * been; without them `apply: true` writes down what late or corrected facts change.
 */
export const ReplayInput = v.pipe(
  v.strictObject({
    from: InstantSchema,
    to: InstantSchema,
    campaign_id: v.optional(IdSchema("campaign")),
    terms: v.optional(TermsInput),
    model: v.optional(v.pipe(v.string("must be text"), v.maxLength(200, "must have at most 200 characters"))),
    apply: v.optional(v.boolean("must be true or false"), false),
    limit: v.optional(
      v.pipe(
        v.number("must be a whole number"),
        v.integer("must be a whole number"),
        v.minValue(1, "must be at least 1"),
        v.maxValue(REPLAY_LIMIT_MAX, `must be at most ${REPLAY_LIMIT_MAX}`),
      ),
      REPLAY_LIMIT_MAX,
    ),
    cursor: v.optional(v.pipe(v.string("must be text"), v.maxLength(500, "is not a cursor of this list"))),
  }),
  v.forward(
    v.check(({ from, to }) => from <= to, "must not be before from"),
    ["to"],
  ),
  v.forward(
    v.check(
      ({ apply, terms, model }) => !apply || (terms === undefined && model === undefined),
      "other terms or another model are a preview only: calls are never priced again",
    ),
    ["apply"],
  ),
);
export type ReplayInput = v.InferOutput<typeof ReplayInput>;

/** What a call comes to: whose it is, and the money of each side (0 unless it is due), in its campaign's currency. */
export const Outcome = v.object({
  campaign_id: v.nullable(v.string()),
  currency: v.nullable(v.string()),
  publisher_id: v.nullable(v.string()),
  method: v.picklist(METHODS),
  confidence: v.number(),
  publisher_confidence: v.number(),
  revenue_status: v.picklist(VERDICT_STATUSES),
  revenue_micros: v.number(),
  payout_status: v.picklist(VERDICT_STATUSES),
  payout_micros: v.number(),
});
export type Outcome = v.InferOutput<typeof Outcome>;

export const ReplayChange = v.object({
  call_id: v.string(),
  started_at: v.number(),
  currency: v.nullable(v.string()),
  /** Which facts came late or were corrected; empty when the rest of the recomputation made the difference. */
  reasons: v.array(v.string()),
  before: Outcome,
  after: Outcome,
});
export type ReplayChange = v.InferOutput<typeof ReplayChange>;

const sums = v.object({ revenue_micros: v.number(), payout_micros: v.number() });

/**
 * `calls` are those that differ; `totals` are of all that were looked at on this page, by currency. A call that was
 * corrected to another currency is in both totals: before in the one, after in the other.
 */
export const Replay = v.object({
  mode: v.picklist(["preview", "applied"]),
  checked: v.number(),
  calls: v.array(ReplayChange),
  totals: v.array(v.object({ currency: v.string(), calls: v.number(), before: sums, after: sums })),
  next_cursor: v.nullable(v.string()),
});
export type Replay = v.InferOutput<typeof Replay>;
