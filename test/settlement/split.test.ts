import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Facts, SharerFacts } from "../../edge/settlement/model/facts.ts";
import { isDue, judgeCall } from "../../edge/settlement/model/judge.ts";
import { postingsFor } from "../../edge/settlement/model/postings.ts";
import { divide, partsOf, SHARE_PAID } from "../../edge/settlement/model/split.ts";
import { law } from "../support/laws.ts";
import { facts, GOOD } from "./arbitraries.ts";

const CAMPAIGN = { attribution_floor: 0.9, bill_own_traffic: false, uncertain_payout: "split" } as const;
const CALL = { id: "cal_1", network_id: "org_network", currency: "USD" };
const NOTHING = { in_force: null, booked_count: 0, adjustment: null, adjusted_count: 0 };

/** A call that several publishers may have brought, with these shares. */
function uncertain(shares: Record<string, number>, change: Partial<SharerFacts> = {}): Facts {
  const proven = Object.entries(shares).map(([publisher_id, probability]) => ({ publisher_id, probability }));
  const source = {
    publisher_id: null,
    publisher_confidence: Math.max(...Object.values(shares)),
    publisher_proof: "site" as const,
    proven,
  };
  const sharers = partsOf(source, CAMPAIGN).map(
    (part): SharerFacts => ({
      ...part,
      enrollment: GOOD.enrollment,
      earlier: [],
      was_posted: false,
      ...change,
    }),
  );
  return { ...GOOD, campaign: CAMPAIGN, source, sharers, enrollment: null };
}

describe("an uncertain payout", () => {
  it("is shared by who has at least 0.15, normalised, when together they reach the floor", () => {
    const { revenue, payout } = judgeCall(uncertain({ org_a: 0.5, org_b: 0.3, org_c: 0.14 }));
    expect(revenue.status).toBe("qualified");
    expect(payout).toMatchObject({ status: "qualified", organization_id: null, amount_micros: 30_000_000 });
    expect(payout.shares.map((one) => [one.organization_id, one.amount_micros])).toEqual([
      ["org_a", 18_750_000],
      ["org_b", 11_250_000],
    ]);
    const [posting] = postingsFor(CALL, payout, NOTHING);
    expect(posting?.entries).toEqual([
      { account: "margin", organization_id: "org_network", amount_micros: 30_000_000 },
      { account: "payable", organization_id: "org_a", amount_micros: -18_750_000 },
      { account: "payable", organization_id: "org_b", amount_micros: -11_250_000 },
    ]);
  });

  it.each([
    { org_a: 0.6, org_b: 0.3 },
    { org_a: 0.36, org_b: 0.36, org_c: 0.18 },
  ])("is shared by who reach the floor together to the digit: %o", (shares) => {
    const { revenue, payout } = judgeCall(uncertain(shares));
    expect(revenue.status).toBe("qualified");
    expect(revenue.rules.find(({ rule }) => rule === "source")?.detail).toContain("0.9 ≥ 0.9");
    expect(payout.shares).toHaveLength(Object.keys(shares).length);
  });

  it("is nobody's below the floor, under `withhold`, and where one publisher reaches the floor alone", () => {
    expect(uncertain({ org_a: 0.5, org_b: 0.39 }).sharers).toEqual([]);
    const source = uncertain({ org_a: 0.5, org_b: 0.45 }).source;
    expect(partsOf(source, { ...CAMPAIGN, uncertain_payout: "withhold" })).toEqual([]);
    expect(source && partsOf({ ...source, publisher_id: "org_a" }, CAMPAIGN)).toEqual([]);
  });

  it("is earned by each at its own rate and by its own enrollment; what one may not have nobody gets", () => {
    const given = uncertain({ org_a: 0.5, org_b: 0.45 });
    const [a, b] = given.sharers as [SharerFacts, SharerFacts];
    const own = { version: 1, status: "approved" as const, payout_terms: { payout_micros: 60_000_000 } };
    const suspended = { ...own, status: "suspended" as const };
    const paid = judgeCall({ ...given, sharers: [{ ...a, enrollment: own }, b] }).payout;
    expect(paid.shares.map(({ amount_micros }) => amount_micros)).toEqual([31_578_947, 14_210_526]);
    const half = judgeCall({ ...given, sharers: [{ ...a, enrollment: suspended }, b] }).payout;
    expect(half.shares.map(({ status, amount_micros }) => [status, amount_micros])).toEqual([
      ["rejected", 0],
      ["qualified", 14_210_526],
    ]);
    expect(half).toMatchObject({ status: "qualified", amount_micros: 14_210_526 });
  });

  it("is paid once everybody who earned a part of it was", () => {
    const given = uncertain({ org_a: 0.5, org_b: 0.45 });
    const paid = judgeCall(given).payout.shares.map(({ organization_id, amount_micros }) => ({
      side: "payout" as const,
      organization_id,
      amount_micros,
    }));
    expect(judgeCall({ ...given, payments: paid.slice(0, 1) }).payout.status).toBe("qualified");
    expect(judgeCall({ ...given, payments: paid }).payout.status).toBe("paid");
  });
});

describe("shares of any facts", () => {
  it("never add up to more than the best rate, nor go to who has less than 0.15 or no proof", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { revenue, payout } = judgeCall(given);
        const rates = given.sharers.map(
          ({ enrollment }) =>
            enrollment?.payout_terms.payout_micros ??
            given.terms?.terms.payout?.payout_micros ??
            given.terms?.terms.payout_micros ??
            0,
        );
        if (payout.shares.length > 0) expect(payout.amount_micros).toBeLessThanOrEqual(Math.max(...rates));
        for (const share of payout.shares) {
          const proven = given.source?.proven.find((one) => one.publisher_id === share.organization_id);
          expect(proven?.probability ?? 0).toBeGreaterThanOrEqual(SHARE_PAID);
          if (isDue(share.status)) expect(isDue(revenue.status)).toBe(true);
          else expect(share.amount_micros).toBe(0);
        }
      }),
      law(500),
    );
  });

  it("divides what is owed by the same parts, to the last micro", () => {
    expect(divide(70_000_000, [0.526316, 0.473684])).toEqual([36_842_120, 33_157_880]);
    expect(divide(10, [])).toEqual([]);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000_000 }),
        fc.array(fc.integer({ min: 150_000, max: 850_000 }), { minLength: 1, maxLength: 6 }),
        (amount_micros, weights) => {
          const total = weights.reduce((sum, one) => sum + one, 0);
          const parts = divide(
            amount_micros,
            weights.map((one) => one / total),
          );
          expect(parts.reduce((sum, one) => sum + one, 0)).toBe(amount_micros);
          expect(parts.every((one) => Number.isSafeInteger(one) && one >= 0)).toBe(true);
        },
      ),
      law(100),
    );
  });
});
