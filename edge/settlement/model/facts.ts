import type { Proof } from "../../../shared/api/calls.ts";
import type { ENROLLMENT_STATUSES, PayoutTerms, Terms } from "../../../shared/api/campaigns.ts";
import type { Instant } from "../../../shared/instant.ts";
import type { Micros } from "../../../shared/money.ts";
import type { DisputeFacts } from "./disputes.ts";
import type { Part } from "./split.ts";

export type Side = "revenue" | "payout";
export const SIDES: readonly Side[] = ["revenue", "payout"];

/** Where a call stands among others: verdicts are decided in this order, whatever the order of arrival. */
export type CallPlace = { started_at: Instant; provider_call_id: string; telephony_account_id: string };

/** The call as its events tell it. */
export type CallFacts = CallPlace & {
  id: string;
  campaign_id: string | null;
  advertiser_id: string | null;
  /** Its campaign's: what is due for it is due in this one. */
  currency: string | null;
  /** A keyed hash of the caller's number; null when it was hidden or invalid: nobody's repeat. */
  caller: string | null;
  is_test: boolean;
  /** It reached a number that no person was shown. */
  is_honeypot: boolean;
  status: string;
  /** Who was dialled; null when nobody was. */
  target: string | null;
  ended_at: Instant | null;
  /** When the dialled leg's final report came; nothing is decided before. */
  leg_reported_at: Instant | null;
  /** Whether its reports can be believed: of an account of the network's own always. */
  credence: "own_account" | "vouched_for" | "confirmed" | "awaited";
  /** Seconds with the target: the longest single buyer leg. */
  connected_s: number | null;
  /** What the caller pressed, by the call flow's questions. */
  pressed: Readonly<Record<string, string>>;
};

export type CampaignFacts = {
  attribution_floor: number;
  bill_own_traffic: boolean;
  /** What becomes of a payout when no single publisher reaches the floor. */
  uncertain_payout: "withhold" | "split";
};

/** The version in force when the call began. */
export type TermsFacts = { version: number; terms: Terms };

/** The publisher's enrollment in force when the call began. */
export type EnrollmentFacts = {
  version: number;
  status: (typeof ENROLLMENT_STATUSES)[number];
  payout_terms: PayoutTerms;
};

/** Who is proven to have brought the call, and how surely. */
export type SourceFacts = {
  /** Null below the campaign's floor. */
  publisher_id: string | null;
  /** Of the likeliest publisher, whether or not the floor is reached. */
  publisher_confidence: number;
  publisher_proof: Proof;
  /** Every publisher with proof: the sum over its candidates. */
  proven: { publisher_id: string; probability: number }[];
};

/** An earlier call of the same caller that may stand in the way of this one. */
export type EarlierCall = CallPlace & {
  campaign_id: string | null;
  advertiser_id: string | null;
  is_test: boolean;
  /** Due on the side in question: qualified, held or paid. */
  is_due: boolean;
};

/** An outcome reported for the call: true when its value is true or positive. */
export type SignalFacts = { name: string; is_met: boolean };

/** Money that changed hands for one side of the call, outside of the ledger. */
export type PaymentFacts = {
  side: Side;
  organization_id: string;
  amount_micros: Micros;
  /** Absent where it was not noted; such a payment counts as one in the currency that is due. */
  currency?: string;
};

/** A publisher with a part in a payout that is shared, and what its own judgement needs. */
export type SharerFacts = Part & {
  enrollment: EnrollmentFacts | null;
  earlier: EarlierCall[];
  /** True when a payout was once posted to this publisher. */
  was_posted: boolean;
};

/** Everything a judgement is a function of. */
export type Facts = {
  now: Instant;
  call: CallFacts;
  campaign: CampaignFacts | null;
  terms: TermsFacts | null;
  enrollment: EnrollmentFacts | null;
  /** Null while the pool that showed the number could not be asked. */
  source: SourceFacts | null;
  earlier: Record<Side, EarlierCall[]>;
  /** Empty unless the payout is shared, see `partsOf`. */
  sharers: SharerFacts[];
  signals: SignalFacts[];
  /** True when money was once posted for this side, also if it was reversed since. */
  was_posted: Record<Side, boolean>;
  /** In no order. */
  payments: PaymentFacts[];
  /** Open and decided, in no order. */
  disputes: DisputeFacts[];
};
