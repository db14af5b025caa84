import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginningOf, payoutSideTerms, revenueSideTerms, termsOf } from "../../edge/campaigns/model/terms.ts";
import type { TermsVersion } from "../../shared/api/campaigns.ts";
import { law } from "../support/laws.ts";

const amount = fc.integer({ min: 0, max: 1_000_000_000 });
const seconds = fc.integer({ min: 0, max: 14_400 });
const rules = fc.record(
  { min_duration_s: seconds, dedupe_window_s: seconds, hold_s: seconds },
  { requiredKeys: [] },
);
const version: fc.Arbitrary<TermsVersion> = fc
  .record({
    amounts: fc.record({ revenue_micros: amount, payout_micros: amount }),
    common: fc.record({ min_duration_s: seconds, dedupe_window_s: seconds, hold_s: seconds }),
    revenue: fc.option(fc.tuple(rules, amount), { nil: undefined }),
    payout: fc.option(fc.tuple(rules, amount), { nil: undefined }),
  })
  .map(({ amounts, common, revenue, payout }) => ({
    id: "trm",
    campaign_id: "cmp",
    version: 1,
    created_at: 0,
    effective_at: 0,
    repeat_callers: "first_only",
    dedupe_scope: "campaign",
    signal_window_s: 0,
    ...amounts,
    ...common,
    ...(revenue && { revenue: { ...revenue[0], revenue_micros: revenue[1] } }),
    ...(payout && { payout: { ...payout[0], payout_micros: payout[1] } }),
  }));

describe("what binds a side", () => {
  it("is its own field, else the common one; the other side's price is absent", () => {
    fc.assert(
      fc.property(version, rules, (whole, enrolled) => {
        const revenue = revenueSideTerms(whole);
        const payout = payoutSideTerms(whole, enrolled);
        for (const field of ["min_duration_s", "dedupe_window_s", "hold_s"] as const) {
          expect(revenue[field]).toBe(whole.revenue?.[field] ?? whole[field]);
          expect(payout[field]).toBe(enrolled[field] ?? whole.payout?.[field] ?? whole[field]);
        }
        expect(revenue.revenue_micros).toBe(whole.revenue?.revenue_micros ?? whole.revenue_micros);
        expect(payout.payout_micros).toBe(whole.payout?.payout_micros ?? whole.payout_micros);
        expect(Object.keys(revenue).filter((key) => key.startsWith("payout"))).toEqual([]);
        expect(Object.keys(payout).filter((key) => key.startsWith("revenue"))).toEqual([]);
      }),
      law(200),
    );
  });

  it("is what the publisher's enrollment says before anything else", () => {
    fc.assert(
      fc.property(version, amount, (whole, payout_micros) => {
        expect(payoutSideTerms(whole, { payout_micros }).payout_micros).toBe(payout_micros);
      }),
      law(50),
    );
  });
});

describe("when a version begins", () => {
  const now = Date.UTC(2026, 10, 21, 12);

  it("is never before now", () => {
    fc.assert(
      fc.property(fc.integer({ min: -10 * 60_000, max: 10 * 60_000 }), (offset) => {
        const begins = beginningOf(now + offset, now);
        if (offset < -60_000) expect(begins).toBeNull();
        else expect(begins).toBe(Math.max(now, now + offset));
      }),
      law(200),
    );
  });

  it("is now when nothing was asked", () => {
    expect(beginningOf(undefined, now)).toBe(now);
  });

  it("is not part of the terms that are kept", () => {
    const input = {
      revenue_micros: 1,
      payout_micros: 1,
      min_duration_s: 0,
      dedupe_window_s: 0,
      repeat_callers: "all",
      dedupe_scope: "campaign",
      hold_s: 0,
      signal_window_s: 0,
    } as const;
    expect(termsOf({ ...input, effective_at: now })).toEqual(input);
  });
});
