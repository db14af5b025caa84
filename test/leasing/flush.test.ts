import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CandidatesAnswer } from "../../edge/leasing/pool-port.ts";
import {
  assign,
  makePool,
  NOON,
  type Pools,
  refOf,
  type Step,
  startPools,
  VISIT,
  view,
} from "./pool-harness.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let pools: Pools;
beforeAll(async () => {
  pools = await startPools();
});
afterAll(() => pools.stop());

async function stored(pool_id: string) {
  const rows = await pools.d1
    .prepare(
      "SELECT number_key, leased_at, revision, expires_at FROM sessions WHERE pool_id = ? ORDER BY 1, 2",
    )
    .bind(pool_id)
    .all<{ number_key: number; leased_at: number; revision: number; expires_at: number }>();
  return rows.results;
}

const crowd = (pool: Parameters<typeof view>[0], count: number, from: number, prefix = "v"): Step[] =>
  Array.from({ length: count }, (_, i) => view(pool, `${prefix}${i}`, from + i));

describe("the flush", () => {
  it("costs one row in D1 for a session, one for a later state of it, and one watermark", async () => {
    const { pool } = await makePool(pools, 30);
    const now = NOON + 2_000;
    await pools.run(pool.pool_id, crowd(pool, 30, NOON));
    const flush: Step = { method: "flush", ask: { now, pool } };
    const first = await pools.run<{ flushed: number }>(pool.pool_id, [flush]);
    expect(first.answers).toEqual([{ flushed: 30 }]);
    expect(first.cost).toMatchObject({ pool_written: 1, pool_read: 1, d1_written: 30, d1_statements: 1 });
    // Reads cost a thousandth of writes: the row's text, twice, and what might overlap.
    expect(first.cost.d1_read).toBeLessThanOrEqual(30 * 6);

    const second = await pools.run<{ flushed: number }>(pool.pool_id, [flush]);
    expect(second.answers).toEqual([{ flushed: 0 }]);
    expect(second.cost).toMatchObject({ pool_written: 0, d1_written: 0, d1_statements: 0 });

    const renewed = await pools.run(pool.pool_id, [view(pool, "v7", NOON + 15 * MINUTE + 7), flush]);
    expect(renewed.cost).toMatchObject({ pool_written: 2, pool_read: 3, d1_written: 1, d1_statements: 1 });
    expect(renewed.cost.d1_read).toBeLessThanOrEqual(7);
  });

  it("costs a row more for a session by a tracking link's click: by its visitor it is found again", async () => {
    const { pool } = await makePool(pools, 2);
    const flush = (now: number): Step => ({ method: "flush", ask: { now, pool } });
    // The first lease of all also writes which numbers there are.
    await pools.run(pool.pool_id, [view(pool, "first", NOON - 2), flush(NOON - 1)]);
    const visit = { ...VISIT, click_link: "lnk_1", click_nonce: "nonce of this law" };
    const clicked = await pools.run(pool.pool_id, [view(pool, "clicked", NOON, { visit })]);
    expect(clicked.cost).toMatchObject({ pool_written: 1, d1_written: 0 });
    const flushed = await pools.run(pool.pool_id, [flush(NOON + 1)]);
    expect(flushed.cost).toMatchObject({ pool_written: 1, d1_written: 2, d1_statements: 1 });
    expect(flushed.cost.d1_read).toBeLessThanOrEqual(6);
  });

  it("costs a row more in D1 when the visitor comes back while the number rests: the earlier lease ends", async () => {
    const { pool } = await makePool(pools, 1, { cooldown_s: 3_600 });
    const flush = (now: number): Step => ({ method: "flush", ask: { now, pool } });
    await pools.run(pool.pool_id, [view(pool, "back", NOON), flush(NOON + 1)]);
    const back = NOON + pool.lease_ttl_s * 1_000 + MINUTE;
    const { answers, cost } = await pools.run<{ created: boolean }>(pool.pool_id, [view(pool, "back", back)]);
    expect(answers[0]?.created).toBe(true);
    expect(cost).toMatchObject({ pool_written: 1, pool_read: 0, d1_written: 0 });
    const flushed = await pools.run(pool.pool_id, [flush(back + 1)]);
    expect(flushed.cost).toMatchObject({ pool_written: 1, pool_read: 2, d1_written: 2, d1_statements: 1 });

    // By another tracking link, within the visit.
    const visit = { ...VISIT, click_link: "lnk_1", click_nonce: "nonce of another law" };
    const clicked = await pools.run(pool.pool_id, [
      view(pool, "back", back + MINUTE, { visit, touch_key: "link" }),
    ]);
    expect(clicked.cost).toMatchObject({ pool_written: 1, d1_written: 0 });
    const sent = await pools.run(pool.pool_id, [flush(back + MINUTE + 1)]);
    expect(sent.cost).toMatchObject({ pool_written: 1, d1_written: 3, d1_statements: 1 });
  });

  it("tells how the earlier lease ended after a crash, though the next one began in another month", async () => {
    const { pool, numbers } = await makePool(pools, 1, { cooldown_s: 3_600 });
    const late = Date.UTC(2026, 11, 1) - 10 * MINUTE;
    const flush: Step = { method: "flush", ask: { now: late + HOUR, pool } };
    await pools.run(pool.pool_id, [view(pool, "back", late), flush]);
    const back = late + 40 * MINUTE;
    await pools.run(pool.pool_id, [
      view(pool, "back", back),
      view(pool, "back", back + 1, { touch_key: "ad" }),
    ]);
    await pools.evict(pool.pool_id);
    const number_key = numbers[0]?.number_key ?? 0;
    const ask = { now: back + 2, pool: { ...pool, late_window_s: 86_400 }, number_key, at: back + 2 };
    const { answers } = await pools.run<CandidatesAnswer>(pool.pool_id, [
      { method: "candidates", ask },
      flush,
    ]);
    const ends = answers[0]?.sessions.map(({ leased_at, expires_at, closed_at }) => [
      leased_at,
      expires_at,
      closed_at,
    ]);
    expect(ends).toEqual([
      [back + 1, back + 1 + 30 * MINUTE, null],
      [back, back + 1, back + 1],
      [late, late + 30 * MINUTE, null],
    ]);
    const rows = await pools.d1
      .prepare("SELECT leased_at, held_until FROM sessions WHERE pool_id = ? ORDER BY leased_at")
      .bind(pool.pool_id)
      .raw();
    expect(rows).toEqual([
      [late, back],
      [back, back + 1],
      [back + 1, back + 1 + 90 * MINUTE],
    ]);
  });

  it("happens by itself after three seconds of traffic, and at 500 rows", async () => {
    const { pool } = await makePool(pools, 3);
    await pools.run(pool.pool_id, [view(pool, "a", NOON), view(pool, "b", NOON + 2_999)]);
    expect(await stored(pool.pool_id)).toEqual([]);
    await pools.run(pool.pool_id, [view(pool, "c", NOON + 3_000)]);
    await expect.poll(() => stored(pool.pool_id).then((rows) => rows.length)).toBe(3);

    const busy = await makePool(pools, 501);
    await pools.run(busy.pool.pool_id, crowd(busy.pool, 499, NOON), { together: true });
    expect(await stored(busy.pool.pool_id)).toEqual([]);
    await pools.run(busy.pool.pool_id, [view(busy.pool, "the 500th", NOON)]);
    await expect.poll(() => stored(busy.pool.pool_id).then((rows) => rows.length)).toBe(500);
  });

  it("takes the idle tail with one alarm", async () => {
    const { pool } = await makePool(pools, 5);
    const { cost } = await pools.run(pool.pool_id, crowd(pool, 5, NOON));
    expect(cost.alarms).toBe(1);
    await pools.run(pool.pool_id, [{ method: "ring", ask: null }]);
    expect(await stored(pool.pool_id)).toHaveLength(5);
  });

  it("waits while D1 is away, leasing goes on, and nothing is lost by a crash meanwhile", async () => {
    const { pool } = await makePool(pools, 40);
    await pools.run(pool.pool_id, [view(pool, "before", NOON)]);
    const away = await pools.run(
      pool.pool_id,
      [...crowd(pool, 20, NOON + 5_000), { method: "flush", ask: { now: NOON + 9_000, pool } }],
      { fault: "throw" },
    );
    expect(away.answers.slice(0, 20).every((answer) => answer.kind === "granted")).toBe(true);
    expect(away.answers[20]).toMatchObject({ kind: "threw" });
    await pools.evict(pool.pool_id);
    const still = await pools.run(pool.pool_id, crowd(pool, 5, NOON + 20_000, "w"));
    expect(still.answers.every((answer) => answer.kind === "granted" && answer.created)).toBe(true);
    expect(await stored(pool.pool_id)).toEqual([]);
    await pools.run(pool.pool_id, [{ method: "flush", ask: { now: NOON + 30_000, pool } }], {
      fault: "none",
    });
    expect(await stored(pool.pool_id)).toHaveLength(26);
  });

  it("changes nothing when a crash lost the watermark: the same rows go once more", async () => {
    const { pool } = await makePool(pools, 10);
    const flush: Step = { method: "flush", ask: { now: NOON + 60_000, pool } };
    await pools.run(pool.pool_id, [...crowd(pool, 10, NOON), flush]);
    await pools.run(pool.pool_id, [
      view(pool, "v3", NOON + 16 * MINUTE),
      view(pool, "v3", NOON + 17 * MINUTE, { touch_key: "ad" }),
      flush,
    ]);
    const before = await stored(pool.pool_id);
    expect(before).toHaveLength(11);
    await pools.run(pool.pool_id, [{ method: "tamper", ask: "UPDATE meta SET watermark = 0" }]);
    await pools.evict(pool.pool_id);
    const again = await pools.run<{ flushed: number }>(pool.pool_id, [flush]);
    expect(again.answers).toEqual([{ flushed: 11 }]);
    expect(again.cost.d1_written).toBe(0);
    expect(await stored(pool.pool_id)).toEqual(before);
  });

  it("keeps its watermark below what D1 lacks when it is stored for another reason", async () => {
    const { pool, numbers } = await makePool(pools, 2);
    await pools.run(pool.pool_id, crowd(pool, 2, NOON));
    const added = { number_key: (numbers[1]?.number_key ?? 0) + 1, e164: "+16285550999" };
    await pools.d1.batch(assign(pools.d1, pool.pool_id, [added], NOON));
    const changed = { ...pool, assignment_version: 2 };
    await pools.run(pool.pool_id, [{ method: "occupancy", ask: { now: NOON + 2_500, pool: changed } }]);
    await pools.evict(pool.pool_id);
    await pools.run(pool.pool_id, [{ method: "flush", ask: { now: NOON + 2_900, pool: changed } }]);
    expect(await stored(pool.pool_id)).toHaveLength(2);
  });

  it("goes on for the other numbers when D1 refuses one, and leaves that one for later", async () => {
    const { pool, numbers } = await makePool(pools, 3);
    const [first, second] = numbers;
    const squat = `INSERT INTO sessions (number_key, leased_at, network_id, pool_id, site_id, revision, expires_at, held_until,
      last_seen_at, landing_url, landing_path, referrer, source, medium, campaign, term, content, channel, click_ids, device,
      publisher_proof, data, tel_clicks)
      VALUES (?, ?, 'org_n', 'pol_other', 'sit_1', 1, ?, ?, ?, '', '', '', '', '', '', '', '', 'direct', '{}', 'desktop', 'none', '{}', '[]')`;
    const hour = NOON + 60 * MINUTE;
    await pools.run(pool.pool_id, crowd(pool, 3, NOON));
    await pools.d1
      .prepare(squat)
      .bind(second?.number_key ?? 0, NOON - 1, hour, hour, NOON)
      .run();
    const flush: Step = { method: "flush", ask: { now: NOON + 60_000, pool } };
    const { answers } = await pools.run<{ flushed: number }>(pool.pool_id, [flush]);
    expect(answers[0]).toEqual({ flushed: 2 });
    expect((await stored(pool.pool_id)).map((row) => row.number_key)).toEqual([
      first?.number_key,
      numbers[2]?.number_key,
    ]);

    await pools.d1.prepare("DELETE FROM sessions WHERE pool_id = 'pol_other'").run();
    await pools.evict(pool.pool_id);
    expect((await pools.run<{ flushed: number }>(pool.pool_id, [flush])).answers[0]?.flushed).toBeGreaterThan(
      0,
    );
    expect(await stored(pool.pool_id)).toHaveLength(3);
  });

  it("sends very long rows in several statements", async () => {
    const { pool } = await makePool(pools, 300);
    const landing_url = `https://advertiser.example/${"x".repeat(2_000)}`;
    const data = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`name${i}`, "y".repeat(200)]));
    const visit = { ...VISIT, landing_url, referrer: landing_url, data };
    const long = Array.from({ length: 300 }, (_, i) => view(pool, `v${i}`, NOON, { visit }));
    await pools.run(pool.pool_id, long, { together: true });
    const { answers, cost } = await pools.run<{ flushed: number }>(pool.pool_id, [
      { method: "flush", ask: { now: NOON + 1, pool } },
    ]);
    expect(answers[0]).toEqual({ flushed: 300 });
    expect(cost.d1_statements).toBeGreaterThan(1);
    expect(await stored(pool.pool_id)).toHaveLength(300);
  });
});

describe("a pool's traffic", () => {
  it("tells of a moment how many came until then, whenever it is asked and whatever it forgot", async () => {
    const { pool } = await makePool(pools, 2);
    const moments = Array.from({ length: 30 }, (_, i) => NOON + i * 11 * HOUR);
    const ask = (at: number, now: number): Step => ({
      method: "candidates",
      ask: { now, pool, number_key: 0, at },
    });
    const rates = async (asks: Step[]) =>
      (await pools.run<CandidatesAnswer>(pool.pool_id, asks)).answers.map(({ leases_per_s }) => leases_per_s);
    const then: number[] = [];
    for (const [i, at] of moments.entries()) {
      await pools.run(pool.pool_id, [view(pool, `v${i}`, at), view(pool, `w${i}`, at)]);
      then.push(...(await rates([ask(at + HOUR, at + HOUR)])));
      if (i % 4 === 3) await pools.evict(pool.pool_id);
    }
    expect(then[0]).toBeCloseTo(2 / 3_600, 12);
    const end = (moments.at(-1) ?? 0) + HOUR;
    const recent = moments.map((at) => at + HOUR).slice(-14);
    expect(await rates(recent.map((at) => ask(at, end)))).toEqual(then.slice(-14));
  });
});

describe("D1's sessions", () => {
  it("refuse an overlap even to a hand-written statement", async () => {
    const { pool } = await makePool(pools, 1);
    const lease = refOf((await pools.run(pool.pool_id, [view(pool, "a", NOON)])).answers[0]);
    await pools.run(pool.pool_id, [{ method: "flush", ask: { now: NOON + 1, pool } }]);
    const copy = (leased_at: number, held_until: number) =>
      pools.d1
        .prepare(
          `INSERT INTO sessions SELECT number_key, ?, network_id, pool_id, site_id, revision, ?, ?, last_seen_at, closed_at,
             visitor, landing_url, landing_path, referrer, source, medium, campaign, term, content, channel, click_ids, device,
             country, region, publisher_id, publisher_proof, click_link, click_nonce, data, tel_clicks
           FROM sessions WHERE number_key = ? AND leased_at = ?`,
        )
        .bind(leased_at, held_until, held_until, lease.number_key, lease.leased_at)
        .run();
    const held_until = NOON + 45 * MINUTE;
    await expect(copy(held_until - 1, held_until + MINUTE)).rejects.toThrow(/two sessions/);
    await expect(copy(NOON - MINUTE, NOON + 1)).rejects.toThrow(/two sessions/);
    const stretch = pools.d1.prepare(
      "UPDATE sessions SET held_until = ? WHERE number_key = ? AND leased_at = ?",
    );
    await copy(held_until, held_until + MINUTE);
    await expect(stretch.bind(held_until + 1, lease.number_key, lease.leased_at).run()).rejects.toThrow(
      /two sessions/,
    );
    await expect(copy(NOON - MINUTE, NOON)).resolves.toBeDefined();
  });
});
