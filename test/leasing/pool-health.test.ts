import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { erlangB } from "../../edge/leasing/model/erlang.ts";
import type { Pool } from "../../shared/api/inventory.ts";
import type { PoolHealth } from "../../shared/api/pool-health.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { startWorld, type World } from "../support/world.ts";
import { visitorsOf } from "./visitors.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const { stock, lease, blocked } = visitorsOf(() => world);

const healthOf = (pool_id: string, now: number) =>
  world.json<PoolHealth>(`/api/v1/pools/${pool_id}/health`, { now });
const tick = (now: number) => world.json("/__local/scheduled", { method: "POST", now });
const TTL_S = 600;
const LEASE = { pool: { lease_ttl_s: TTL_S, cooldown_s: 0 } };

describe("a pool's health", () => {
  it("counts visitors, not page views or clicks, and those who found none", async () => {
    const own = await stock({ numbers: 2, ...LEASE });
    const at = world.at + HOUR_MS;
    await lease(own, { visitor: "ann", url: "https://plumber.example/?utm_source=a" }, { now: at });
    await lease(own, { visitor: "bob" }, { now: at + MINUTE_MS });
    // The same visitor by another click: another session on the same number, no other visitor.
    await lease(
      own,
      { visitor: "ann", url: "https://plumber.example/?utm_source=b" },
      { now: at + 2 * MINUTE_MS },
    );
    for (const visitor of ["cat", "cat", "dan"]) await blocked(own, { visitor }, { now: at + 3 * MINUTE_MS });
    const now = at + 30 * MINUTE_MS;
    await expect.poll(async () => (await healthOf(own.pool_id, now)).measured?.refused).toBe(2);
    const { measured, ...stands } = await healthOf(own.pool_id, now);
    expect(stands).toMatchObject({ numbers: 2, free: 2, leased: 0, cooling: 0, alerts: [] });
    const leased_s = 2 * 60 + TTL_S + TTL_S;
    const load = (4 * (leased_s / 2)) / 3600;
    expect(measured).toMatchObject({
      arrivals: 2,
      refused: 2,
      without_number: 0.5,
      arrivals_last_hour: 2,
      mean_lease_s: leased_s / 2,
      mean_hold_s: leased_s / 2,
      busiest_hour_at: at,
      calls_to_free_numbers: 0,
      joined: { calls: 0, wrong_share: null },
    });
    expect(measured?.offered_erlangs.busiest_hour).toBeCloseTo(load, 9);
    expect(measured?.erlang_b.busiest_hour).toBeCloseTo(erlangB(load, 2), 9);
    expect(measured?.hours).toHaveLength(1);
    expect(measured?.hours[0]?.leased).toBeCloseTo(leased_s / (30 * 60), 9);
    expect(measured?.cooldown.advised_s).toBeNull();
  });

  it("splits a lease over the hours it was held in", async () => {
    const own = await stock({ numbers: 1, pool: { lease_ttl_s: 7200, cooldown_s: 900 } });
    const at = world.at + HOUR_MS + 45 * MINUTE_MS;
    await lease(own, { visitor: "ann" }, { now: at });
    const { measured } = await healthOf(own.pool_id, at + 6 * HOUR_MS);
    expect(measured?.hours.map(({ hour_at, leased }) => [hour_at - world.at, leased])).toEqual([
      [HOUR_MS, 0.25],
      [2 * HOUR_MS, 1],
      [3 * HOUR_MS, 0.75],
    ]);
    expect(measured?.mean_hold_s).toBe(7200 + 900);
  });

  it("is the same from counted hours as from the sessions, and reads only the pool's own", async () => {
    const own = await stock({ numbers: 3, ...LEASE });
    const beside = await stock({ numbers: 3, ...LEASE });
    const at = world.at + 2 * HOUR_MS;
    for (let i = 0; i < 9; i += 1) {
      await lease(i % 3 === 0 ? beside : own, { visitor: `v${i}` }, { now: at + i * 25 * MINUTE_MS });
    }
    const now = at + 12 * HOUR_MS;
    const live = await healthOf(own.pool_id, now);
    await tick(now);
    const rows = await world.d1
      .prepare("SELECT sum(arrivals) AS arrivals FROM pool_hours WHERE pool_id = ?")
      .bind(own.pool_id)
      .first("arrivals");
    expect(rows).toBe(6);
    expect((await healthOf(own.pool_id, now)).measured).toEqual(live.measured);
    await tick(now);
    expect((await healthOf(own.pool_id, now)).measured).toEqual(live.measured);
  });

  it("leaves out what was measured when only the present is asked for, and rents for a publisher", async () => {
    const own = await stock({ numbers: 1, pool: { number_rent_micros: 1_150_000 } });
    expect(await world.json(`/api/v1/pools/${own.pool_id}/health?part=now`)).not.toHaveProperty("measured");
    const pool = await world.json<Pool>(`/api/v1/pools/${own.pool_id}`);
    expect(pool.number_rent_micros).toBe(1_150_000);
    const { key } = await world.json<{ key: string }>("/api/v1/api-keys", {
      json: { name: "Theirs", role: "viewer", organization_id: own.publisher_id },
    });
    const theirs = await world.json<PoolHealth>(`/api/v1/pools/${own.pool_id}/health`, { key });
    expect(theirs.measured?.next_number).toEqual({ visitors_a_month: null });
    expect(await world.json(`/api/v1/pools/${own.pool_id}`, { key })).not.toHaveProperty(
      "number_rent_micros",
    );
  });
});

describe("a cool-down that follows the load", () => {
  /** So many visitors an hour for a day, written as the pool's object would have flushed them. */
  async function play(pool_id: string, per_h: number, from: number): Promise<void> {
    await world.d1
      .prepare(
        `INSERT INTO pool_hours SELECT ?1, ?2 + value * 3600000, ?3, ?4, 0, ?4 * 600000, ?4 * 600000
         FROM json_each(?5)`,
      )
      .bind(pool_id, from, world.network_id, per_h, JSON.stringify(Array.from({ length: 24 }, (_, i) => i)))
      .run();
    await world.d1
      .prepare("INSERT OR REPLACE INTO pool_hours_counted (network_id, counted_to) VALUES (?, ?)")
      .bind(world.network_id, from + DAY_MS)
      .run();
  }
  const patch = (pool_id: string, json: object, now: number) =>
    world.json<Pool>(`/api/v1/pools/${pool_id}`, { method: "PATCH", json, now });
  const cooldownOf = async (pool_id: string) =>
    (await world.json<Pool>(`/api/v1/pools/${pool_id}`)).cooldown_s;

  it("is set when its owner says so, changes when the load does, and stays when it is fixed again", async () => {
    const own = await stock({ numbers: 8, pool: { lease_ttl_s: TTL_S, cooldown_s: 300 } });
    const from = world.at + 2 * DAY_MS;
    await play(own.pool_id, 8, from);
    const now = from + DAY_MS;
    // 8 an hour for 10 and 25 min on 8 numbers: 1.33 and 3.33 erlangs, of which 0.01 % and 1.6 % find none.
    const { measured } = await healthOf(own.pool_id, now);
    expect(measured?.cooldown.advised_s).toBe(0);
    expect(await cooldownOf(own.pool_id)).toBe(300);
    expect(await patch(own.pool_id, { cooldown_mode: "automatic" }, now)).toMatchObject({
      cooldown_mode: "automatic",
      cooldown_s: 0,
    });

    await play(own.pool_id, 5, now);
    await lease(own, { visitor: "late" }, { now: now + DAY_MS });
    // Asking flushes the pool: an hour is counted when its sessions are in D1.
    await healthOf(own.pool_id, now + DAY_MS);
    await tick(now + 7 * DAY_MS);
    // Only the quieter day is left in the last seven: 5 an hour for 25 and 40 min, of which 0.1 % and 1.6 % find none.
    expect(await cooldownOf(own.pool_id)).toBe(900);
    const audited = await world.d1
      .prepare("SELECT actor, detail FROM audit_log WHERE subject_id = ? ORDER BY at DESC LIMIT 1")
      .bind(own.pool_id)
      .first<{ actor: string; detail: string }>();
    expect(audited?.actor).toBe("upkeep");
    expect(await patch(own.pool_id, { cooldown_s: 60 }, now)).toMatchObject({
      cooldown_mode: "fixed",
      cooldown_s: 60,
    });
  });

  it("is looked after in every pool of a network that has many, run by run", async () => {
    const own = await stock({ numbers: 1, ...LEASE });
    const automatic = { campaign_id: own.campaign_id, cooldown_s: 300, cooldown_mode: "automatic" };
    const made: string[] = [];
    for (let i = 0; i < 21; i++) {
      const json = { ...automatic, name: `Pool ${i}` };
      made.push((await world.json<Pool>("/api/v1/pools", { json, now: world.at + i })).id);
    }
    const busy = made.at(-1) ?? "";
    const e164 = Array.from({ length: 8 }, (_, i) => `+1707555000${i}`);
    const json = { telephony_account_id: own.sandbox_account_id, e164, pool_id: busy };
    await world.json("/api/v1/numbers", { json });
    const from = world.at + 2 * DAY_MS;
    await play(busy, 8, from);
    await lease(own, { visitor: "ann" }, { now: from + DAY_MS });
    await healthOf(own.pool_id, from + DAY_MS);
    for (let run = 0; run < 2; run++) await tick(from + DAY_MS + 10 * HOUR_MS + run * MINUTE_MS);
    expect(await cooldownOf(busy)).toBe(0);
  });
});
