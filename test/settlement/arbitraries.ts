import fc from "fast-check";
import type { DisputeFacts } from "../../edge/settlement/model/disputes.ts";
import type { CallFacts, EarlierCall, Facts, PaymentFacts } from "../../edge/settlement/model/facts.ts";
import { partsOf } from "../../edge/settlement/model/split.ts";
import type { PayoutTerms, Terms } from "../../shared/api/campaigns.ts";

/** Facts of random calls, dense enough that every rule passes and fails often. */

export const START = Date.UTC(2026, 10, 21, 12);

export const TERMS: Terms = {
  revenue_micros: 45_000_000,
  payout_micros: 30_000_000,
  min_duration_s: 90,
  dedupe_window_s: 30 * 86_400,
  repeat_callers: "first_only",
  dedupe_scope: "campaign",
  hold_s: 0,
  signal_window_s: 30 * 86_400,
};

const overrides = fc.record(
  {
    min_duration_s: fc.constantFrom(0, 30, 90),
    dedupe_window_s: fc.constantFrom(0, 600, 3_600),
    repeat_callers: fc.constantFrom("first_only" as const, "all" as const),
    dedupe_scope: fc.constantFrom("campaign" as const, "advertiser" as const),
    hold_s: fc.constantFrom(0, 1_800),
    requires_signal: fc.constantFrom("sale", "lead"),
  },
  { requiredKeys: [] },
);

const money = fc.constantFrom(0, 1, 30_000_000, 45_000_000);
export const payoutTerms: fc.Arbitrary<PayoutTerms> = fc
  .tuple(overrides, fc.option(money, { nil: undefined }))
  .map(([own, amount]) => (amount === undefined ? own : { ...own, payout_micros: amount }));

export const terms: fc.Arbitrary<Terms> = fc
  .record({ common: overrides, revenue: overrides, payout: payoutTerms, owed: money, earned: money })
  .map(({ common, revenue, payout, owed, earned }) => ({
    ...TERMS,
    ...common,
    revenue_micros: owed,
    payout_micros: earned,
    revenue,
    payout,
  }));

export const CALL: CallFacts = {
  id: "cal_1",
  provider_call_id: "CA1",
  telephony_account_id: "tel_1",
  campaign_id: "cmp_1",
  advertiser_id: "org_advertiser",
  currency: "USD",
  caller: "caller-1",
  is_test: false,
  is_honeypot: false,
  status: "completed",
  target: "+14155550199",
  started_at: START,
  ended_at: START + 100_000,
  leg_reported_at: START + 100_000,
  pressed: {},
  credence: "own_account",
  connected_s: 95,
};

export const call: fc.Arbitrary<CallFacts> = fc
  .record({
    started_s: fc.integer({ min: 0, max: 5_000 }),
    provider_call_id: fc.constantFrom("CA1", "CA2", "CA3"),
    campaign_id: fc.constantFrom("cmp_1", "cmp_2"),
    caller: fc.constantFrom("caller-1", "caller-1", "caller-2", null),
    is_test: fc.constantFrom(false, false, false, true),
    connected_s: fc.constantFrom(null, 0, 29, 30, 71, 90, 95),
    reported: fc.constantFrom(true, true, true, false),
    target: fc.constantFrom("+14155550199", "+14155550199", null),
    status: fc.constantFrom("completed", "rejected"),
    length_s: fc.option(fc.integer({ min: 1, max: 300 }), { nil: null }),
  })
  .map(({ started_s, reported, length_s, ...rest }) => {
    const started_at = START + started_s * 1_000;
    const ended_at = length_s === null ? null : started_at + length_s * 1_000;
    return {
      ...CALL,
      ...rest,
      started_at,
      ended_at,
      leg_reported_at: reported ? (ended_at ?? started_at) : null,
    };
  });

export const earlierCall: fc.Arbitrary<EarlierCall> = fc.record({
  started_at: fc.integer({ min: -5_000, max: 5_000 }).map((s) => START + s * 1_000),
  provider_call_id: fc.constantFrom("CA1", "CA2", "CA3"),
  telephony_account_id: fc.constantFrom("tel_0", "tel_1", "tel_2"),
  campaign_id: fc.constantFrom("cmp_1", "cmp_2", null),
  advertiser_id: fc.constantFrom("org_advertiser", "org_other"),
  is_test: fc.boolean(),
  is_due: fc.boolean(),
});

const proven = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 0, maxLength: 3 }).map((weights) => {
  const total = Math.max(
    100,
    weights.reduce((a, b) => a + b, 0),
  );
  return weights.map((weight, i) => ({ publisher_id: `org_p${i}`, probability: weight / total }));
});

const source = proven.map((all) => {
  const best = all.toSorted((a, b) => b.probability - a.probability)[0];
  return {
    publisher_id: best && best.probability >= 0.9 ? best.publisher_id : null,
    publisher_confidence: best?.probability ?? 0,
    publisher_proof: best ? ("site" as const) : ("none" as const),
    proven: all,
  };
});

export const payments: fc.Arbitrary<PaymentFacts[]> = fc.array(
  fc.record({
    side: fc.constantFrom("revenue" as const, "payout" as const),
    organization_id: fc.constantFrom("org_advertiser", "org_p0", "org_p0", "org_p1"),
    amount_micros: fc.constantFrom(1, 15_000_000, 30_000_000, 45_000_000),
    currency: fc.constantFrom("USD", "USD", "EUR"),
  }),
  { maxLength: 4 },
);

const enrollment = fc.option(
  fc.record({
    version: fc.constant(1),
    status: fc.constantFrom("approved" as const, "approved" as const, "suspended" as const),
    payout_terms: payoutTerms,
  }),
  { nil: null, freq: 9 },
);

const ownFacts = fc.record({
  now: fc.integer({ min: 0, max: 40 * 86_400 }).map((s) => START + s * 1_000),
  call,
  campaign: fc.option(
    fc.record({
      attribution_floor: fc.constantFrom(0.6, 0.9, 1),
      bill_own_traffic: fc.boolean(),
      uncertain_payout: fc.constantFrom("withhold" as const, "withhold" as const, "split" as const),
    }),
    { nil: null, freq: 9 },
  ),
  terms: fc.option(fc.record({ version: fc.integer({ min: 1, max: 9 }), terms }), { nil: null, freq: 9 }),
  enrollment,
  source: fc.option(source, { nil: null, freq: 9 }),
  earlier: fc.record({
    revenue: fc.array(earlierCall, { maxLength: 3 }),
    payout: fc.array(earlierCall, { maxLength: 3 }),
  }),
  signals: fc.array(fc.record({ name: fc.constantFrom("sale", "lead"), is_met: fc.boolean() }), {
    maxLength: 2,
  }),
  was_posted: fc.record({ revenue: fc.boolean(), payout: fc.boolean() }),
  payments,
});

/** With what each sharer's judgement needs, where the payout is shared. */
export const facts: fc.Arbitrary<Facts> = ownFacts.chain((own) => {
  const sharers = partsOf(own.source, own.campaign).map((part) =>
    fc
      .record({
        enrollment,
        earlier: fc.array(earlierCall, { maxLength: 2 }),
        was_posted: own.was_posted.payout ? fc.boolean() : fc.constant(false),
      })
      .map((more) => ({ ...part, ...more })),
  );
  return fc.tuple(...sharers).map((all): Facts => ({ ...own, sharers: all, disputes: [] }));
});

const decision = fc.record({
  decision: fc.constantFrom("accepted" as const, "partial" as const, "partial" as const, "declined" as const),
  advertiser_credit_micros: fc.constantFrom(0, 1, 20_000_000, 45_000_000, 90_000_000),
  publisher_debit_micros: fc.constantFrom(0, 1, 7, 20_000_000, 30_000_000, 90_000_000),
  decided_at: fc.integer({ min: 0, max: 4 }).map((s) => START + s * 1_000),
});

const dispute: fc.Arbitrary<Omit<DisputeFacts, "id">> = fc
  .record({
    claimed: fc.constantFrom(
      { side: "revenue" as const, claim: "reverse" as const },
      { side: "payout" as const, claim: "reverse" as const },
      { side: "payout" as const, claim: "restore" as const },
    ),
    opened_by: fc.constantFrom("network" as const, "advertiser" as const, "publisher" as const),
    advertiser_id: fc.constantFrom("org_advertiser", "org_advertiser", "org_advertiser", "org_other"),
    publisher_id: fc.constantFrom(null, "org_p0", "org_p1"),
    currency: fc.constantFrom("USD", "USD", "USD", "EUR"),
    decision: fc.option(decision, { nil: null, freq: 3 }),
  })
  .map(({ claimed, publisher_id, ...rest }) => ({
    ...rest,
    ...claimed,
    publisher_id: claimed.side === "revenue" ? null : publisher_id,
  }));

/** Facts of calls about whose money there was up to four disputes. */
export const disputedFacts: fc.Arbitrary<Facts> = fc
  .tuple(facts, fc.array(dispute, { maxLength: 4 }))
  .map(([given, all]) => ({ ...given, disputes: all.map((one, i) => ({ ...one, id: `dsp_${i}` })) }));

/** A call that passes every rule: 95 s with the target, its publisher proven by its own number. */
export const GOOD: Facts = {
  now: START + 200_000,
  call: CALL,
  campaign: { attribution_floor: 0.9, bill_own_traffic: false, uncertain_payout: "withhold" },
  terms: { version: 1, terms: TERMS },
  enrollment: { version: 1, status: "approved", payout_terms: {} },
  source: {
    publisher_id: "org_p",
    publisher_confidence: 0.95,
    publisher_proof: "number",
    proven: [{ publisher_id: "org_p", probability: 0.95 }],
  },
  earlier: { revenue: [], payout: [] },
  sharers: [],
  signals: [],
  was_posted: { revenue: false, payout: false },
  payments: [],
  disputes: [],
};
