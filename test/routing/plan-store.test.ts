import type { D1Database, KVNamespace } from "@cloudflare/workers-types";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Db, openDb, write } from "../../edge/platform/db.ts";
import type { Slot } from "../../edge/routing/model/slots.ts";
import {
  forgetPlans,
  keptAccount,
  keptPlan,
  repairPlans,
  writeAccount,
  writePlansOfCampaign,
  writePlansOfNumbers,
} from "../../edge/routing/plan-store.ts";
import { takeSlots, usageOfCampaigns } from "../../edge/routing/slots-store.ts";
import { readPlanAt } from "../../edge/routing/store.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let stock: Inventory;
let db: Db;
let kv: KVNamespace;
beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world, { numbers: 3 });
  db = openDb(world.d1 as unknown as D1Database);
  kv = (await world.miniflare.getKVNamespace("PLANS")) as unknown as KVNamespace;
});
afterAll(() => world?.stop());
beforeEach(() => {
  world.at += 60_000;
  forgetPlans();
});

const number = () => stock.pool_numbers[0]!;
const kept = () => keptPlan(kv, stock.sandbox_account_id, number());
const read = (at = world.at) => readPlanAt(db, stock.sandbox_account_id, number(), at);
async function numberKeys(): Promise<number[]> {
  const { results } = await world.d1.prepare("SELECT key FROM numbers ORDER BY key").all<{ key: number }>();
  return results.map((row) => row.key);
}
async function clear() {
  const { keys } = await kv.list();
  for (const { name } of keys) await kv.delete(name);
}

describe("a number's plan", () => {
  it("is what inventory and campaigns say, copied as soon as the API has made it", async () => {
    const plan = await read();
    expect(plan).toMatchObject({
      account_id: stock.sandbox_account_id,
      network_id: world.network_id,
      number: { e164: number(), label: null },
      assignment: { campaign_id: stock.campaign_id, publisher_id: stock.publisher_id, to_at: null },
      campaign: {
        id: stock.campaign_id,
        advertiser_id: stock.advertiser_id,
        destination_number: stock.destination_number,
        currency: "USD",
      },
      pool: { pool_id: stock.pool_id, lease_ttl_s: 1_800, cooldown_s: 900 },
    });
    expect(await kept()).toEqual(plan);
  });

  it("follows every change made through the API", async () => {
    await world.json(`/api/v1/campaigns/${stock.campaign_id}`, {
      method: "PATCH",
      json: { destination_number: "+14155550188", test_callers: ["+14155550111"] },
    });
    expect((await kept())?.campaign).toMatchObject({
      destination_number: "+14155550188",
      test_callers: ["+14155550111"],
    });
    await world.json(`/api/v1/pools/${stock.pool_id}`, { method: "PATCH", json: { cooldown_s: 60 } });
    expect((await kept())?.pool?.cooldown_s).toBe(60);
    expect(await kept()).toEqual(await read());
  });

  it("is that of the assignment in force at the moment asked for", async () => {
    const before = await read();
    expect(await read((before?.assignment.from_at ?? 0) - 1)).toBeNull();
    expect(await readPlanAt(db, "tel_of_somebody_else", number(), world.at)).toBeNull();
  });

  it("carries targets, gates and its publisher's enrollment, and follows what is changed of them", async () => {
    const { campaign_id, publisher_id } = stock;
    const api = <T = { id: string }>(path: string, json: object, method = "POST") =>
      world.json<T>(`/api/v1${path}`, { method, json });
    const group = await api("/target-groups", { campaign_id, name: "Desk", daily_cap: 9 });
    const target = await api("/targets", {
      campaign_id,
      number: "+14155550501",
      group_id: group.id,
      daily_cap: 4,
    });
    await api(`/campaigns/${campaign_id}/enrollments`, { publisher_id, status: "approved", monthly_cap: 30 });
    await api(`/campaigns/${campaign_id}/routing`, { early_drop_s: 12 }, "PATCH");
    const plan = await kept();
    expect(plan).toEqual(await read());
    expect(plan?.campaign).toMatchObject({
      targets: [
        { id: target.id, group_id: group.id, number: "+14155550501", caps: { daily: 4, hourly: null } },
      ],
      groups: [{ id: group.id, ringing: "sequential", caps: { daily: 9 } }],
      routing: { early_drop_s: 12, sticky: true },
      terms: [{ version: 1, common: { daily_cap: null, hours: null } }],
    });
    expect(plan?.enrollment?.versions).toMatchObject([
      { version: 2, gates: { monthly_cap: 30 } },
      { version: 1, gates: { monthly_cap: null } },
    ]);
    for (const [path, json, method] of [
      [`/targets/${target.id}`, { weight: 7 }, "PATCH"],
      [`/target-groups/${group.id}`, { ringing: "simultaneous" }, "PATCH"],
      [`/targets/${target.id}/pause`, { reason: "lunch" }, "POST"],
      [`/enrollments/${plan?.enrollment?.id}/pause`, { reason: "review" }, "POST"],
      [`/target-groups/${group.id}`, {}, "DELETE"],
      [`/targets/${target.id}`, {}, "DELETE"],
    ] as const) {
      const before = await kept();
      await api(path, json, method);
      expect([path, await kept()]).not.toEqual([path, before]);
      expect(await kept()).toEqual(await read());
    }
  });

  it("says nothing when a part of it is missing", async () => {
    await kv.delete(`campaign/${stock.campaign_id}`);
    expect(await kept()).toBeNull();
    await writePlansOfCampaign(db, kv, world.network_id, stock.campaign_id);
    expect(await kept()).toEqual(await read());
  });

  it("of another version of the Worker is as good as none", async () => {
    const key = `plan/${stock.sandbox_account_id}/${number()}`;
    await kv.put(key, JSON.stringify({ format: 0, value: { anything: true } }));
    expect(await kept()).toBeNull();
    await writePlansOfNumbers(db, kv, await numberKeys());
    expect(await kept()).toEqual(await read());
  });
});

describe("an account's copy", () => {
  it("holds its secrets sealed only", async () => {
    const copy = await keptAccount(kv, stock.sandbox_account_id);
    expect(copy).toMatchObject({ provider: "sandbox", network_id: world.network_id });
    expect(copy?.auth_token_sealed).toMatch(/^1\./);
    expect(await kv.get(`account/${stock.sandbox_account_id}`)).not.toContain("sandbox-needs-no-signature");
  });

  it("is dropped when the account is retired", async () => {
    const account = await world.json<{ id: string }>("/api/v1/telephony-accounts", {
      json: { provider: "twilio", name: "Short-lived", account_sid: "AC9", auth_token: "f".repeat(32) },
    });
    expect(await keptAccount(kv, account.id)).not.toBeNull();
    await world.d1
      .prepare("UPDATE telephony_accounts SET retired_at = 1 WHERE id = ?")
      .bind(account.id)
      .run();
    await writeAccount(db, kv, account.id);
    expect(await keptAccount(kv, account.id)).toBeNull();
  });
});

describe("slots of a call whose beginning is made up for", () => {
  const slot = (kind: Slot["kind"], scope_id: string): Slot => ({
    kind,
    scope_id,
    campaign_id: stock.campaign_id,
    taken_at: world.at,
    hour_at: world.at,
    day: "2026-11-21",
    month: "2026-11",
    caps: null,
  });
  const used = async (scope_id: string) => {
    const row = (await usageOfCampaigns(db, [stock.campaign_id])).get(scope_id);
    return [row?.day_used, row?.open_used];
  };

  it("are neither open nor kept when the call is over by then, and judged", async () => {
    const of = { network_id: world.network_id };
    const slots = [slot("campaign", "cmp_slots"), slot("target", "tgt_slots")];
    await write(db, ...takeSlots(db, { ...of, id: "cal_on" }, slots));
    expect([await used("cmp_slots"), await used("tgt_slots")]).toEqual([
      [1, 1],
      [1, 1],
    ]);
    const over = { ...of, id: "cal_over", ended_at: world.at, revenue_status: "rejected" };
    for (let i = 0; i < 2; i++) await write(db, ...takeSlots(db, over, slots));
    expect([await used("cmp_slots"), await used("tgt_slots")]).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });
});

describe("repair", () => {
  it("writes what is missing and what differs, and nothing else", async () => {
    const whole = await read();
    await clear();
    const first = await repairPlans(db, kv, world.network_id);
    expect(first.rewritten).toBe(first.checked);
    expect(await kept()).toEqual(whole);
    expect(await keptAccount(kv, stock.sandbox_account_id)).not.toBeNull();
    expect((await repairPlans(db, kv, world.network_id)).rewritten).toBe(0);
    await kv.put(`plan/${stock.sandbox_account_id}/${number()}`, "{}");
    expect((await repairPlans(db, kv, world.network_id)).rewritten).toBe(1);
    expect(await kept()).toEqual(whole);
  });
});

describe("a number out of use", () => {
  it("has no plan and no copy any more", async () => {
    const { data } = await world.json<{ data: { id: string; e164: string }[] }>("/api/v1/numbers");
    const gone = data.find((row) => row.e164 === number());
    await world.json(`/api/v1/numbers/${gone?.id}`, { method: "DELETE" });
    world.at += 1_000;
    expect(await read()).toBeNull();
    expect(await kept()).toBeNull();
  });
});
