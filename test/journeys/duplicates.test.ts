import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DESTINATION, type Inventory, stockUp } from "../support/inventory.ts";
import { startWorld, type World } from "../support/world.ts";

/** One caller, several calls, over the wire: what is booked depends on the calls, not on the order of their reports. */

const SECOND = 1_000;
const MINUTE = 60_000;
const DAY = 86_400_000;
const STATIC = "+14155550170";

let world: World;
let stock: Inventory;

beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world);
  await world.json("/api/v1/numbers", {
    json: {
      telephony_account_id: stock.sandbox_account_id,
      e164: [STATIC],
      campaign_id: stock.campaign_id,
      publisher_id: stock.publisher_id,
    },
  });
});
afterAll(() => world?.stop());

const hook = () => `/v1/telephony/${stock.sandbox_account_id}`;
const ring = (call_id: string, from: string, now: number) =>
  world.json(`${hook()}/voice`, { now, json: { call_id, from, to: STATIC } });
const end = (call_id: string, now: number, connected_s: number) =>
  world.json(`${hook()}/status`, {
    now,
    json: { call_id, status: "completed", duration_s: connected_s + 5, connected_s },
  });

async function callOf(provider_call_id: string) {
  const query =
    "SELECT revenue_status, payout_status, payout_micros, is_duplicate, reject_reason FROM calls WHERE provider_call_id = ?";
  return world.d1.prepare(query).bind(provider_call_id).first();
}

async function balances() {
  const query = `SELECT e.account, sum(e.amount_micros) AS amount FROM ledger_entries e
    JOIN ledger_transactions t ON t.id = e.transaction_id GROUP BY e.account`;
  const { results } = await world.d1.prepare(query).all<{ account: string; amount: number }>();
  return Object.fromEntries(results.map(({ account, amount }) => [account, amount]));
}

describe("a caller who calls again", () => {
  it("within the window is connected, flagged and not paid again", async () => {
    const at = world.at + MINUTE;
    await ring("again-1", "+14155550141", at);
    await end("again-1", at + 120 * SECOND, 110);
    await ring("again-2", "+14155550141", at + DAY);
    await end("again-2", at + DAY + 120 * SECOND, 110);
    expect(await callOf("again-1")).toMatchObject({ payout_status: "qualified", is_duplicate: 0 });
    expect(await callOf("again-2")).toMatchObject({
      revenue_status: "rejected",
      payout_status: "rejected",
      payout_micros: 0,
      is_duplicate: 1,
      reject_reason: "duplicate",
    });
  });

  it("exactly when the window is over is a new caller", async () => {
    const at = world.at + MINUTE + 30 * DAY;
    await ring("again-3", "+14155550141", at);
    await end("again-3", at + 120 * SECOND, 110);
    expect(await callOf("again-3")).toMatchObject({ payout_status: "qualified", is_duplicate: 0 });
  });

  it("with two calls at once is paid for the one that began first, whichever ends first", async () => {
    const before = await balances();
    const at = world.at + 40 * DAY;
    await ring("office-1", "+14155550144", at);
    await ring("office-2", "+14155550144", at + MINUTE);
    await end("office-2", at + 5 * MINUTE, 200);
    expect(await callOf("office-2")).toMatchObject({ payout_status: "qualified" });
    await end("office-1", at + 30 * MINUTE, 1_700);
    expect(await callOf("office-1")).toMatchObject({ payout_status: "qualified", is_duplicate: 0 });
    expect(await callOf("office-2")).toMatchObject({
      revenue_status: "reversed",
      payout_status: "reversed",
      is_duplicate: 1,
    });

    const after = await balances();
    expect(after.receivable! - before.receivable!).toBe(70_000_000);
    expect(after.payable! - before.payable!).toBe(-45_000_000);
    expect(after.margin! - before.margin!).toBe(-25_000_000);
  });

  it("hides the number and is nobody's repeat", async () => {
    const at = world.at + 50 * DAY;
    for (const [i, id] of ["hidden-1", "hidden-2"].entries()) {
      await ring(id, "anonymous", at + i * DAY);
      await end(id, at + i * DAY + 120 * SECOND, 110);
      expect(await callOf(id)).toMatchObject({ payout_status: "qualified", is_duplicate: 0 });
    }
  });

  it("is paid once when a first call turns out to have begun after the second", async () => {
    const at = world.at + 60 * DAY;
    const parties = { from: "+14155550147", to: STATIC };
    // Its end is reported before anybody asked what to do with it.
    await world.json(`${hook()}/status`, {
      now: at,
      json: { call_id: "moved-1", ...parties, status: "completed", duration_s: 100 },
    });
    const { id } = (await world.d1
      .prepare("SELECT id FROM calls WHERE provider_call_id = 'moved-1'")
      .first<{ id: string }>()) ?? { id: "" };
    await world.json(`${hook()}/dial/${id}`, {
      now: at + SECOND,
      json: { call_id: "moved-1", target: DESTINATION, status: "completed", connected_s: 95 },
    });
    await ring("moved-2", parties.from, at + MINUTE);
    await end("moved-2", at + 5 * MINUTE, 110);
    expect(await callOf("moved-1")).toMatchObject({ revenue_status: "qualified" });
    expect(await callOf("moved-2")).toMatchObject({ revenue_status: "rejected", is_duplicate: 1 });

    await ring("moved-1", parties.from, at + 10 * MINUTE);
    await world.json("/__local/scheduled", { method: "POST", now: at + 11 * MINUTE });
    expect(await callOf("moved-1")).toMatchObject({ revenue_status: "reversed", is_duplicate: 1 });
    expect(await callOf("moved-2")).toMatchObject({ revenue_status: "qualified", is_duplicate: 0 });
  });
});
