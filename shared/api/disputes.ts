import * as v from "valibot";
import { AmountMicros, Name } from "./common.ts";
import { ORGANIZATION_KINDS } from "./organizations.ts";

export const DISPUTE_SIDES = ["revenue", "payout"] as const;
/** That money is not due which was booked, or that a payout is due which is not, or not in full. */
export const DISPUTE_CLAIMS = ["reverse", "restore"] as const;
export type DisputeClaim = (typeof DISPUTE_CLAIMS)[number];

export const DISPUTE_OUTCOMES = ["accepted", "partial", "declined"] as const;
export type DisputeOutcome = (typeof DISPUTE_OUTCOMES)[number];
export const DISPUTE_STATUSES = ["open", ...DISPUTE_OUTCOMES] as const;
export type DisputeStatus = (typeof DISPUTE_STATUSES)[number];
/** What a list may be narrowed to: a status, or every one but open. */
export const DISPUTE_STATES = [...DISPUTE_STATUSES, "decided"] as const;
export type DisputeState = (typeof DISPUTE_STATES)[number];

/** How long after its money changed last a line may be disputed by whom it concerns. */
export const DISPUTE_WINDOW_DAYS = 30;

/** Words for `reason` that both sides know; any others do as well. */
export const DISPUTE_REASONS = [
  "wrong_number",
  "spam",
  "duplicate",
  "not_interested",
  "out_of_area",
  "poor_quality",
  "not_connected",
  "missing_payout",
  "other",
] as const;

const TEXT_MAX = 2_000;

/** What people write to one another, in lines; nothing else that cannot be seen. */
const Words = v.pipe(
  v.string("must be text"),
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(TEXT_MAX, `must have at most ${TEXT_MAX} characters`),
  v.check(
    (text) => !/(?!\n)[\p{Cc}\p{Cs}]/u.test(text.replaceAll("\r\n", "\n")),
    "must not contain control characters or half of a surrogate pair",
  ),
);

export const DisputeInput = v.strictObject({
  reason: v.pipe(Name, v.description(`In a word, such as ${DISPUTE_REASONS.join(", ")}`)),
  detail: v.pipe(Words, v.description("What both sides and the network are to read")),
  side: v.optional(
    v.pipe(
      v.picklist(DISPUTE_SIDES, "must be revenue or payout"),
      v.description("Of a network, `revenue` by default; an advertiser disputes its own, as a publisher"),
    ),
  ),
});
export type DisputeInput = v.InferOutput<typeof DisputeInput>;

export const DecisionInput = v.strictObject({
  decision: v.picklist(DISPUTE_OUTCOMES, "must be accepted, partial or declined"),
  note: v.pipe(Words, v.description("Why; read by whoever reads the dispute")),
  advertiser_credit_micros: v.optional(
    v.pipe(AmountMicros, v.description("Of a partial decision: what the advertiser owes less")),
  ),
  publisher_debit_micros: v.optional(
    v.pipe(AmountMicros, v.description("Of a partial decision: what the publisher earns less")),
  ),
});
export type DecisionInput = v.InferOutput<typeof DecisionInput>;

const nullableNumber = v.nullable(v.number());

/**
 * A dispute about one side of a call. Optional fields are absent for who may not see them: an advertiser never sees a
 * payout, a debit or more of the publisher than its alias, a publisher never sees revenue or a credit.
 */
export const Dispute = v.object({
  id: v.string(),
  call_id: v.string(),
  call_started_at: v.number(),
  campaign_id: v.nullable(v.string()),
  advertiser_id: v.string(),
  publisher_id: v.optional(v.nullable(v.string())),
  publisher_alias: v.optional(v.nullable(v.string())),
  side: v.picklist(DISPUTE_SIDES),
  claim: v.picklist(DISPUTE_CLAIMS),
  status: v.picklist(DISPUTE_STATUSES),
  opened_by: v.picklist(ORGANIZATION_KINDS),
  opened_at: v.number(),
  reason: v.string(),
  detail: v.string(),
  /** What was due for the call when it was disputed. */
  revenue_micros: v.optional(v.number()),
  payout_micros: v.optional(v.number()),
  currency: v.string(),
  decided_at: nullableNumber,
  note: v.nullable(v.string()),
  /** What the decision gave back and took; null while there is none. */
  advertiser_credit_micros: v.optional(nullableNumber),
  publisher_debit_micros: v.optional(nullableNumber),
});
export type Dispute = v.InferOutput<typeof Dispute>;
