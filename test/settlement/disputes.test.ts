import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DisputeFacts, spread } from "../../edge/settlement/model/disputes.ts";
import { type Facts, SIDES } from "../../edge/settlement/model/facts.ts";
import { isDue, judgeCall, rejectReason } from "../../edge/settlement/model/judge.ts";
import { partsOf } from "../../edge/settlement/model/split.ts";
import { law } from "../support/laws.ts";
import { CALL, disputedFacts, GOOD, START } from "./arbitraries.ts";

const OWED = 45_000_000;
const EARNED = 30_000_000;

type Change = Partial<DisputeFacts>;
const dispute = (change: Change = {}): DisputeFacts => ({
  id: "dsp_1",
  side: "revenue",
  claim: "reverse",
  opened_by: "advertiser",
  advertiser_id: "org_advertiser",
  publisher_id: null,
  currency: "USD",
  decision: null,
  ...change,
});
const decided = (
  decision: "accepted" | "partial" | "declined",
  [advertiser_credit_micros, publisher_debit_micros]: [number, number] = [0, 0],
  change: Change = {},
) =>
  dispute({
    decision: { decision, advertiser_credit_micros, publisher_debit_micros, decided_at: START },
    ...change,
  });
const claim: Change = { side: "payout", claim: "restore", opened_by: "publisher", publisher_id: "org_p" };
const judged = (disputes: DisputeFacts[], change: Partial<Facts> = {}) => {
  const { revenue, payout } = judgeCall({ ...GOOD, ...change, disputes });
  return { revenue: [revenue.status, revenue.amount_micros], payout: [payout.status, payout.amount_micros] };
};
const ruleOf = (disputes: DisputeFacts[], side: "revenue" | "payout") =>
  judgeCall({ ...GOOD, disputes })[side].rules.find(({ rule }) => rule === "dispute");
const PAYOUT_PAID = [{ side: "payout" as const, organization_id: "org_p", amount_micros: EARNED }];
const SHORT = { call: { ...CALL, connected_s: 3 } };

describe("an open dispute", () => {
  it("holds what is due and loses nothing; a payout waits for what it is paid out of, not the other way round", () => {
    expect(judged([dispute()])).toEqual({ revenue: ["held", OWED], payout: ["held", EARNED] });
    const ofPayout = dispute({ side: "payout", opened_by: "network" });
    expect(judged([ofPayout])).toEqual({ revenue: ["qualified", OWED], payout: ["held", EARNED] });
    expect(ruleOf([dispute()], "payout")).toEqual({
      rule: "dispute",
      passed: false,
      pending: true,
      detail:
        "the advertiser disputes what the advertiser owes: not decided yet, nothing is paid out until then",
    });
    // No clock ends it.
    expect(judgeCall({ ...GOOD, disputes: [dispute()] }).revenue.review_at).toBeNull();
  });

  it("takes nothing back of what was paid, and makes nothing due that is not", () => {
    expect(judged([dispute()], { payments: PAYOUT_PAID }).payout).toEqual(["paid", EARNED]);
    expect(judged([dispute(claim)], SHORT)).toEqual({ revenue: ["rejected", 0], payout: ["rejected", 0] });
  });

  it("holds no other advertiser's line, no other publisher's, and none in another currency", () => {
    for (const change of [{ advertiser_id: "org_other" }, { currency: "EUR" }]) {
      expect(judged([dispute(change)])).toEqual(judged([]));
    }
    expect(judged([dispute({ ...claim, publisher_id: "org_q" })])).toEqual(judged([]));
  });
});

describe("a decision", () => {
  it("for the advertiser takes all of it back from both sides, and is the reason", () => {
    const disputes = [decided("accepted", [OWED, EARNED])];
    expect(judged(disputes, { was_posted: { revenue: true, payout: true } })).toEqual({
      revenue: ["reversed", 0],
      payout: ["reversed", 0],
    });
    const { revenue, payout } = judgeCall({ ...GOOD, disputes });
    expect([rejectReason(revenue), rejectReason(payout)]).toEqual(["dispute", "dispute"]);
    expect(ruleOf(disputes, "revenue")?.detail).toBe("the advertiser disputes it: accepted");
  });

  it("in part takes the amounts off, together with those before, and never more than there is", () => {
    const first = decided("partial", [20_000_000, 10_000_000]);
    const second = decided("partial", [5_000_000, 0], { id: "dsp_2" });
    expect(judged([first, second])).toEqual({
      revenue: ["qualified", 20_000_000],
      payout: ["qualified", 20_000_000],
    });
    const beyond = decided("partial", [OWED, OWED]);
    expect(judged([beyond])).toEqual({ revenue: ["qualified", 0], payout: ["qualified", 0] });
    expect(judged([first], { payments: PAYOUT_PAID }).payout).toEqual(["paid", 20_000_000]);
  });

  it("against it frees what was held, and says so", () => {
    expect(judged([decided("declined")])).toEqual(judged([]));
    expect(ruleOf([decided("declined")], "revenue")).toMatchObject({ passed: true });
  });

  it("for a publisher makes its payout due though rules failed, whole or in part", () => {
    expect(judged([decided("accepted", [0, 0], claim)], SHORT)).toEqual({
      revenue: ["rejected", 0],
      payout: ["qualified", EARNED],
    });
    expect(judged([decided("partial", [0, 1], claim)], SHORT).payout).toEqual(["qualified", EARNED - 1]);
    expect(judged([decided("declined", [0, 0], claim)], SHORT).payout).toEqual(["rejected", 0]);
    const test = { call: { ...CALL, is_test: true } };
    expect(judged([decided("accepted", [0, 0], claim)], test).payout).toEqual(["rejected", 0]);
  });

  it("stands until a later one about the same line", () => {
    const [first, second] = [START, START + 1_000].map((decided_at) => ({
      decision: "accepted" as const,
      advertiser_credit_micros: 0,
      publisher_debit_micros: 0,
      decided_at,
    })) as [NonNullable<DisputeFacts["decision"]>, NonNullable<DisputeFacts["decision"]>];
    const taken = dispute({ decision: first });
    const restored = dispute({ ...claim, id: "dsp_2", decision: second });
    expect(judged([restored, taken])).toEqual({ revenue: ["rejected", 0], payout: ["qualified", EARNED] });
    const late = dispute({ decision: second });
    const early = dispute({ ...claim, id: "dsp_2", decision: first });
    expect(judged([early, late])).toEqual({ revenue: ["rejected", 0], payout: ["rejected", 0] });
    // Asking again does not free what was taken back.
    expect(judged([taken, dispute({ ...claim, id: "dsp_3" })]).payout).toEqual(["rejected", 0]);
  });
});

describe("a payout that two share", () => {
  const campaign = { attribution_floor: 0.9, bill_own_traffic: false, uncertain_payout: "split" as const };
  const source = {
    publisher_id: null,
    publisher_confidence: 0.5,
    publisher_proof: "site" as const,
    proven: [
      { publisher_id: "org_a", probability: 0.5 },
      { publisher_id: "org_b", probability: 0.45 },
    ],
  };
  const sharers = partsOf(source, campaign).map((part) => ({
    ...part,
    enrollment: GOOD.enrollment,
    earlier: [],
    was_posted: false,
  }));
  const shared = (disputes: DisputeFacts[]) =>
    judgeCall({ ...GOOD, campaign, source, sharers, enrollment: null, disputes }).payout;
  const amountsOf = (disputes: DisputeFacts[]) => shared(disputes).shares.map((one) => one.amount_micros);
  const [a, b] = [15_789_473, 14_210_526];

  it("is lowered for both in proportion, together by what was decided", () => {
    expect(amountsOf([])).toEqual([a, b]);
    const off = decided("partial", [0, 10_000_001]);
    const { amount_micros, adjusted_micros, shares } = shared([off]);
    expect([amount_micros, adjusted_micros]).toEqual([a + b - 10_000_001, 10_000_001]);
    expect(shares.map((one) => (one.adjusted_micros ?? 0) + one.amount_micros)).toEqual([a, b]);
    const restored = { ...claim, id: "dsp_2", publisher_id: "org_a" };
    const back = decided("accepted", [0, 0], restored);
    expect(amountsOf([off, back])).toEqual([a, shares[1]?.amount_micros]);
  });

  it("is taken back from both, and claimed by one for itself alone", () => {
    const taken = decided("accepted", [OWED, a + b]);
    expect(amountsOf([taken])).toEqual([0, 0]);
    const own = decided("accepted", [0, 0], { ...claim, id: "dsp_2", publisher_id: "org_b" });
    expect(amountsOf([taken, own])).toEqual([0, b]);
  });

  it("that the network restores in part is lowered once, for both together", () => {
    const restored = decided("partial", [0, 10_000_001], {
      ...claim,
      opened_by: "network",
      publisher_id: null,
    });
    const { amount_micros, adjusted_micros, shares } = shared([restored]);
    expect([amount_micros, adjusted_micros]).toEqual([a + b - 10_000_001, 10_000_001]);
    expect(shares.map((one) => (one.adjusted_micros ?? 0) + one.amount_micros)).toEqual([a, b]);
  });

  it("is lowered for one who got back what was taken before by its part of what is taken then", () => {
    const at = (seconds: number, one: DisputeFacts) =>
      one.decision && { ...one, decision: { ...one.decision, decided_at: START + seconds * 1_000 } };
    const taken = at(1, decided("partial", [0, 8_000_000]));
    const back = at(2, decided("accepted", [0, 0], { ...claim, id: "dsp_2", publisher_id: "org_a" }));
    const again = at(3, decided("partial", [0, 6_000_000], { id: "dsp_3" }));
    const inForce = [taken, back, again].filter((one) => one !== null);
    const before = amountsOf(inForce.slice(0, 2));
    expect(before[0]).toBe(a);
    const after = amountsOf(inForce);
    const off = after.map((amount, i) => (before[i] ?? 0) - amount);
    expect((off[0] ?? 0) + (off[1] ?? 0)).toBe(6_000_000);
    expect(Math.min(...off)).toBeGreaterThan(0);
  });
});

describe("any disputes of any call", () => {
  it("give the same verdicts in any order", () => {
    fc.assert(
      fc.property(disputedFacts, (given) => {
        const turned = { ...given, disputes: given.disputes.toReversed() };
        expect(judgeCall(turned)).toEqual(judgeCall(given));
      }),
      law(300),
    );
  });

  it("never raise what an advertiser owes, nor make anybody owe what is below nothing", () => {
    fc.assert(
      fc.property(disputedFacts, (given) => {
        const { revenue, payout } = judgeCall(given);
        const without = judgeCall({ ...given, disputes: [] });
        expect(revenue.amount_micros).toBeLessThanOrEqual(without.revenue.amount_micros);
        for (const one of [revenue, payout, ...payout.shares]) {
          expect(one.amount_micros).toBeGreaterThanOrEqual(0);
          expect(one.adjusted_micros ?? 0).toBeGreaterThanOrEqual(0);
          if (!isDue(one.status)) expect([one.amount_micros, one.adjusted_micros ?? 0]).toEqual([0, 0]);
        }
      }),
      law(500),
    );
  });

  it("change no money while they are open, and release none to be paid", () => {
    fc.assert(
      fc.property(disputedFacts, (given) => {
        const open = given.disputes.map((one) => ({ ...one, decision: null }));
        const [before, after] = [
          judgeCall({ ...given, disputes: [] }),
          judgeCall({ ...given, disputes: open }),
        ];
        for (const side of SIDES) {
          expect(after[side].amount_micros).toBe(before[side].amount_micros);
          expect(isDue(after[side].status)).toBe(isDue(before[side].status));
          if (after[side].status === "paid") expect(before[side].status).toBe("paid");
        }
        const is_own = open.some(
          ({ side, advertiser_id, currency }) =>
            side === "revenue" && advertiser_id === CALL.advertiser_id && currency === given.call.currency,
        );
        if (is_own) for (const side of SIDES) expect(after[side].status).not.toBe("qualified");
      }),
      law(500),
    );
  });
});

describe("what several lose together", () => {
  it("is taken from each in proportion, to the micro, and from none more than it has", () => {
    const micros = fc.integer({ min: 0, max: 1e12 });
    fc.assert(
      fc.property(micros, fc.array(micros, { minLength: 1, maxLength: 5 }), (off, amounts) => {
        const parts = spread(off, amounts);
        const total = amounts.reduce((sum, one) => sum + one, 0);
        expect(parts.reduce((sum, one) => sum + one, 0)).toBe(Math.min(off, total));
        for (const [i, part] of parts.entries()) {
          expect(part).toBeGreaterThanOrEqual(0);
          expect(part).toBeLessThanOrEqual(amounts[i] ?? 0);
        }
      }),
      law(300),
    );
  });
});
