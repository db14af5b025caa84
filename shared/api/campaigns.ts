import * as v from "valibot";
import {
  AmountMicros,
  Count,
  Currency,
  DialTarget,
  E164Schema,
  Hours,
  IdSchema,
  InstantSchema,
  Lifetime,
  Name,
  Pause,
  Region,
  Seconds,
  TimeZone,
} from "./common.ts";

const DAY_S = 86_400;

/** What the caller must have pressed at a question of the call flow, one of these. */
const Keypress = v.strictObject({
  question: v.pipe(
    v.string("must be text"),
    v.regex(/^[a-z][a-z0-9_]{0,39}$/, "must be the name of a question of the call flow"),
  ),
  keys: v.pipe(
    v.array(v.pipe(v.string("must be text"), v.regex(/^[0-9*#]{1,12}$/, "must be keys of a phone"))),
    v.minLength(1, "must name a key"),
    v.maxLength(50, "at most 50 entries"),
  ),
});

/** Null is none, as of a target's caps: the same as leaving it out. */
const Cap = v.pipe(
  v.nullable(Count),
  v.transform((cap) => cap ?? undefined),
);

/** What a side can have of its own: every rule of the terms but the other side's price. */
const ruleFields = {
  min_duration_s: Seconds(0, 4 * 3600),
  dedupe_window_s: Seconds(0, 400 * DAY_S),
  repeat_callers: v.picklist(["first_only", "all"], "must be first_only or all"),
  dedupe_scope: v.picklist(["campaign", "advertiser"], "must be campaign or advertiser"),
  hours: Hours,
  regions: v.pipe(v.array(Region), v.maxLength(300, "at most 300 regions")),
  daily_cap: Cap,
  monthly_cap: Cap,
  concurrency_cap: Cap,
  hold_s: Seconds(0, 365 * DAY_S),
  requires_signal: Name,
  signal_window_s: Seconds(0, 365 * DAY_S),
  requires_keypress: Keypress,
};

const overrides = {
  min_duration_s: v.optional(ruleFields.min_duration_s),
  dedupe_window_s: v.optional(ruleFields.dedupe_window_s),
  repeat_callers: v.optional(ruleFields.repeat_callers),
  dedupe_scope: v.optional(ruleFields.dedupe_scope),
  hours: v.optional(ruleFields.hours),
  regions: v.optional(ruleFields.regions),
  daily_cap: v.optional(ruleFields.daily_cap),
  monthly_cap: v.optional(ruleFields.monthly_cap),
  concurrency_cap: v.optional(ruleFields.concurrency_cap),
  hold_s: v.optional(ruleFields.hold_s),
  requires_signal: v.optional(ruleFields.requires_signal),
  signal_window_s: v.optional(ruleFields.signal_window_s),
  requires_keypress: v.optional(ruleFields.requires_keypress),
};

/** One side's own terms: each field given here replaces the common one for that side. */
export const RevenueTerms = v.strictObject({ ...overrides, revenue_micros: v.optional(AmountMicros) });
export type RevenueTerms = v.InferOutput<typeof RevenueTerms>;
export const PayoutTerms = v.strictObject({ ...overrides, payout_micros: v.optional(AmountMicros) });
export type PayoutTerms = v.InferOutput<typeof PayoutTerms>;

/** A new, immutable version of a campaign's terms. Calls are judged by the version in force when they began. */
export const TermsInput = v.strictObject({
  revenue_micros: AmountMicros,
  payout_micros: AmountMicros,
  min_duration_s: ruleFields.min_duration_s,
  dedupe_window_s: ruleFields.dedupe_window_s,
  repeat_callers: ruleFields.repeat_callers,
  dedupe_scope: v.optional(ruleFields.dedupe_scope, "campaign"),
  hours: overrides.hours,
  regions: overrides.regions,
  daily_cap: overrides.daily_cap,
  monthly_cap: overrides.monthly_cap,
  concurrency_cap: overrides.concurrency_cap,
  hold_s: v.optional(ruleFields.hold_s, 0),
  requires_signal: overrides.requires_signal,
  signal_window_s: v.optional(ruleFields.signal_window_s, 30 * DAY_S),
  requires_keypress: overrides.requires_keypress,
  effective_at: v.optional(InstantSchema),
  revenue: v.optional(RevenueTerms),
  payout: v.optional(PayoutTerms),
});
export type TermsInput = v.InferOutput<typeof TermsInput>;

/** Terms as they are kept: everything but when they begin. */
export type Terms = Omit<TermsInput, "effective_at">;

/**
 * A version as it is shown. To its network as it was given; to an advertiser and to a publisher as it binds them:
 * their own overrides applied, the other side's price absent.
 */
export const TermsVersion = v.object({
  id: v.string(),
  campaign_id: v.string(),
  version: v.number(),
  created_at: v.number(),
  ...v.object(TermsInput.entries).entries,
  revenue_micros: v.optional(AmountMicros),
  payout_micros: v.optional(AmountMicros),
  effective_at: v.number(),
});
export type TermsVersion = v.InferOutput<typeof TermsVersion>;

const overflow = v.picklist(
  ["destination", "message", "voicemail"],
  "must be destination, message or voicemail",
);
const floor = v.pipe(
  v.number("must be a number"),
  v.gtValue(0.5, "must be above 0.5"),
  v.maxValue(1, "must be at most 1"),
);
const uncertain = v.picklist(["withhold", "split"], "must be withhold or split");
const testCallers = v.pipe(v.array(E164Schema), v.maxLength(100, "at most 100 numbers"));

export const CampaignInput = v.strictObject({
  advertiser_id: IdSchema("organization"),
  name: Name,
  timezone: TimeZone,
  currency: Currency,
  destination_number: DialTarget,
  terms: v.optional(TermsInput),
  overflow: v.optional(overflow),
  attribution_floor: v.optional(floor, 0.9),
  uncertain_payout: v.optional(uncertain, "withhold"),
  bill_own_traffic: v.optional(v.boolean("must be true or false"), false),
  test_callers: v.optional(testCallers, () => []),
});
export type CampaignInput = v.InferOutput<typeof CampaignInput>;

export const CampaignPatch = v.strictObject({
  name: v.optional(Name),
  destination_number: v.optional(DialTarget),
  overflow: v.optional(v.nullable(overflow)),
  attribution_floor: v.optional(floor),
  uncertain_payout: v.optional(uncertain),
  bill_own_traffic: v.optional(v.boolean("must be true or false")),
  test_callers: v.optional(testCallers),
});
export type CampaignPatch = v.InferOutput<typeof CampaignPatch>;

/**
 * A campaign; `terms` is the version in force. Optional fields are absent for who may not see them: an advertiser
 * sees no test callers and nothing of payouts, a publisher in addition not where calls go and what is billed.
 */
export const Campaign = v.object({
  id: v.string(),
  advertiser_id: v.string(),
  name: v.string(),
  timezone: v.string(),
  currency: v.string(),
  destination_number: v.optional(v.string()),
  overflow: v.optional(v.nullable(overflow)),
  attribution_floor: v.number(),
  uncertain_payout: v.optional(uncertain),
  bill_own_traffic: v.optional(v.boolean()),
  test_callers: v.optional(v.array(v.string())),
  terms: v.nullable(TermsVersion),
  ...Pause,
  ...Lifetime,
});
export type Campaign = v.InferOutput<typeof Campaign>;

export const ENROLLMENT_STATUSES = ["approved", "pending", "rejected", "suspended", "ended"] as const;
const enrollmentStatus = v.picklist(ENROLLMENT_STATUSES, `must be one of ${ENROLLMENT_STATUSES.join(", ")}`);

export type EnrollmentStatus = (typeof ENROLLMENT_STATUSES)[number];

/** The first POST enrolls, a later one for the same publisher is a new version: `effective_at` says from when. */
export const EnrollmentInput = v.strictObject({
  publisher_id: IdSchema("organization"),
  status: enrollmentStatus,
  effective_at: v.optional(InstantSchema),
  ...PayoutTerms.entries,
});
export type EnrollmentInput = v.InferOutput<typeof EnrollmentInput>;

export const Enrollment = v.object({
  id: v.string(),
  campaign_id: v.string(),
  publisher_id: v.string(),
  version: v.number(),
  status: enrollmentStatus,
  payout_terms: PayoutTerms,
  effective_at: v.number(),
  ...Pause,
  created_at: v.number(),
});
export type Enrollment = v.InferOutput<typeof Enrollment>;
