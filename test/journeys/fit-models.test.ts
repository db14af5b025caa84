import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decide } from "../../edge/attribution/decide.ts";
import { CAREFUL_START, type Parameters } from "../../edge/attribution/model/parameters.ts";
import type { Inputs } from "../../edge/attribution/tables.ts";
import type { Attribution } from "../../shared/api/calls.ts";
import type { PoolModel } from "../../shared/api/pool-models.ts";
import type { Replay } from "../../shared/api/replays.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { callNamed, placeCall, visit } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";

/** A pool learns from its calls by night, over D1 and the clock. */

const HOUR = 3_600_000;
const CALLS = 50;

let world: World;
let stock: Inventory;
beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world, { numbers: 2 });
  for (let i = 0; i < CALLS; i++) {
    const at = world.at + (i + 1) * 600_000;
    const to =
      i % 10 === 0 ? await visit(world, stock, at - 60_000, `?n=${i}`) : (stock.pool_numbers[0] ?? "");
    await placeCall(world, stock.sandbox_account_id, {
      call_id: `SB-${i}`,
      to,
      at,
      from: `+1415555${2_000 + i}`,
    });
  }
});
afterAll(() => world.stop());

const upkeep = async (now: number) =>
  (await world.json<{ models_fitted: number }>("/__local/scheduled", { now, method: "POST" })).models_fitted;
const models = async (pool_id = stock.pool_id) =>
  (await world.json<{ data: PoolModel[] }>(`/api/v1/pools/${pool_id}/models`, { now: night() + 2 * HOUR }))
    .data;
/** The first three o'clock after the calls. */
const night = () =>
  Math.ceil((world.at + (CALLS + 1) * 600_000 - 3 * HOUR) / (24 * HOUR)) * 24 * HOUR + 3 * HOUR;

describe("a pool with fifty calls", () => {
  it("is fitted once a night, between three and five, and a later call is judged by it", async () => {
    expect(await upkeep(night() - 60_000)).toBe(0);
    // A run takes a while: a call rings and is judged after it began and before its model is there.
    const [ringing = ""] = stock.pool_numbers;
    await placeCall(world, stock.sandbox_account_id, {
      call_id: "SB-during",
      to: ringing,
      at: night() + 62_000,
      connected_s: 0,
      duration_s: 9,
    });
    expect(await upkeep(night() + 60_000)).toBe(1);
    expect(await upkeep(night() + 120_000)).toBe(0);

    const at = night() + HOUR;
    const to = await visit(world, stock, at - 60_000, "?n=after");
    await placeCall(world, stock.sandbox_account_id, { call_id: "SB-after", to, at });
    const after = await callNamed(world, "SB-after", at + HOUR);
    expect(after.attribution.model_version).toMatch(/^fit-[0-9a-f]{16}$/);
    const before = await callNamed(world, "SB-0", at + HOUR);
    expect(before.attribution.model_version).toBe(CAREFUL_START.version);
  });

  it("keeps the call that was judged while the fit was under way as it was judged", async () => {
    const from = night() + 60_000;
    const { version } = (await models())[0] ?? {};
    const during = await callNamed(world, "SB-during", from + HOUR);
    expect(during.attribution.model_version).toBe(CAREFUL_START.version);
    const json = { from, to: from + HOUR, apply: true };
    const { calls } = await world.json<Replay>("/api/v1/replays", { json, now: from + 2 * HOUR });
    expect(calls).toEqual([]);
    const after = await callNamed(world, "SB-during", from + 2 * HOUR);
    expect(after.attribution.model_version).toBe(CAREFUL_START.version);
    expect(version).toMatch(/^fit-/);
  });

  it("has stored all that gives the same attribution again, to the bit", async () => {
    const { results } = await world.d1
      .prepare(
        `SELECT a.attribution, a.inputs, s.snapshot, s.sessions, s.asked_later, m.parameters
        FROM attributions a JOIN candidate_snapshots s ON s.call_id = a.call_id
        LEFT JOIN attribution_models m ON m.version = a.model_version`,
      )
      .all<Record<"attribution" | "inputs" | "snapshot" | "sessions" | "parameters", string>>();
    expect(new Set(results.map(({ parameters }) => parameters === null))).toEqual(new Set([true, false]));
    for (const row of results) {
      const stored = JSON.parse(row.attribution) as Attribution;
      const { attribution_floor = 0, bill_own_traffic = false, uncertain_payout = "withhold" } = stored;
      const { campaign_id = "" } = stored;
      const { past } = JSON.parse(row.inputs) as Inputs;
      const rung = {
        kind: "pool" as const,
        snapshot: JSON.parse(row.snapshot),
        sessions: JSON.parse(row.sessions),
        asked_later: false,
      };
      const model = row.parameters === null ? CAREFUL_START : (JSON.parse(row.parameters) as Parameters);
      const settings = { campaign_id, attribution_floor, bill_own_traffic, uncertain_payout };
      expect(decide(rung, settings, model, past).attribution).toEqual(stored);
    }
  });

  it("is fitted also in a night in which another pool cannot be", async () => {
    const at = night() + 24 * HOUR + 60_000;
    const { campaign_id, sandbox_account_id } = stock;
    // The younger one, which comes second.
    const now = world.at + 1;
    const json = { campaign_id, name: "Other" };
    const pool = await world.json<{ id: string }>("/api/v1/pools", { json, now });
    const to = "+16285559001";
    await world.json("/api/v1/numbers", {
      json: { telephony_account_id: sandbox_account_id, e164: [to], pool_id: pool.id },
      now,
    });
    for (let i = 0; i < CALLS; i++) {
      await placeCall(world, sandbox_account_id, {
        call_id: `SB-other-${i}`,
        to,
        at: night() + 2 * HOUR + i,
      });
    }
    await world.d1.exec(
      `CREATE TRIGGER broken BEFORE INSERT ON attribution_models WHEN NEW.pool_id = '${stock.pool_id}' BEGIN SELECT RAISE(ABORT, 'broken'); END`,
    );
    const report = await world.json<{ models_fitted: number; failed: string[] }>("/__local/scheduled", {
      now: at,
      method: "POST",
    });
    await world.d1.exec("DROP TRIGGER broken");
    expect(report).toMatchObject({ models_fitted: 1, failed: [`model ${stock.pool_id}`] });
    expect(await models(pool.id)).toMatchObject([{ calls: CALLS }]);
  });

  it("keeps the model that it has when there was no call since", async () => {
    const at = night() + 24 * HOUR + 120_000;
    expect(await upkeep(at)).toBe(1);
    expect(await upkeep(at + 24 * HOUR)).toBe(0);
  });

  it("has in its model whom it was learned from, and its hash", async () => {
    const rows = await world.d1
      .prepare("SELECT * FROM attribution_models WHERE pool_id = ? ORDER BY fitted_at")
      .bind(stock.pool_id)
      .all();
    const [first, second] = rows.results as Record<string, unknown>[];
    expect(first).toMatchObject({ pool_id: stock.pool_id, calls: CALLS, to_at: night() });
    expect(second).toMatchObject({ calls: CALLS + 2, to_at: night() + 24 * HOUR });
    expect(first?.version).toBe(`fit-${String(first?.sha256).slice(0, 16)}`);
    const path = `/api/v1/pools/${stock.pool_id}/models`;
    const now = night() + 48 * HOUR;
    const listed = await world.json<{ data: PoolModel[]; next_cursor: string }>(`${path}?limit=1`, { now });
    const older = await world.json<{ data: PoolModel[] }>(`${path}?cursor=${listed.next_cursor}`, { now });
    expect([...listed.data, ...older.data].map(({ version }) => version)).toEqual([
      second?.version,
      first?.version,
    ]);
    expect(first).toMatchObject({ ...older.data[0] });
    const { stray } = JSON.parse(String(first?.parameters));
    const rates = Object.values(stray.numbers as Record<string, number>).sort((a, b) => a - b);
    expect(rates).toHaveLength(2);
    expect(rates[1]).toBeGreaterThan(2 * (rates[0] ?? 0));
  });
});
