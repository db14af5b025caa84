import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StatementMonths, StatementPayment } from "../../shared/api/statements.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { balancesOf, callNamed, ledgerOf, placeCall } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";

/** Money that was marked as paid, and what becomes of it when the call is judged again. */

const NUMBER = "+16285550900";
const PERIOD = "2026-11";
const HOLD_S = 3_600;

let world: World;
let stock: Inventory;

beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world, { terms: { dedupe_window_s: 3_600, payout: { hold_s: HOLD_S } } });
  const { sandbox_account_id: telephony_account_id, campaign_id, publisher_id } = stock;
  await world.json("/api/v1/numbers", {
    json: { telephony_account_id, e164: [NUMBER], campaign_id, publisher_id },
  });
});
afterAll(() => world?.stop());

const place = (call_id: string, at: number, from?: string) =>
  placeCall(world, stock.sandbox_account_id, { call_id, to: NUMBER, at, ...(from && { from }) });
const tick = (now: number) => world.json("/__local/scheduled", { method: "POST", now });
const pay = (organization_id: string, now: number) =>
  world.json<StatementPayment>("/api/v1/statements/payments", {
    now,
    json: { organization_id, period: PERIOD },
  });
const payBoth = async (now: number) => ({
  revenue: await pay(stock.advertiser_id, now),
  payout: await pay(stock.publisher_id, now),
});
/** What was paid for calls of which nothing, or less, is due now: of the advertiser's months, and of the publisher's. */
const overpaid = async (now: number) => {
  const of = async (organization_id: string) => {
    const path = `/api/v1/statements/months?organization_id=${organization_id}`;
    const { data } = await world.json<StatementMonths>(path, { now });
    return data.map(({ unpaid }) => [unpaid?.overpaid_calls, unpaid?.overpaid_micros]);
  };
  return { revenue: await of(stock.advertiser_id), payout: await of(stock.publisher_id) };
};
const statusesOf = async (call_id: string, now: number) => {
  const { revenue, payout } = await callNamed(world, call_id, now);
  return [revenue?.status, payout?.status];
};
const rows = async () => {
  const counts = ["verdicts", "ledger_transactions", "call_events"].map(
    (table) => `(SELECT count(*) FROM ${table}) AS ${table}`,
  );
  return world.d1.prepare(`SELECT ${counts.join(", ")}`).first<Record<string, number>>();
};

describe("a call on hold", () => {
  it("is skipped, and paid when its hold is over", async () => {
    const at = world.at;
    await place("hold-1", at);
    const early = at + 10 * MINUTE_MS;
    expect(await payBoth(early)).toMatchObject({
      revenue: { paid_calls: 1, skipped_held: 0 },
      payout: { paid_calls: 0, skipped_held: 1, total_micros: 0, remaining: 0 },
    });
    expect(await statusesOf("hold-1", early)).toEqual(["paid", "held"]);
    const over_at = at + 2 * HOUR_MS;
    await tick(over_at);
    expect(await payBoth(over_at)).toMatchObject({
      revenue: { paid_calls: 0 },
      payout: { paid_calls: 1, skipped_held: 0, total_micros: 45_000_000 },
    });
    expect(await statusesOf("hold-1", over_at)).toEqual(["paid", "paid"]);
  });
});

describe("a paid call", () => {
  it("stays paid when it is judged again, with nothing new to say or to book", async () => {
    const now = world.at + 3 * HOUR_MS;
    const { id } = await callNamed(world, "hold-1", now);
    const before = await rows();
    await world.d1.prepare("UPDATE calls SET held_until = ? WHERE id = ?").bind(now, id).run();
    await tick(now);
    // A look that finds what stands there is no event.
    expect(await rows()).toEqual(before);
    expect(await statusesOf("hold-1", now)).toEqual(["paid", "paid"]);
    // Every report once more, as if it were the hour of the call: until upkeep looks, the hold is in force again.
    await place("hold-1", world.at);
    await tick(now);
    expect(await statusesOf("hold-1", now)).toEqual(["paid", "paid"]);
  });

  it("still stands in the way of the same caller's next one", async () => {
    const at = world.at + 30 * MINUTE_MS;
    await place("hold-2", at);
    expect(await statusesOf("hold-2", at + HOUR_MS)).toEqual(["rejected", "rejected"]);
  });

  it("is reversed when an earlier call turns up, and is paid again when that one falls", async () => {
    const at = world.at + DAY_MS;
    const from = "+14155550178";
    const now = at + 4 * HOUR_MS;
    await place("dup-2", at + 30 * MINUTE_MS, from);
    await tick(now);
    await payBoth(now);
    expect(await statusesOf("dup-2", now)).toEqual(["paid", "paid"]);
    expect(await overpaid(now)).toEqual({ revenue: [[0, 0]], payout: [[0, 0]] });
    await place("dup-1", at, from);
    expect(await statusesOf("dup-2", now)).toEqual(["reversed", "reversed"]);
    // What was paid for it has to come back, whatever else is left to pay.
    const toComeBack = { revenue: [[1, 70_000_000]], payout: [[1, 45_000_000]] };
    expect(await overpaid(now)).toEqual(toComeBack);
    const { id, is_duplicate } = await callNamed(world, "dup-2", now);
    expect(is_duplicate).toBe(true);
    expect(balancesOf(await ledgerOf(world, `call_id=${id}`, now))).toEqual({});
    // Nothing is left to pay of it, though it was booked in this month.
    await tick(now);
    expect(await payBoth(now)).toMatchObject({ revenue: { paid_calls: 1 }, payout: { paid_calls: 1 } });
    expect(await statusesOf("dup-1", now)).toEqual(["paid", "paid"]);

    // A still earlier one takes the first one's place and gives the second its own back.
    await place("dup-0", at - 45 * MINUTE_MS, from);
    await tick(now);
    expect(await statusesOf("dup-1", now)).toEqual(["reversed", "reversed"]);
    expect(await statusesOf("dup-2", now)).toEqual(["paid", "paid"]);
    expect(await overpaid(now)).toEqual(toComeBack);
    expect(balancesOf(await ledgerOf(world, `call_id=${id}`, now))).toMatchObject({
      [`receivable ${stock.advertiser_id}`]: 70_000_000,
    });
  });
});

describe("a statement that is paid twice at once", () => {
  it("is paid once", async () => {
    const at = world.at + 2 * DAY_MS;
    await place("once-1", at, "+14155550179");
    await place("once-2", at + MINUTE_MS, "+14155550180");
    const now = at + HOUR_MS;
    const all = await Promise.all(Array.from({ length: 4 }, () => pay(stock.advertiser_id, now)));
    expect(all.reduce((sum, { paid_calls }) => sum + paid_calls, 0)).toBe(3);
    const noted = await world.d1
      .prepare("SELECT count(*) AS n FROM call_events WHERE kind = 'paid' AND received_at = ?")
      .bind(now)
      .first<{ n: number }>();
    expect(noted?.n).toBe(3);
  });
});
