import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HOUR_MS } from "../../shared/instant.ts";
import { type Inventory, PAGE_ORIGIN, stockUp } from "../support/inventory.ts";
import { placeCall, visit } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";

const BROWSER = "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0";
type CallRow = { attribution: { method: string }; to: string };

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

describe("a pool over several objects", () => {
  const leaseOf = async (stock: Inventory, visitor: string, now: number) =>
    world.json<{ lease: string | null; swaps: { replace: string }[]; reason?: string }>("/v1/leases", {
      key: null,
      as_text: JSON.stringify({ site: stock.site_key, url: `${PAGE_ORIGIN}/`, referrer: "", visitor }),
      headers: { origin: PAGE_ORIGIN, "user-agent": BROWSER },
      now,
    });
  const renewal = async (lease: string | null, now: number) =>
    (
      await world.ask(`/v1/leases/${lease}/renew`, {
        key: null,
        as_text: "{}",
        headers: { origin: PAGE_ORIGIN, "user-agent": BROWSER },
        now,
      })
    ).status;
  const heldBy = async (pool_id: string, now: number) =>
    (await world.json<{ data: object[] }>(`/api/v1/sessions?pool_id=${pool_id}&limit=200`, { now })).data
      .length;

  it("lends every number once, whoever leads it, and finds the visit behind each call", async () => {
    const stock = await stockUp(world, { prefix: "+1707555", numbers: 6, pool: { objects: 3 } });
    const now = world.at + 30 * HOUR_MS;
    const leases = await Promise.all(Array.from({ length: 6 }, (_, i) => leaseOf(stock, `split-${i}`, now)));
    expect(new Set(leases.map(({ swaps }) => swaps[0]?.replace))).toEqual(new Set(stock.pool_numbers));
    expect(await leaseOf(stock, "split-late", now)).toMatchObject({ lease: null, reason: "pool_empty" });
    expect(await Promise.all(leases.map(({ lease }) => renewal(lease, now + 60_000)))).toEqual(
      Array(6).fill(200),
    );
    for (const [i, { swaps }] of leases.entries()) {
      const told = { call_id: `split-${i}`, to: swaps[0]?.replace ?? "", at: now + 120_000 + i * 1_000 };
      await placeCall(world, stock.sandbox_account_id, told);
    }
    const { data } = await world.json<{ data: CallRow[] }>(`/api/v1/calls?campaign_id=${stock.campaign_id}`, {
      now: now + HOUR_MS,
    });
    expect(data.map(({ attribution }) => attribution.method)).toEqual(Array(6).fill("lease"));
    expect(await heldBy(stock.pool_id, now + HOUR_MS)).toBe(6);
    const { numbers } = await world.json<{ numbers: number }>(
      `/api/v1/pools/${stock.pool_id}/health?part=now`,
    );
    expect(numbers).toBe(6);
  });

  it("finds the first visit's call, too, whichever objects were asked before", async () => {
    const stock = await stockUp(world, { prefix: "+1916555", numbers: 0 });
    const { campaign_id, publisher_id } = stock;
    const now = world.at + 35 * HOUR_MS;
    for (let i = 0; i < 5; i++) {
      const pool = { campaign_id, publisher_id, name: `Split ${i}`, objects: 4 };
      const { id: pool_id } = await world.json<{ id: string }>("/api/v1/pools", { json: pool });
      const e164 = [`+1916555${String(9_000 + i)}`];
      const number = { telephony_account_id: stock.sandbox_account_id, e164, pool_id };
      await world.json("/api/v1/numbers", { json: number });
      const places = { origins: [PAGE_ORIGIN], swap_numbers: ["+14155550132"] };
      const site = { campaign_id, publisher_id, pool_id, ...places };
      const { key: site_key } = await world.json<{ key: string }>("/api/v1/sites", { json: site });
      const to = await visit(world, { ...stock, site_key }, now + i * 1_000);
      await placeCall(world, stock.sandbox_account_id, { call_id: `first-${i}`, to, at: now + 60_000 + i });
    }
    const { data } = await world.json<{ data: CallRow[] }>(`/api/v1/calls?campaign_id=${campaign_id}`, {
      now: now + HOUR_MS,
    });
    expect(data.map(({ attribution }) => attribution.method)).toEqual(Array(5).fill("lease"));
  });

  it("lets leases run out when it is split, lends nothing twice, and still knows who was shown what", async () => {
    const hold_ms = (300 + 60) * 1_000;
    const pool = { lease_ttl_s: 300, cooldown_s: 60 };
    const stock = await stockUp(world, { prefix: "+1805555", numbers: 4, pool });
    const now = world.at + 40 * HOUR_MS;
    const before = await Promise.all([0, 1].map((i) => leaseOf(stock, `old-${i}`, now)));
    const split_at = now + 60_000;
    await world.json(`/api/v1/pools/${stock.pool_id}`, {
      method: "PATCH",
      json: { objects: 2 },
      now: split_at,
    });

    // Settings are cached for five seconds; whoever comes after them finds two objects with two numbers each.
    const later = split_at + 6_000;
    const held = await Promise.all(before.map(({ lease }) => renewal(lease, later)));
    expect(held.sort()).toEqual([200, 410]);
    const meanwhile = await Promise.all([0, 1, 2].map((i) => leaseOf(stock, `new-${i}`, later)));
    const lent = meanwhile.flatMap(({ swaps }) => swaps.map(({ replace }) => replace));
    expect(lent).toHaveLength(1);
    expect(before.map(({ swaps }) => swaps[0]?.replace)).not.toContain(lent[0]);

    for (const [i, { swaps }] of before.entries()) {
      const told = { call_id: `reshard-${i}`, to: swaps[0]?.replace ?? "", at: later + 10_000 + i * 1_000 };
      await placeCall(world, stock.sandbox_account_id, told);
    }
    const { data } = await world.json<{ data: CallRow[] }>(`/api/v1/calls?campaign_id=${stock.campaign_id}`, {
      now: later + HOUR_MS,
    });
    expect(data.map(({ attribution }) => attribution.method)).toEqual(["lease", "lease"]);

    const settled = split_at + hold_ms + 20_000 + hold_ms;
    const after = await Promise.all([0, 1, 2, 3].map((i) => leaseOf(stock, `settled-${i}`, settled)));
    expect(new Set(after.map(({ swaps }) => swaps[0]?.replace))).toEqual(new Set(stock.pool_numbers));
    // D1 refuses sessions that overlap: all of them are there.
    expect(await heldBy(stock.pool_id, settled + HOUR_MS)).toBe(2 + 1 + 4);
  });
});
