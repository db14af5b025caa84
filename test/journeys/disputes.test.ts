import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../shared/api/reports.ts";
import type { Statement } from "../../shared/api/statements.ts";
import { DAY_MS } from "../../shared/instant.ts";
import { ledgerOf } from "../support/phone.ts";
import {
  callThatIs,
  decide,
  EARNED,
  expectSettled,
  NOW,
  OWED,
  open,
  PERIOD,
  paidFor,
  pay,
  sides,
  standing,
  startStage,
  tick,
  world,
} from "./dispute-stage.ts";

/** What an advertiser disputes, what is decided of it, and where the money is before, between and after. */

beforeAll(startStage);
afterAll(() => world?.stop());

describe.each(["qualified", "held", "paid"] as const)("a %s call that its advertiser disputes", (state) => {
  const frozen = state === "paid" ? "paid" : "held";

  it("is frozen on both sides and loses nothing, until it is declined", async () => {
    const [call, kind] = await callThatIs(state);
    const dispute = await open(call, sides[kind].advertiser);
    expect(dispute).toMatchObject({
      status: "open",
      side: "revenue",
      claim: "reverse",
      revenue_micros: OWED,
    });
    expect(await standing(call, kind)).toEqual([frozen, OWED, frozen, EARNED, null]);
    const { advertiser_id, publisher_id } = sides[kind].stock;
    const before = [await paidFor(call, "revenue"), await paidFor(call, "payout")];
    await pay(advertiser_id);
    await pay(publisher_id);
    expect([await paidFor(call, "revenue"), await paidFor(call, "payout")]).toEqual(before);
    await expectSettled(call, kind);
    // Nor does the end of its hold free it.
    const later = NOW() + 2 * DAY_MS;
    await tick(later);
    expect(await standing(call, kind, later)).toEqual([frozen, OWED, frozen, EARNED, null]);

    await decide(dispute, { decision: "declined" }, later);
    const freed = state === "paid" ? "paid" : "qualified";
    expect(await standing(call, kind, later)).toEqual([freed, OWED, freed, EARNED, null]);
    await expectSettled(call, kind, later);
    await pay(publisher_id, later);
    expect(await paidFor(call, "payout")).toBe(EARNED);
  });

  it("is reversed for both when that is accepted, for good", async () => {
    const [call, kind] = await callThatIs(state);
    const dispute = await open(call, sides[kind].advertiser);
    const decided = await decide(dispute, { decision: "accepted" });
    expect(decided).toMatchObject({
      status: "accepted",
      advertiser_credit_micros: OWED,
      publisher_debit_micros: EARNED,
    });
    expect(await standing(call, kind)).toEqual(["reversed", 0, "reversed", 0, "dispute"]);
    const lines = await ledgerOf(world, `call_id=${call.id}`, NOW());
    expect(lines.map(({ kind: posted }) => posted).sort()).toEqual([
      ...["charge", "charge", "payout", "payout"],
      ...["reversal", "reversal", "reversal", "reversal"],
    ]);
    await expectSettled(call, kind);
    await tick(NOW() + 3 * DAY_MS);
    await expectSettled(call, kind, NOW() + 3 * DAY_MS);
    await pay(sides[kind].stock.publisher_id);
    expect(await paidFor(call, "payout")).toBe(state === "paid" ? EARNED : 0);
  });

  it("is adjusted by exactly what is decided when that is a part of it", async () => {
    const [call, kind] = await callThatIs(state);
    const dispute = await open(call, sides[kind].advertiser);
    const part = { advertiser_credit_micros: 20_000_001, publisher_debit_micros: 7 };
    await decide(dispute, { decision: "partial", ...part });
    const [owed, earned] = [OWED - 20_000_001, EARNED - 7];
    expect(await standing(call, kind)).toEqual([state, owed, state, earned, null]);
    const adjusted = (await ledgerOf(world, `call_id=${call.id}`, NOW())).filter(
      (one) => one.kind === "adjustment",
    );
    expect(adjusted.map(({ account, amount_micros }) => [account, amount_micros]).sort()).toEqual([
      ["margin", -7],
      ["margin", 20_000_001],
      ["payable", 7],
      ["receivable", -20_000_001],
    ]);
    await expectSettled(call, kind);
    const later = NOW() + 2 * DAY_MS;
    await tick(later);
    await pay(sides[kind].stock.publisher_id, later);
    expect(await paidFor(call, "payout")).toBe(state === "paid" ? EARNED : earned);
    await expectSettled(call, kind, later);
  });
});

describe("statements and reports", () => {
  it("say what calls and ledger say", async () => {
    const metrics = "metrics=revenue_micros,payout_micros,margin_micros,paid_calls";
    const now = NOW() + 4 * DAY_MS;
    for (const kind of ["free", "held"] as const) {
      const { advertiser_id, publisher_id, campaign_id } = sides[kind].stock;
      const range = `from=${world.at - DAY_MS}&to=${world.at + DAY_MS}&campaign_id=${campaign_id}`;
      const { totals } = await world.json<Report>(`/api/v1/reports?${metrics}&${range}`, { now });
      const statementOf = async (id: string) =>
        (await world.json<Statement>(`/api/v1/statements?organization_id=${id}&period=${PERIOD}`, { now }))
          .total_micros;
      expect(totals.revenue_micros).toBe(await statementOf(advertiser_id));
      expect(totals.payout_micros).toBe(await statementOf(publisher_id));
      const reasons = await world.json<Report>(
        `/api/v1/reports?metrics=calls&group_by=reject_reason&${range}`,
        { now },
      );
      expect(reasons.data).toContainEqual(expect.objectContaining({ reject_reason: "dispute" }));
    }
  });
});
