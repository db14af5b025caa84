import { afterAll, beforeAll, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import type { Statement, StatementPayment } from "../../shared/api/statements.ts";
import { MINUTE_MS, SECOND_MS } from "../../shared/instant.ts";
import { look } from "../support/clicks.ts";
import { type Inventory, PAGE_ORIGIN, stockUp } from "../support/inventory.ts";
import { balancesOf, callNamed, ledgerOf, placeCall } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let stock: Inventory;
const publishers: { id: string; key: string; site_key: string }[] = [];

beforeAll(async () => {
  world = await startWorld();
  // One number that every visitor in turn is shown, so that nobody can say whose visitor called it.
  stock = await stockUp(world, {
    own_pool: false,
    numbers: 1,
    pool: { lease_ttl_s: 60, cooldown_s: 0 },
    campaign: { uncertain_payout: "split" },
  });
  for (const [name, payout_micros] of [
    ["Fernhill", 40_000_000],
    ["Bluegate", 20_000_000],
  ] as const) {
    const { id } = await world.json<{ id: string }>("/api/v1/publishers", { json: { name } });
    await world.json(`/api/v1/campaigns/${stock.campaign_id}/enrollments`, {
      json: { publisher_id: id, status: "approved", payout_micros },
    });
    const site = await world.json<{ key: string }>("/api/v1/sites", {
      json: {
        campaign_id: stock.campaign_id,
        pool_id: stock.pool_id,
        publisher_id: id,
        origins: [PAGE_ORIGIN],
        swap_numbers: ["+14155550132"],
      },
    });
    const { key } = await world.json<{ key: string }>("/api/v1/api-keys", {
      json: { name, role: "admin", organization_id: id },
    });
    publishers.push({ id, key, site_key: site.key });
  }
});
afterAll(() => world?.stop());

it("shares an uncertain payout, each publisher seeing and being paid its own part", async () => {
  const { at } = world;
  const [first, second] = publishers;
  if (!first || !second) throw new Error("two publishers");
  const { number } = await look(world, first, at, { visitor: "anna" });
  const again = await look(world, second, at + 61 * SECOND_MS, { visitor: "bert" });
  expect(again.number).toBe(number);
  await placeCall(world, stock.sandbox_account_id, {
    call_id: "split-1",
    to: number,
    at: at + 4 * MINUTE_MS,
  });
  const now = at + 20 * MINUTE_MS;
  const call = await callNamed(world, "split-1", now);
  expect(call.publisher_id).toBeNull();
  expect(call.revenue).toMatchObject({ status: "qualified", revenue_micros: 70_000_000 });
  const shares = call.payout?.shares ?? [];
  expect(shares.map(({ publisher_id }) => publisher_id).sort()).toEqual([first.id, second.id].sort());
  const rates = new Map([
    [first.id, 40_000_000],
    [second.id, 20_000_000],
  ]);
  for (const { publisher_id, part, payout_micros } of shares) {
    expect(payout_micros).toBe(Math.floor((rates.get(publisher_id) ?? 0) * part + 1e-6));
  }
  expect(shares.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(1, 9);

  const balances = balancesOf(await ledgerOf(world, `call_id=${call.id}`, now));
  for (const { publisher_id, payout_micros } of shares) {
    expect(balances[`payable ${publisher_id}`]).toBe(-payout_micros);
  }
  expect(Object.values(balances).reduce((sum, amount) => sum + amount, 0)).toBe(0);

  for (const { id, key } of publishers) {
    const own = await world.json<Call>(`/api/v1/calls/${call.id}`, { now, key });
    const part = shares.find(({ publisher_id }) => publisher_id === id);
    expect(own.payout).toMatchObject({ status: "qualified", payout_micros: part?.payout_micros });
    const other = publishers.find((one) => one.id !== id);
    expect(JSON.stringify(own)).not.toContain(other?.id);
    const path = `/api/v1/statements?period=2026-11&organization_id=${id}`;
    expect((await world.json<Statement>(path, { now })).total_micros).toBe(part?.payout_micros);
  }

  const pay = (organization_id: string) =>
    world.json<StatementPayment>("/api/v1/statements/payments", {
      now,
      json: { organization_id, period: "2026-11" },
    });
  const payoutLater = async () => {
    await world.json("/__local/scheduled", { method: "POST", now: now + MINUTE_MS });
    return (await callNamed(world, "split-1", now + MINUTE_MS)).payout;
  };
  expect(await pay(first.id)).toMatchObject({ paid_calls: 1, remaining: 0 });
  expect((await payoutLater())?.status).toBe("qualified");
  expect(await pay(first.id)).toMatchObject({ paid_calls: 0, remaining: 0 });
  expect(await pay(second.id)).toMatchObject({ paid_calls: 1, remaining: 0 });
  expect((await payoutLater())?.status).toBe("paid");
});
