import * as v from "valibot";
import { RouteDecision } from "./routing.ts";

export const CALL_STATUSES = [
  "ringing",
  "answered",
  "completed",
  "no_answer",
  "busy",
  "failed",
  "canceled",
  "rejected",
] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

export const METHODS = ["lease", "late_lease", "static_number", "none"] as const;
export type Method = (typeof METHODS)[number];

/** How a publisher is proven, strongest first. */
export const PROOFS = ["number", "site", "click_token", "none"] as const;
export type Proof = (typeof PROOFS)[number];

export const VERDICT_STATUSES = ["pending", "qualified", "held", "paid", "rejected", "reversed"] as const;
export type VerdictStatus = (typeof VERDICT_STATUSES)[number];

/** Rule names that carry money; new ones may come. */
export const RULES = [
  "source",
  "enrollment",
  "attribution",
  "connected",
  "confirmed",
  "min_duration",
  "duplicate",
  "requires_signal",
  "keypress",
  "caller_type",
  "budget",
  "spam",
  "dispute",
  "test_caller",
  "honeypot",
  "revenue",
] as const;
export type Rule = (typeof RULES)[number];

export const CallLeg = v.object({
  target: v.string(),
  role: v.picklist(["qualifier", "buyer"]),
  status: v.string(),
  connected_s: v.nullable(v.number()),
});
export type CallLeg = v.InferOutput<typeof CallLeg>;

const sub = v.nullable(v.string());

/** The click on a tracking link by which a visit came from the publisher that it is proven for, with its query and sub ids. */
export const SessionClick = v.object({
  link_id: v.string(),
  clicked_at: v.number(),
  query: v.string(),
  sub1: sub,
  sub2: sub,
  sub3: sub,
  sub4: sub,
  sub5: sub,
});

export const CLICK_STATUSES = [
  "valid",
  "expired",
  "too_many_visitors",
  "other_campaign",
  "unknown_link",
  "conflict",
] as const;
export type ClickStatus = (typeof CLICK_STATUSES)[number];

/**
 * What the click token of a candidate was worth. `publisher_id` is whom it names: proven only where the status is
 * `valid`, else a claim. `conflict`: the number or site proves another publisher.
 */
export const CandidateClick = v.object({
  link_id: v.string(),
  nonce: v.string(),
  clicked_at: v.number(),
  publisher_id: v.nullable(v.string()),
  status: v.picklist(CLICK_STATUSES),
});
export type CandidateClick = v.InferOutput<typeof CandidateClick>;

/** The visit a call is joined to, as it was when it was joined. */
export const CallSession = v.object({
  id: v.string(),
  landing_url: v.string(),
  referrer: v.string(),
  source: v.string(),
  medium: v.string(),
  campaign: v.string(),
  term: v.string(),
  content: v.string(),
  channel: v.string(),
  click_ids: v.record(v.string(), v.string()),
  data: v.record(v.string(), v.string()),
  leased_at: v.number(),
  last_seen_at: v.number(),
  closed_at: v.nullable(v.number()),
  expires_at: v.number(),
  device: v.picklist(["mobile", "desktop"]),
  region: v.nullable(v.string()),
  site_id: v.string(),
  publisher_id: v.nullable(v.string()),
  publisher_proof: v.picklist(PROOFS),
  click: v.optional(SessionClick),
});
export type CallSession = v.InferOutput<typeof CallSession>;

/** `lease_id: null` is what a publisher sees of the others' candidates, lumped, and what stands for a lumped tail. */
export const Candidate = v.object({
  lease_id: v.nullable(v.string()),
  session_id: v.optional(v.nullable(v.string())),
  probability: v.number(),
  leased_at: v.optional(v.number()),
  last_seen_at: v.optional(v.number()),
  ended_at: v.optional(v.nullable(v.number())),
  publisher_id: v.optional(v.nullable(v.string())),
  source: v.optional(v.string()),
  medium: v.optional(v.string()),
  count: v.optional(v.number()),
  /** To the network only. */
  click: v.optional(CandidateClick),
});
export type Candidate = v.InferOutput<typeof Candidate>;

export const Evidence = v.object({ kind: v.string(), weight: v.optional(v.number()), detail: v.string() });
export type Evidence = v.InferOutput<typeof Evidence>;

export const Attribution = v.object({
  method: v.picklist(METHODS),
  lease_id: v.nullable(v.string()),
  confidence: v.number(),
  publisher_confidence: v.number(),
  publisher_proof: v.picklist(PROOFS),
  model_version: v.string(),
  /** The probability that nobody we showed the number to made this call. */
  none_probability: v.number(),
  candidates: v.array(Candidate),
  evidence: v.array(Evidence),
  /** Every proven publisher with the sum over its candidates; an advertiser reads aliases instead of ids. */
  publishers: v.array(
    v.object({
      publisher_id: v.optional(v.nullable(v.string())),
      publisher_alias: v.optional(v.string()),
      probability: v.number(),
      proof: v.optional(v.picklist(PROOFS)),
    }),
  ),
  /** True when the pool was asked after the fact instead of at the ring. */
  asked_later: v.boolean(),
  /** The settings of its campaign that the call was first judged by, and is judged by as long as it is that one's. */
  campaign_id: v.optional(v.string()),
  attribution_floor: v.optional(v.number()),
  bill_own_traffic: v.optional(v.boolean()),
  uncertain_payout: v.optional(v.picklist(["withhold", "split"])),
});
export type Attribution = v.InferOutput<typeof Attribution>;

export const RuleResult = v.object({
  rule: v.string(),
  passed: v.boolean(),
  /** True while the answer can still change: the side is `pending`, or `held` while it is disputed. */
  pending: v.optional(v.boolean()),
  detail: v.string(),
});
export type RuleResult = v.InferOutput<typeof RuleResult>;

const judgement = {
  status: v.picklist(VERDICT_STATUSES),
  terms_version: v.nullable(v.number()),
  rules: v.array(RuleResult),
};
export const RevenueJudgement = v.object({ ...judgement, revenue_micros: v.number() });
/** One publisher's part of a payout that is shared because nobody reaches the floor. */
export const PayoutShare = v.object({
  publisher_id: v.string(),
  part: v.number(),
  status: v.picklist(VERDICT_STATUSES),
  payout_micros: v.number(),
});
/** `shares` is there for the network, where the payout is shared. */
export const PayoutJudgement = v.object({
  ...judgement,
  payout_micros: v.number(),
  shares: v.optional(v.array(PayoutShare)),
});

export const Signal = v.object({
  id: v.string(),
  name: v.string(),
  value: v.nullable(v.union([v.string(), v.number(), v.boolean()])),
  revenue_micros: v.nullable(v.number()),
  occurred_at: v.number(),
});

export type Signal = v.InferOutput<typeof Signal>;

/** Something that was recorded of the call; the sound itself is at `/calls/{id}/recordings/{id}`. */
export const CallRecording = v.object({
  id: v.string(),
  of: v.picklist(["call", "voicemail"]),
  duration_s: v.nullable(v.number()),
  recorded_at: v.number(),
});
export type CallRecording = v.InferOutput<typeof CallRecording>;

/** One step of a call's life as its page shows it. */
export const TimelineStep = v.object({ kind: v.string(), at: v.number(), detail: v.string() });

/**
 * A call. Optional fields are absent for who may not see them: an advertiser never sees `payout`,
 * a publisher never sees `revenue`, `target` or more of `from` than country and area code.
 */
export const Call = v.object({
  id: v.string(),
  provider: v.string(),
  provider_call_id: v.string(),
  status: v.picklist(CALL_STATUSES),
  disposition: v.string(),
  /** E.164, `+1415…` (country and area code only) or null when the caller hid it. */
  from: v.nullable(v.string()),
  from_region: v.nullable(v.string()),
  to: v.string(),
  started_at: v.number(),
  answered_at: v.nullable(v.number()),
  ended_at: v.nullable(v.number()),
  duration_s: v.nullable(v.number()),
  connected_s: v.nullable(v.number()),
  target: v.optional(v.nullable(v.string())),
  legs: v.optional(v.array(CallLeg)),
  leg_report_missing: v.boolean(),
  /** Who reported it could have made it up: it counts once the provider's own records confirm it. */
  self_reported: v.optional(v.boolean()),
  confirmed_at: v.optional(v.nullable(v.number())),
  campaign_id: v.nullable(v.string()),
  advertiser_id: v.nullable(v.string()),
  publisher_id: v.optional(v.nullable(v.string())),
  publisher_alias: v.optional(v.nullable(v.string())),
  site_id: v.nullable(v.string()),
  currency: v.nullable(v.string()),
  is_test: v.boolean(),
  /** To the network: a number that only programs are shown was called, or its caller had called one before. */
  honeypot: v.optional(v.nullable(v.picklist(["number", "caller"]))),
  is_duplicate: v.boolean(),
  session: v.nullable(v.partial(CallSession)),
  /** A publisher's own words: those of its number, else of the click that brought the visit. Not to advertisers. */
  sub1: v.optional(sub),
  sub2: v.optional(sub),
  sub3: v.optional(sub),
  sub4: v.optional(sub),
  sub5: v.optional(sub),
  attribution: Attribution,
  revenue: v.optional(RevenueJudgement),
  payout: v.optional(PayoutJudgement),
  margin_micros: v.optional(v.number()),
  /** What the caller pressed, by the call flow's questions. */
  pressed: v.record(v.string(), v.string()),
  signals: v.array(Signal),
  /** Those that the viewer may listen to; on the call's own page only. */
  recordings: v.optional(v.array(CallRecording)),
  timeline: v.optional(v.array(TimelineStep)),
  /** To the network, of one call: what it was told at each turn, whom it was sent to and why to nobody else. */
  routing: v.optional(v.array(RouteDecision)),
});
export type Call = v.InferOutput<typeof Call>;
