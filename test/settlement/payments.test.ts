import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EarlierCall, type Facts, type PaymentFacts, SIDES } from "../../edge/settlement/model/facts.ts";
import { isDue, judgeCall } from "../../edge/settlement/model/judge.ts";
import { type Booked, postingsFor, type SideLedger } from "../../edge/settlement/model/postings.ts";
import { law } from "../support/laws.ts";
import { CALL, facts, GOOD, payments, START, TERMS } from "./arbitraries.ts";

const OWED = 45_000_000;
const EARNED = 30_000_000;
const paid = (change: Partial<PaymentFacts> = {}): PaymentFacts => ({
  side: "payout",
  organization_id: "org_p",
  amount_micros: EARNED,
  currency: "USD",
  ...change,
});
const withPayments = (...all: PaymentFacts[]): Facts => ({ ...GOOD, payments: all });
const ANCHOR: EarlierCall = {
  started_at: START - 3_600_000,
  provider_call_id: "CA0",
  telephony_account_id: "tel_1",
  campaign_id: "cmp_1",
  advertiser_id: "org_advertiser",
  is_test: false,
  is_due: true,
};

/** The ledger as it stands when this was booked once. */
function standing(booked: { organization_id: string; amount_micros: number }): SideLedger {
  const in_force: Booked = {
    ...booked,
    transaction_id: "txn_1",
    posting_key: "cal_1/payout/1",
    currency: "USD",
    terms_version: 1,
    entries: [
      { account: "margin", organization_id: "org_network", amount_micros: booked.amount_micros },
      {
        account: "payable",
        organization_id: booked.organization_id,
        amount_micros: -booked.amount_micros,
      },
    ],
  };
  return { in_force, booked_count: 1, adjustment: null, adjusted_count: 0 };
}

describe("a qualified side", () => {
  it("is paid once what is due has been paid, each side by its own payment", () => {
    const both = withPayments(
      paid(),
      paid({ side: "revenue", organization_id: "org_advertiser", amount_micros: OWED }),
    );
    expect(judgeCall(withPayments()).payout.status).toBe("qualified");
    const { revenue, payout } = judgeCall(withPayments(paid()));
    expect([revenue.status, payout.status]).toEqual(["qualified", "paid"]);
    expect(payout.amount_micros).toBe(EARNED);
    expect(judgeCall(both).revenue.status).toBe("paid");
  });

  it("is paid by parts that cover it, and not by less", () => {
    const first = paid({ amount_micros: EARNED - 1 });
    expect(judgeCall(withPayments(first)).payout.status).toBe("qualified");
    expect(judgeCall(withPayments(first, paid({ amount_micros: 1 }))).payout.status).toBe("paid");
  });

  it("is not paid by money that went to somebody else", () => {
    expect(judgeCall(withPayments(paid({ organization_id: "org_before" }))).payout.status).toBe("qualified");
  });

  it("is not paid by money of another currency, and by older payments that name none", () => {
    expect(judgeCall(withPayments(paid({ currency: "EUR" }))).payout.status).toBe("qualified");
    const { currency: _, ...older } = paid();
    expect(judgeCall(withPayments(older)).payout.status).toBe("paid");
  });

  it("cannot be paid before its hold is over or its report is there", () => {
    const held = {
      ...withPayments(paid()),
      terms: { version: 1, terms: { ...TERMS, payout: { hold_s: 600 } } },
      now: (CALL.ended_at ?? 0) + 599_999,
    };
    expect(judgeCall(held).payout.status).toBe("held");
    expect(judgeCall({ ...held, now: held.now + 1 }).payout.status).toBe("paid");
    const unreported = { ...CALL, leg_reported_at: null, connected_s: null };
    expect(judgeCall({ ...withPayments(paid()), call: unreported }).payout.status).toBe("pending");
  });

  it("that was paid is reversed when it proves to be a duplicate: the money has to come back", () => {
    const late = {
      ...withPayments(paid()),
      earlier: { revenue: [ANCHOR], payout: [ANCHOR] },
      was_posted: { revenue: true, payout: true },
    };
    const { payout } = judgeCall(late);
    expect(payout).toMatchObject({ status: "reversed", amount_micros: 0 });
    const call = { id: "cal_1", network_id: "org_network", currency: "USD" };
    const postings = postingsFor(call, payout, standing({ organization_id: "org_p", amount_micros: EARNED }));
    expect(postings.map(({ kind }) => kind)).toEqual(["reversal"]);
    expect(judgeCall({ ...late, earlier: { revenue: [], payout: [] } }).payout.status).toBe("paid");
  });
});

describe("payments of any facts", () => {
  it("change no money and no reason, only the word of a qualified side", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const before = judgeCall({ ...given, payments: [] });
        const after = judgeCall(given);
        for (const side of SIDES) {
          const { status, ...rest } = after[side];
          const { status: unpaid, ...same } = before[side];
          expect(rest).toEqual(same);
          if (status !== unpaid) expect([unpaid, status]).toEqual(["qualified", "paid"]);
        }
      }),
      law(500),
    );
  });

  it("of all that is due make every qualified side paid, and nothing else", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const before = judgeCall({ ...given, payments: [] });
        const full = SIDES.flatMap((side): PaymentFacts[] => {
          const { organization_id, amount_micros } = before[side];
          return organization_id === null ? [] : [{ side, organization_id, amount_micros, currency: "USD" }];
        });
        const after = judgeCall({ ...given, payments: full });
        for (const side of SIDES) {
          const { status } = before[side];
          expect(after[side].status).toBe(status === "qualified" ? "paid" : status);
        }
      }),
      law(500),
    );
  });

  it("count the same in any order", () => {
    const shuffled = payments.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(facts, shuffled, (given, [all, other]) => {
        expect(judgeCall({ ...given, payments: other })).toEqual(judgeCall({ ...given, payments: all }));
      }),
      law(300),
    );
  });

  it("post nothing", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const call = { id: "cal_1", network_id: "org_network", currency: "USD" };
        const { payout } = judgeCall(given);
        if (!isDue(payout.status) || payout.amount_micros === 0 || payout.organization_id === null) return;
        const { organization_id, amount_micros } = payout;
        expect(postingsFor(call, payout, standing({ organization_id, amount_micros }))).toEqual([]);
      }),
      law(300),
    );
  });
});
