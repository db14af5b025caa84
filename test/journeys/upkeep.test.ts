import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type UpkeepReport, upkeep } from "../../edge/journeys/upkeep.ts";
import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { balancesOf, callNamed, ledgerOf, placeCall, reportsOf } from "../support/phone.ts";
import { whileStuck } from "../support/stuck.ts";
import { startWorld, type World } from "../support/world.ts";
import { inProcess } from "./in-process.ts";

const DAY_MS = 24 * HOUR_MS;
const HOLD_S = 3_600;
const NUMBER = "+16285550900";

let world: World;
let stock: Inventory;

beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world, { terms: { dedupe_window_s: 60, payout: { hold_s: HOLD_S } } });
  const { sandbox_account_id: telephony_account_id, campaign_id, publisher_id } = stock;
  await world.json("/api/v1/numbers", {
    json: { telephony_account_id, e164: [NUMBER], campaign_id, publisher_id },
  });
});
afterAll(() => world?.stop());
beforeEach(() => {
  world.at += 2 * DAY_MS;
});

const tick = (now: number) => world.json<UpkeepReport>("/__local/scheduled", { method: "POST", now });
const count = async (sql: string) => (await world.d1.prepare(sql).first<{ n: number }>())?.n ?? 0;

/** A call that is over by the provider's word, but of its leg nothing is said. Answers how that is told after all. */
async function withoutReport(call_id: string, at: number) {
  const told = { call_id, to: NUMBER, at, duration_s: 100 };
  const [ring, answered, completed] = reportsOf(world, stock.sandbox_account_id, told);
  await ring?.();
  await answered?.();
  await world.d1
    .prepare("UPDATE calls SET ended_at = ?, status = 'completed' WHERE provider_call_id = ?")
    .bind(at + 100_000, call_id)
    .run();
  return completed;
}

describe("a hold", () => {
  it("ends by the clock and not a millisecond sooner; what was earned is booked from the start", async () => {
    const { at } = world;
    await placeCall(world, stock.sandbox_account_id, { call_id: "held-1", to: NUMBER, at, duration_s: 100 });
    const ended_at = at + 100_000;
    const over_at = ended_at + HOLD_S * 1_000;
    const transactions = () => count("SELECT count(*) AS n FROM ledger_transactions");

    await tick(over_at - 1);
    const held = await callNamed(world, "held-1", over_at - 1);
    expect(held.revenue?.status).toBe("qualified");
    expect(held.payout).toMatchObject({ status: "held", payout_micros: 45_000_000 });
    const booked = await ledgerOf(world, `call_id=${held.id}`, over_at);
    expect(new Set(booked.map(({ kind }) => kind))).toEqual(new Set(["charge", "payout"]));
    const before = await transactions();

    await tick(over_at);
    expect((await callNamed(world, "held-1", over_at)).payout?.status).toBe("qualified");
    expect((await tick(over_at + MINUTE_MS)).reviewed).toBe(0);
    expect(await transactions()).toBe(before);
  });
});

describe("a missing report of the dialled leg", () => {
  it("leaves both verdicts pending, marks the call after ten minutes, and books nothing until it comes", async () => {
    const { at } = world;
    const completed = await withoutReport("missing-1", at);
    const due_at = at + 100_000 + 10 * MINUTE_MS;
    expect((await callNamed(world, "missing-1", due_at - 1)).leg_report_missing).toBe(false);
    await tick(due_at);
    const call = await callNamed(world, "missing-1", due_at);
    expect(call).toMatchObject({
      leg_report_missing: true,
      publisher_id: stock.publisher_id,
      attribution: { method: "static_number" },
      revenue: { status: "pending" },
      payout: { status: "pending" },
    });
    expect(await ledgerOf(world, `call_id=${call.id}`, due_at)).toEqual([]);
    expect((await tick(due_at + MINUTE_MS)).judged).toBe(0);

    await completed?.();
    expect((await callNamed(world, "missing-1", due_at)).revenue?.status).toBe("qualified");
  });
});

describe("a call whose end was lost", () => {
  it("is closed after four hours without booking anything, and a late report outranks that", async () => {
    const { at } = world;
    const told = { call_id: "lost-1", to: NUMBER, at };
    const [ring, , completed] = reportsOf(world, stock.sandbox_account_id, told);
    await ring?.();
    expect((await tick(at + 4 * HOUR_MS - 1)).closed).toBe(0);
    expect((await tick(at + 4 * HOUR_MS)).closed).toBe(1);
    const now = at + 5 * HOUR_MS;
    const closed = await callNamed(world, "lost-1", now);
    expect(closed).toMatchObject({
      status: "failed",
      leg_report_missing: true,
      revenue: { status: "pending" },
    });
    expect((await tick(now)).closed).toBe(0);

    await completed?.();
    const call = await callNamed(world, "lost-1", now);
    expect(call).toMatchObject({ status: "completed", connected_s: 95, revenue: { status: "qualified" } });
    expect(balancesOf(await ledgerOf(world, `call_id=${call.id}`, now))).toHaveProperty(
      `receivable ${stock.advertiser_id}`,
      70_000_000,
    );
  });
});

describe("answers kept for repetition", () => {
  it("are forgotten after a day", async () => {
    const { at } = world;
    const make = (now: number) =>
      world.json<{ id: string }>("/api/v1/advertisers", {
        now,
        headers: { "idempotency-key": "once" },
        json: { name: "Once Inc." },
      });
    const first = await make(at);
    const kept = "SELECT count(*) AS n FROM idempotency_keys WHERE key = 'once'";
    await tick(at + DAY_MS - 1);
    expect((await make(at + DAY_MS - 1)).id).toBe(first.id);
    expect(await count(kept)).toBe(1);
    await tick(at + DAY_MS);
    expect(await count(kept)).toBe(0);
  });
});

describe("more calls marked than a run takes on", () => {
  it("keep none from its first judgement, and are judged by the runs that follow", async () => {
    const { at } = world;
    for (let i = 0; i < 9; i++) {
      const call = { call_id: `many-${i}`, to: NUMBER, at: at + i, from: `+1415555${1_000 + i}` };
      await placeCall(world, stock.sandbox_account_id, call);
    }
    world.at = at + 4 * HOUR_MS;
    // Their holds end, and as an import of many outcomes does, all are marked before the call that waits.
    await tick(world.at);
    await world.d1
      .prepare("UPDATE calls SET held_until = ?, marks = marks + 1 WHERE provider_call_id LIKE 'many-_'")
      .bind(at)
      .run();
    await withoutReport("waits-1", at + 3 * HOUR_MS);
    const { services } = await inProcess({ world });
    const run = async () => {
      const { reviewed, judged, failed } = await upkeep(services(), 8);
      return { reviewed, judged, failed };
    };
    expect(await run()).toEqual({ reviewed: 6, judged: 1, failed: [] });
    expect(await run()).toEqual({ reviewed: 3, judged: 0, failed: [] });
    expect(await run()).toEqual({ reviewed: 0, judged: 0, failed: [] });
  });
});

describe("a step that fails", () => {
  it("stops no other and is reported, and the next run does what was left", async () => {
    const { at } = world;
    await placeCall(world, stock.sandbox_account_id, { call_id: "step-1", to: NUMBER, at });
    const over_at = at + 2 * HOUR_MS;
    await world.fault("throw");
    const failed = await tick(over_at);
    await world.fault("none");
    expect(failed.failed).not.toEqual([]);
    expect((await callNamed(world, "step-1", over_at)).payout?.status).toBe("held");

    // One call whose judgement cannot be written stands in nobody's way.
    await placeCall(world, stock.sandbox_account_id, {
      call_id: "step-2",
      to: NUMBER,
      at: at + 5 * MINUTE_MS,
      from: "+14155550178",
    });
    await world.d1.exec(
      "CREATE TRIGGER stuck BEFORE INSERT ON verdicts WHEN NEW.call_id = (SELECT id FROM calls WHERE provider_call_id = 'step-1') BEGIN SELECT RAISE(ABORT, 'stuck'); END",
    );
    const stuck = await tick(over_at);
    await world.d1.exec("DROP TRIGGER stuck");
    expect(stuck.failed).toHaveLength(1);
    expect((await callNamed(world, "step-2", over_at)).payout?.status).toBe("qualified");
    expect((await callNamed(world, "step-1", over_at)).payout?.status).toBe("held");
    await tick(over_at);
    expect((await callNamed(world, "step-1", over_at)).payout?.status).toBe("qualified");
  });
});

describe("a call whose first judgement failed after its last report was stored", () => {
  it("is judged by the next run, though its provider never reports again", async () => {
    const { at } = world;
    const told = { call_id: "once-1", to: NUMBER, at, from: "+14155550179" };
    const [ring, answered, completed] = reportsOf(world, stock.sandbox_account_id, told);
    await ring?.();
    await answered?.();
    const refused = await whileStuck(world, "verdicts", told.call_id, async () =>
      completed?.().then(
        () => false,
        () => true,
      ),
    );
    expect(refused).toBe(true);
    await tick(at + 15 * MINUTE_MS);
    expect(await callNamed(world, told.call_id, at + 15 * MINUTE_MS)).toMatchObject({
      leg_report_missing: false,
      revenue: { status: "qualified" },
      attribution: { method: "static_number" },
    });
  });
});

describe("two runs at once", () => {
  it("book a hold's end once", async () => {
    const { at } = world;
    await placeCall(world, stock.sandbox_account_id, { call_id: "both-1", to: NUMBER, at });
    const over_at = at + 2 * HOUR_MS;
    const [a, b] = await Promise.all([tick(over_at), tick(over_at)]);
    expect([a?.failed, b?.failed]).toEqual([[], []]);
    const call = await callNamed(world, "both-1", over_at);
    expect(balancesOf(await ledgerOf(world, `call_id=${call.id}`, over_at))).toMatchObject({
      [`payable ${stock.publisher_id}`]: -45_000_000,
    });
  });
});
