import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EarlierCall, Facts } from "../../edge/settlement/model/facts.ts";
import { isDue, judgeCall } from "../../edge/settlement/model/judge.ts";
import { awaitsReport } from "../../edge/settlement/model/rules.ts";
import { law } from "../support/laws.ts";
import { CALL, facts, GOOD, START, TERMS } from "./arbitraries.ts";

const withCall = (change: Partial<Facts["call"]>): Facts => ({ ...GOOD, call: { ...CALL, ...change } });
const withTerms = (change: Partial<typeof TERMS>): Facts => ({
  ...GOOD,
  terms: { version: 3, terms: { ...TERMS, ...change } },
});
const ruleOf = (judged: { rules: { rule: string; detail: string; passed: boolean }[] }, name: string) =>
  judged.rules.find(({ rule }) => rule === name);
const GOOD_CAMPAIGN = {
  attribution_floor: 0.9,
  bill_own_traffic: false,
  uncertain_payout: "withhold",
} as const;
const ANCHOR: EarlierCall = {
  started_at: START - 3_600_000,
  provider_call_id: "CA0",
  telephony_account_id: "tel_1",
  campaign_id: "cmp_1",
  advertiser_id: "org_advertiser",
  is_test: false,
  is_due: true,
};

describe("a call that meets every term", () => {
  it("is owed by the advertiser and earned by the publisher, by every rule", () => {
    const { revenue, payout } = judgeCall(GOOD);
    expect(revenue).toMatchObject({
      status: "qualified",
      amount_micros: 45_000_000,
      organization_id: "org_advertiser",
      terms_version: 1,
    });
    expect(payout).toMatchObject({
      status: "qualified",
      amount_micros: 30_000_000,
      organization_id: "org_p",
    });
    expect(revenue.rules.map(({ rule }) => rule)).toEqual([
      "connected",
      "min_duration",
      "duplicate",
      "source",
    ]);
    expect(payout.rules.map(({ rule }) => rule)).toEqual([
      "connected",
      "min_duration",
      "duplicate",
      "attribution",
      "enrollment",
      "revenue",
    ]);
    expect(ruleOf(revenue, "min_duration")?.detail).toBe("95 s ≥ 90 s");
    expect(ruleOf(payout, "attribution")?.detail).toBe("0.95 ≥ 0.9, proven by its own number");
  });
});

describe("the length of a call", () => {
  it("fails with how much was missing", () => {
    const { revenue } = judgeCall(withCall({ connected_s: 71 }));
    expect(revenue.status).toBe("rejected");
    expect(ruleOf(revenue, "min_duration")?.detail).toBe("71 s < 90 s, short by 19 s");
  });

  it("is measured for each side by its own terms", () => {
    const { revenue, payout } = judgeCall({
      ...withTerms({ revenue: { min_duration_s: 60 }, payout: { min_duration_s: 120 } }),
      call: { ...CALL, connected_s: 71 },
    });
    expect([revenue.status, payout.status]).toEqual(["qualified", "rejected"]);
  });
});

describe("the dialled leg's report", () => {
  it("is waited for, and every other rule is shown meanwhile", () => {
    const { revenue, payout } = judgeCall(withCall({ leg_reported_at: null, connected_s: null }));
    expect([revenue.status, payout.status]).toEqual(["pending", "pending"]);
    expect(ruleOf(revenue, "source")?.passed).toBe(true);
    expect(ruleOf(payout, "min_duration")).toMatchObject({ passed: false, pending: true });
  });

  it("is not waited for when nobody was dialled", () => {
    const { revenue } = judgeCall(
      withCall({
        target: null,
        status: "rejected",
        leg_reported_at: null,
        ended_at: null,
        connected_s: null,
      }),
    );
    expect(revenue.status).toBe("rejected");
    expect(ruleOf(revenue, "connected")?.detail).toBe("nobody was dialled");
  });
});

describe("repeat callers", () => {
  const repeat = { revenue: [ANCHOR], payout: [ANCHOR] };

  it("do not qualify again within the window, and the reason says since when", () => {
    const { revenue, payout } = judgeCall({ ...GOOD, earlier: repeat });
    expect([revenue.status, payout.status]).toEqual(["rejected", "rejected"]);
    expect(ruleOf(payout, "duplicate")?.detail).toBe(
      "the same caller's call 1 h earlier qualified, within 30 d",
    );
    expect(revenue.is_repeat).toBe(true);
  });

  it("are only flagged where all repeats count", () => {
    const { revenue } = judgeCall({ ...withTerms({ repeat_callers: "all" }), earlier: repeat });
    expect(revenue).toMatchObject({ status: "qualified", is_repeat: true });
  });

  it("are judged for each side by that side's earlier calls", () => {
    const { revenue, payout } = judgeCall({
      ...withTerms({ revenue: { repeat_callers: "all" } }),
      earlier: { revenue: [ANCHOR], payout: [] },
    });
    expect([revenue.status, payout.status]).toEqual(["qualified", "qualified"]);
  });
});

describe("who brought the call", () => {
  const shared = (a: number, b: number): Facts => ({
    ...GOOD,
    source: {
      publisher_id: null,
      publisher_confidence: a,
      publisher_proof: a > 0 ? "site" : "none",
      proven: [
        { publisher_id: "org_a", probability: a },
        { publisher_id: "org_b", probability: b },
      ],
    },
  });

  it("is owed when proven publishers together reach the floor, though none can be paid", () => {
    const { revenue, payout } = judgeCall(shared(0.5, 0.45));
    expect([revenue.status, payout.status]).toEqual(["qualified", "rejected"]);
    expect(ruleOf(revenue, "source")?.detail).toBe("proven publishers together 0.95 ≥ 0.9");
    expect(ruleOf(payout, "attribution")?.detail).toBe("0.5 < 0.9, proven by its own site");
  });

  it("is cut, never rounded, where it falls short", () => {
    expect(ruleOf(judgeCall(shared(0.5, 0.39999)).revenue, "source")?.detail).toBe(
      "proven publishers together 0.8999 < 0.9",
    );
  });

  it("is billed without proof where the campaign bills its own traffic", () => {
    const own = { ...shared(0, 0), campaign: { ...GOOD_CAMPAIGN, bill_own_traffic: true } };
    const { revenue, payout } = judgeCall(own);
    expect([revenue.status, payout.status]).toEqual(["qualified", "rejected"]);
  });

  it("must be enrolled and approved to be paid, and the advertiser owes all the same", () => {
    const { revenue, payout } = judgeCall({
      ...GOOD,
      enrollment: { version: 2, status: "suspended", payout_terms: {} },
    });
    expect([revenue.status, payout.status]).toEqual(["qualified", "rejected"]);
    expect(ruleOf(payout, "enrollment")?.detail).toBe("suspended when the call began");
  });

  it("may have a rate of its own", () => {
    const { payout } = judgeCall({
      ...GOOD,
      enrollment: { version: 2, status: "approved", payout_terms: { payout_micros: 33_000_000 } },
    });
    expect(payout.amount_micros).toBe(33_000_000);
  });
});

describe("the clock", () => {
  const held = withTerms({ payout: { hold_s: 600 } });
  const end = CALL.ended_at ?? 0;

  it("holds a side until its hold is over", () => {
    const { revenue, payout } = judgeCall({ ...held, now: end + 599_999 });
    expect(revenue.status).toBe("qualified");
    expect(payout).toMatchObject({ status: "held", amount_micros: 30_000_000, review_at: end + 600_000 });
    expect(judgeCall({ ...held, now: end + 600_000 }).payout.status).toBe("qualified");
  });

  it("rejects a call whose signal did not come, and opens it again when it comes late", () => {
    const wants = withTerms({ requires_signal: "sale", signal_window_s: 3_600 });
    const waiting = judgeCall({ ...wants, now: end + 3_599_999 });
    expect(waiting.revenue).toMatchObject({ status: "pending", review_at: end + 3_600_000 });
    const late = { ...wants, now: end + 3_600_000 };
    expect(judgeCall(late).revenue.status).toBe("rejected");
    expect(judgeCall({ ...late, signals: [{ name: "sale", is_met: true }] }).revenue.status).toBe(
      "qualified",
    );
  });
});

describe("a call without terms", () => {
  it("is rejected and says why", () => {
    const { revenue, payout } = judgeCall({ ...GOOD, terms: null });
    expect(revenue).toMatchObject({ status: "rejected", terms_version: null, amount_micros: 0 });
    expect(ruleOf(payout, "terms")?.detail).toBe("the campaign had no terms when the call began");
  });
});

describe("judgements of any facts", () => {
  it("owe or earn nothing unless due, and name who", () => {
    fc.assert(
      fc.property(facts, (given) => {
        for (const judged of Object.values(judgeCall(given))) {
          if (!isDue(judged.status)) expect(judged.amount_micros).toBe(0);
          const earners = judged.shares.map(({ organization_id }) => organization_id);
          if (judged.amount_micros > 0) expect([judged.organization_id, ...earners].some(Boolean)).toBe(true);
        }
      }),
      law(500),
    );
  });

  it("are due exactly when every rule passed, and never before the leg's report", () => {
    fc.assert(
      fc.property(facts, (given) => {
        for (const judged of Object.values(judgeCall(given))) {
          expect(isDue(judged.status)).toBe(
            judged.rules.every((rule) => rule.passed) && !awaitsReport(given.call),
          );
          const failed = judged.rules.some((rule) => !rule.passed && !rule.pending);
          if (failed && !awaitsReport(given.call)) expect(["rejected", "reversed"]).toContain(judged.status);
          if (awaitsReport(given.call)) expect(judged.status).toBe("pending");
        }
      }),
      law(500),
    );
  });

  it("pay no publisher that the advertiser does not owe for", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { revenue, payout } = judgeCall(given);
        if (isDue(payout.status)) expect(isDue(revenue.status)).toBe(true);
      }),
      law(500),
    );
  });

  it("owe the same whichever publisher it was", () => {
    fc.assert(
      fc.property(facts, (given) => {
        if (!given.source) return;
        const other = {
          ...given,
          enrollment: null,
          source: {
            ...given.source,
            publisher_id: null,
            publisher_proof: "none" as const,
            proven: given.source.proven.map((p, i) => ({ ...p, publisher_id: `org_other${i}` })),
          },
        };
        expect(judgeCall(other).revenue).toEqual(judgeCall(given).revenue);
      }),
      law(300),
    );
  });

  it("say `reversed` only after a posting, and never bill a test caller", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { revenue, payout } = judgeCall(given);
        if (revenue.status === "reversed") expect(given.was_posted.revenue).toBe(true);
        if (payout.status === "reversed") expect(given.was_posted.payout).toBe(true);
        // Of a shared payout each says it of what was posted to him.
        const reversed = payout.shares.filter(({ status }) => status === "reversed");
        const posted = given.sharers.filter(({ was_posted }) => was_posted);
        expect(posted.map(({ publisher_id }) => publisher_id)).toEqual(
          expect.arrayContaining(reversed.map(({ organization_id }) => organization_id)),
        );
        if (given.call.is_test) expect(isDue(revenue.status) || isDue(payout.status)).toBe(false);
      }),
      law(500),
    );
  });
});
