import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Side } from "../../edge/settlement/model/facts.ts";
import { isDue, type Judgement, judgeCall } from "../../edge/settlement/model/judge.ts";
import {
  type Booked,
  type Posting,
  postingsFor,
  type SideLedger,
} from "../../edge/settlement/model/postings.ts";
import { law } from "../support/laws.ts";
import { disputedFacts, GOOD } from "./arbitraries.ts";

const CALL = { id: "cal_1", network_id: "org_network", currency: "USD" };
const EMPTY: SideLedger = { in_force: null, booked_count: 0, adjustment: null, adjusted_count: 0 };

/** A ledger in memory: what the database does with postings. */
function book(ledger: SideLedger, postings: Posting[]): SideLedger {
  let { in_force, booked_count, adjustment, adjusted_count } = ledger;
  for (const posting of postings) {
    if (posting.kind === "reversal") {
      const of = [in_force, adjustment].find((one) => one?.transaction_id === posting.reverses_id);
      expect(of).toBeTruthy();
      if (of === adjustment) adjustment = null;
      else in_force = null;
      // Nothing stays adjusted that is not booked.
      if (in_force === null) expect(adjustment).toBeNull();
      continue;
    }
    const parties = posting.entries.filter(({ account }) => account !== "margin");
    const booked = {
      transaction_id: `txn_${posting.posting_key}`,
      posting_key: posting.posting_key,
      organization_id: parties[0]?.organization_id ?? "",
      amount_micros: parties.reduce((sum, { amount_micros }) => sum + Math.abs(amount_micros), 0),
      currency: posting.currency,
      terms_version: posting.terms_version,
      entries: posting.entries,
    } satisfies Booked;
    if (posting.kind === "adjustment") {
      expect(adjustment).toBeNull();
      expect(booked.amount_micros).toBeLessThanOrEqual(in_force?.amount_micros ?? 0);
      adjusted_count += 1;
      adjustment = booked;
    } else {
      expect([in_force, adjustment]).toEqual([null, null]);
      booked_count += 1;
      in_force = booked;
    }
  }
  return { in_force, booked_count, adjustment, adjusted_count };
}

const balances = (postings: Posting[]) => {
  const sums = new Map<string, number>();
  for (const { account, organization_id, amount_micros } of postings.flatMap(({ entries }) => entries)) {
    const key = `${account} ${organization_id}`;
    sums.set(key, (sums.get(key) ?? 0) + amount_micros);
  }
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0));
};

const judgement = disputedFacts.map((given) => {
  const judged = judgeCall(given);
  return { revenue: judged.revenue, payout: judged.payout };
});

describe("a qualified call", () => {
  it("is a receivable of the advertiser, a payable of the publisher and the network's margin", () => {
    const { revenue, payout } = judgeCall(GOOD);
    const posted = [...postingsFor(CALL, revenue, EMPTY), ...postingsFor(CALL, payout, EMPTY)];
    expect(balances(posted)).toEqual({
      "receivable org_advertiser": 45_000_000,
      "payable org_p": -30_000_000,
      "margin org_network": -15_000_000,
    });
    expect(posted.map(({ posting_key }) => posting_key)).toEqual(["cal_1/charge/1", "cal_1/payout/1"]);
  });

  it("is reversed by its mirror when it no longer qualifies, and says why", () => {
    const first = postingsFor(CALL, judgeCall(GOOD).payout, EMPTY);
    const short = judgeCall({ ...GOOD, call: { ...GOOD.call, connected_s: 10 } }).payout;
    const [reversal, ...rest] = postingsFor(CALL, short, book(EMPTY, first));
    expect(rest).toEqual([]);
    expect(reversal).toMatchObject({
      kind: "reversal",
      posting_key: "cal_1/payout/1/reversal",
      reason: "min_duration: 10 s < 90 s, short by 80 s",
    });
    expect(balances([...first, ...(reversal ? [reversal] : [])])).toEqual({});
  });

  it("is reversed without a word of how it failed for another, whose it turns out to be", () => {
    const first = postingsFor(CALL, judgeCall(GOOD).revenue, EMPTY);
    const call = { ...GOOD.call, advertiser_id: "org_rightful", connected_s: 10 };
    const [reversal] = postingsFor(CALL, judgeCall({ ...GOOD, call }).revenue, book(EMPTY, first));
    expect(reversal).toMatchObject({ kind: "reversal", reason: "judged again" });
  });

  it("is reversed when the call turns out to be no campaign's, which has no currency", () => {
    const first = postingsFor(CALL, judgeCall(GOOD).payout, EMPTY);
    const nobodys = { ...GOOD, terms: null, call: { ...GOOD.call, campaign_id: null, currency: null } };
    const judgement = judgeCall(nobodys).payout;
    const none = { ...CALL, currency: null };
    expect(postingsFor(none, judgement, EMPTY)).toEqual([]);
    const [reversal] = postingsFor(none, judgement, book(EMPTY, first));
    expect(reversal).toMatchObject({ kind: "reversal", currency: CALL.currency });
    expect(balances([...first, ...(reversal ? [reversal] : [])])).toEqual({});
  });
});

describe("any sequence of judgements", () => {
  const sides: Side[] = ["revenue", "payout"];

  it("leaves exactly the last one's money in force, in its currency, every transaction balanced", () => {
    const currency = fc.constantFrom("USD", "USD", "EUR");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(judgement, currency), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(...sides),
        (all, side) => {
          let ledger = EMPTY;
          const posted: Posting[] = [];
          for (const [judged, currency] of all) {
            const postings = postingsFor({ ...CALL, currency }, judged[side], ledger);
            posted.push(...postings);
            ledger = book(ledger, postings);
          }
          for (const { entries } of posted) {
            expect(entries.reduce((sum, { amount_micros }) => sum + amount_micros, 0)).toBe(0);
            expect(entries.every(({ amount_micros }) => amount_micros !== 0)).toBe(true);
          }
          const [judged, currency] = all.at(-1) ?? [];
          const last = judged?.[side] as Judgement;
          const due = isDue(last.status) ? last.amount_micros : 0;
          const off = ledger.adjustment?.amount_micros ?? 0;
          expect(off).toBe(last.adjusted_micros);
          expect((ledger.in_force?.amount_micros ?? 0) - off).toBe(due);
          const sign = side === "revenue" ? 1 : -1;
          const account = side === "revenue" ? "receivable" : "payable";
          const earners =
            last.shares.length > 0
              ? last.shares.filter(({ amount_micros }) => amount_micros > 0)
              : [{ organization_id: last.organization_id, amount_micros: due }];
          const expected =
            due === 0
              ? {}
              : Object.fromEntries([
                  ...earners.map((one) => [`${account} ${one.organization_id}`, sign * one.amount_micros]),
                  ["margin org_network", -sign * due],
                ]);
          expect(balances(posted.filter((one) => one.currency === currency))).toEqual(expected);
          expect(balances(posted.filter((one) => one.currency !== currency))).toEqual({});
          const keys = posted.map(({ posting_key }) => posting_key);
          expect(new Set(keys).size).toBe(keys.length);
        },
      ),
      law(300),
    );
  });

  it("books nothing for a judgement that is in force already", () => {
    fc.assert(
      fc.property(judgement, fc.constantFrom(...sides), (judged, side) => {
        const ledger = book(EMPTY, postingsFor(CALL, judged[side], EMPTY));
        expect(postingsFor(CALL, judged[side], ledger)).toEqual([]);
      }),
      law(300),
    );
  });
});
