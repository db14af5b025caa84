import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CandidatesAnswer, GrantedLease, NumberState } from "../../edge/leasing/pool-port.ts";
import { assign, makePool, NOON, type Pools, refOf, startPools, VISIT, view } from "./pool-harness.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let pools: Pools;
beforeAll(async () => {
  pools = await startPools();
});
afterAll(() => pools.stop());

describe("a pool", () => {
  it("gives each visitor a number of his own, the longest idle first, and none when it is empty", async () => {
    const { pool, numbers } = await makePool(pools, 2);
    const first = await pools.run(pool.pool_id, [
      view(pool, "ann", NOON),
      view(pool, "bob", NOON + MINUTE),
      view(pool, "cat", NOON + 2 * MINUTE),
      // Ann's number is free again 45 minutes after she got it, Bob's a minute later.
      view(pool, "dan", NOON + 45 * MINUTE - 1),
      view(pool, "eve", NOON + 45 * MINUTE),
      view(pool, "fay", NOON + 46 * MINUTE),
    ]);
    expect(first.answers.map((answer) => (answer.kind === "granted" ? answer.e164 : answer.reason))).toEqual([
      numbers[0]?.e164,
      numbers[1]?.e164,
      "pool_empty",
      "pool_empty",
      numbers[0]?.e164,
      numbers[1]?.e164,
    ]);
  });

  it("writes one row for a new lease and nothing for a page view of the same visitor", async () => {
    const { pool } = await makePool(pools, 100);
    await pools.run(pool.pool_id, [view(pool, "first", NOON)]);
    const fresh = Array.from({ length: 50 }, (_, i) => view(pool, `v${i}`, NOON + i));
    expect((await pools.run(pool.pool_id, fresh)).cost).toEqual({
      pool_written: 50,
      pool_read: 0,
      alarms: 0,
      d1_written: 0,
      d1_read: 0,
      d1_statements: 0,
    });
    const again = Array.from({ length: 50 }, (_, i) => view(pool, `v${i}`, NOON + 14 * MINUTE));
    const remembered = await pools.run(pool.pool_id, again);
    expect(remembered.answers.every((answer) => answer.kind === "granted" && !answer.created)).toBe(true);
    expect(remembered.cost).toMatchObject({ pool_written: 0, pool_read: 0, d1_statements: 0 });
  });

  it("extends a lease at a page view when half its ttl has gone, and never beyond four hours", async () => {
    const { pool } = await makePool(pools, 1);
    const views = Array.from({ length: 20 }, (_, i) => view(pool, "ann", NOON + i * 15 * MINUTE));
    const { answers } = await pools.run<GrantedLease>(pool.pool_id, views);
    expect(answers[1]).toMatchObject({ created: false, expires_at: NOON + 45 * MINUTE });
    expect(answers[15]).toMatchObject({ created: false, expires_at: NOON + 4 * HOUR });
    // At four hours sharp it has ended; while its number cools down, it is hers again by another lease.
    expect(answers[16]).toMatchObject({ created: true, leased_at: NOON + 4 * HOUR });
  });

  it("begins a new session on the same number at a new touch", async () => {
    const { pool } = await makePool(pools, 2);
    const { answers } = await pools.run(pool.pool_id, [
      view(pool, "ann", NOON, { touch_key: "ad-1" }),
      view(pool, "ann", NOON + 1_000, { touch_key: "ad-1" }),
      view(pool, "ann", NOON + 2_000, { touch_key: "" }),
      view(pool, "ann", NOON + 3_000, { touch_key: "ad-2" }),
      view(pool, "ann", NOON + 3_000, { touch_key: "ad-3" }),
    ]);
    const [first, same, none, second, third] = answers.map((answer) => answer as GrantedLease);
    expect(same).toEqual({ ...first, created: false });
    expect(none).toEqual(same);
    expect(second).toMatchObject({ created: true, number_key: first?.number_key, leased_at: NOON + 3_000 });
    expect(third).toMatchObject({ created: true, number_key: first?.number_key, leased_at: NOON + 3_001 });

    const [renewedOld, shownOld] = (
      await pools.run(pool.pool_id, [
        { method: "renew", ask: { now: NOON + 4_000, pool, lease: refOf(first), data: null } },
        view(pool, "a second tab without storage", NOON + 4_000, { held: refOf(first) }),
      ])
    ).answers;
    expect(renewedOld).toEqual({ kind: "gone" });
    expect(shownOld).toMatchObject({ created: false, leased_at: NOON + 3_001 });

    const { answers: asked } = await pools.run<CandidatesAnswer>(pool.pool_id, [
      {
        method: "candidates",
        ask: { now: NOON + 5_000, pool, number_key: first?.number_key ?? 0, at: NOON + 5_000 },
      },
    ]);
    expect(
      asked[0]?.sessions.map(({ leased_at, expires_at, closed_at }) => [leased_at, expires_at, closed_at]),
    ).toEqual([
      [NOON + 3_001, NOON + 3_001 + 30 * MINUTE, null],
      [NOON + 3_000, NOON + 3_001, NOON + 3_001],
      [NOON, NOON + 3_000, NOON + 3_000],
    ]);
  });

  it("knows a lease by its token on its own site only", async () => {
    const { pool } = await makePool(pools, 3);
    const first = (await pools.run(pool.pool_id, [view(pool, "ann", NOON)])).answers[0];
    const { answers } = await pools.run<GrantedLease>(pool.pool_id, [
      view(pool, "cookies cleared", NOON + 1, { held: refOf(first) }),
      view(pool, "elsewhere", NOON + 2, { held: refOf(first), visit: { ...VISIT, site_id: "sit_2" } }),
    ]);
    expect(answers[0]).toEqual({ ...(first as GrantedLease), created: false });
    expect(answers[1]).toMatchObject({ created: true, site_id: "sit_2" });
  });

  it("lets a visitor who left come back to the same number, and frees nothing early", async () => {
    const { pool } = await makePool(pools, 1);
    const lease = refOf((await pools.run(pool.pool_id, [view(pool, "ann", NOON)])).answers[0]);
    const { answers } = await pools.run(pool.pool_id, [
      { method: "note", ask: { now: NOON + MINUTE, pool, lease, type: "left" } },
      view(pool, "bob", NOON + 2 * MINUTE),
      view(pool, "ann", NOON + 3 * MINUTE),
    ]);
    expect(answers[0]).toEqual({ kind: "noted" });
    expect(answers[1]).toEqual({ kind: "blocked", reason: "pool_empty" });
    expect(answers[2]).toMatchObject({ ...lease, created: false, expires_at: NOON + 33 * MINUTE });
    const { answers: asked } = await pools.run<CandidatesAnswer>(
      pool.pool_id,
      [NOON + 59_999, NOON + MINUTE, NOON + 3 * MINUTE].map((at) => ({
        method: "candidates",
        ask: { now: NOON + HOUR, pool, number_key: lease.number_key, at },
      })),
    );
    const known = asked.map((answer) => {
      const { last_seen_at, closed_at } = answer.sessions[0] ?? {};
      return { last_seen_at, closed_at };
    });
    expect(known).toEqual([
      { last_seen_at: NOON, closed_at: null },
      { last_seen_at: NOON, closed_at: NOON + MINUTE },
      { last_seen_at: NOON + 3 * MINUTE, closed_at: null },
    ]);
  });

  it("keeps the three latest presses of the call link", async () => {
    const { pool } = await makePool(pools, 1);
    const lease = refOf((await pools.run(pool.pool_id, [view(pool, "ann", NOON)])).answers[0]);
    // Two presses within a second are one.
    const presses = [1_000, 1_200, 5_000, 9_000, 13_000];
    await pools.run(
      pool.pool_id,
      presses.map((ms) => ({ method: "note", ask: { now: NOON + ms, pool, lease, type: "tel_click" } })),
    );
    const { answers } = await pools.run<CandidatesAnswer>(pool.pool_id, [
      {
        method: "candidates",
        ask: { now: NOON + HOUR, pool, number_key: lease.number_key, at: NOON + 10_000 },
      },
      {
        method: "candidates",
        ask: { now: NOON + HOUR, pool, number_key: lease.number_key, at: NOON + HOUR },
      },
    ]);
    expect(answers.map((answer) => answer.sessions[0]?.tel_clicks)).toEqual([
      [NOON + 5_000, NOON + 9_000],
      [NOON + 5_000, NOON + 9_000, NOON + 13_000],
    ]);
  });

  it("answers 'gone' for a lease that has ended, was never made, or lost its number", async () => {
    const { pool } = await makePool(pools, 1);
    const lease = refOf((await pools.run(pool.pool_id, [view(pool, "ann", NOON)])).answers[0]);
    const renew = (now: number, ref = lease) =>
      ({ method: "renew", ask: { now, pool, lease: ref, data: null } }) as const;
    const { answers } = await pools.run(pool.pool_id, [
      renew(NOON + 1, { ...lease, leased_at: NOON - 1 }),
      renew(NOON + 1, { ...lease, number_key: 77 }),
      { method: "note", ask: { now: NOON + 30 * MINUTE, pool, lease, type: "tel_click" } },
      renew(NOON + 30 * MINUTE),
    ]);
    expect(answers).toEqual(Array.from({ length: 4 }, () => ({ kind: "gone" })));
  });

  it("keeps a renewal's new data and at most twenty names", async () => {
    const { pool } = await makePool(pools, 1);
    const lease = refOf((await pools.run(pool.pool_id, [view(pool, "ann", NOON)])).answers[0]);
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`n${i}`, "x"]));
    await pools.run(pool.pool_id, [
      { method: "renew", ask: { now: NOON + 100, pool, lease, data: { plan: "gold" } } },
      { method: "renew", ask: { now: NOON + 200, pool, lease, data: { ...many, plan: "lead" } } },
    ]);
    const { answers } = await pools.run<CandidatesAnswer>(pool.pool_id, [
      { method: "candidates", ask: { now: NOON + 300, pool, number_key: lease.number_key, at: NOON + 300 } },
    ]);
    const data = answers[0]?.sessions[0]?.data ?? {};
    expect(Object.keys(data)).toHaveLength(20);
    expect(data.plan).toBe("lead");
  });

  it("follows its numbers when their assignment changes", async () => {
    const { pool, numbers } = await makePool(pools, 1);
    const other = await makePool(pools, 0);
    const lease = refOf((await pools.run(pool.pool_id, [view(pool, "ann", NOON)])).answers[0]);
    const moved_at = NOON + MINUTE;
    await pools.d1.batch([
      pools.d1
        .prepare("UPDATE number_assignments SET to_at = ? WHERE number_key = ?")
        .bind(moved_at, lease.number_key),
      ...assign(pools.d1, other.pool.pool_id, numbers.slice(0, 1), moved_at),
    ]);
    const after = { ...pool, assignment_version: 2 };
    const { answers } = await pools.run(pool.pool_id, [
      { method: "renew", ask: { now: moved_at + 1, pool: after, lease, data: null } },
      view(after, "bob", moved_at + 1),
    ]);
    expect(answers).toEqual([{ kind: "gone" }, { kind: "blocked", reason: "pool_empty" }]);

    // The new pool waits until nobody can see the number on the old one's pages: its ttl, cool-down, and cached settings.
    const free_at = moved_at + 45 * MINUTE + 10_000;
    const there = await pools.run(other.pool.pool_id, [
      view(other.pool, "cat", free_at - 1),
      view(other.pool, "cat", free_at),
    ]);
    expect(there.answers.map((answer) => answer.kind)).toEqual(["blocked", "granted"]);
  });

  it("shows who holds what", async () => {
    const { pool, numbers } = await makePool(pools, 3);
    await pools.run(pool.pool_id, [view(pool, "ann", NOON), view(pool, "bob", NOON + 20 * MINUTE)]);
    const now = NOON + 40 * MINUTE;
    const { answers } = await pools.run<NumberState[]>(pool.pool_id, [
      { method: "occupancy", ask: { now, pool } },
    ]);
    const [ann, bob, free] = answers[0] ?? [];
    expect(ann).toMatchObject({ state: "cooling", leased_at: NOON, reusable_at: NOON + 45 * MINUTE });
    expect(bob).toMatchObject({ state: "leased", expires_at: NOON + 50 * MINUTE });
    expect(free).toEqual({
      ...numbers[2],
      state: "free",
      leased_at: null,
      expires_at: null,
      reusable_at: null,
    });
  });

  it("answers for a call across months, and drops the tables of months long past", async () => {
    const { pool } = await makePool(pools, 1, { late_window_s: 40 * 86_400 });
    const steps = [0, 10, 30, 50].map((day) => view(pool, `v${day}`, NOON + day * DAY));
    const leases = (await pools.run(pool.pool_id, steps)).answers.map(refOf);
    const at = NOON + 51 * DAY;
    const asked = await pools.run<CandidatesAnswer>(pool.pool_id, [
      { method: "candidates", ask: { now: at, pool, number_key: leases[0]?.number_key ?? 0, at } },
    ]);
    expect(asked.answers[0]?.sessions.map((session) => session.leased_at)).toEqual(
      [leases[3], leases[2]].map((lease) => lease?.leased_at),
    );
    expect(asked.answers[0]?.leases_per_s).toBeCloseTo(4 / (51 * 86_400), 12);

    const much_later = NOON + 200 * DAY;
    const { answers } = await pools.run<string[]>(pool.pool_id, [
      view(pool, "late", much_later),
      { method: "ring", ask: null },
      { method: "tables", ask: null },
    ]);
    expect(answers[2]?.filter((name) => name.startsWith("session_"))).toEqual(["session_202706"]);
  });

  it("never gives a number twice to visitors who come at once", async () => {
    const { pool } = await makePool(pools, 60);
    const crowd = Array.from({ length: 100 }, (_, i) => view(pool, `v${i}`, NOON + (i % 3)));
    const { answers } = await pools.run(pool.pool_id, crowd, { together: true });
    const given = answers.flatMap((answer) => (answer.kind === "granted" ? [answer.number_key] : []));
    expect(given).toHaveLength(60);
    expect(new Set(given).size).toBe(60);
    const same = Array.from({ length: 20 }, () => view(pool, "v0", NOON + HOUR));
    const { answers: tabs, cost } = await pools.run<GrantedLease>(pool.pool_id, same, { together: true });
    expect(new Set(tabs.map((answer) => answer.leased_at)).size).toBe(1);
    expect(tabs.filter((answer) => answer.created)).toHaveLength(1);
    expect(cost.pool_written).toBe(1);
  });

  it("tells nobody of a lease that could not be saved, and keeps its number busy", async () => {
    const { pool, numbers } = await makePool(pools, 3);
    const full =
      "CREATE TRIGGER full BEFORE INSERT ON session_202611 BEGIN SELECT RAISE(ABORT, 'disk full'); END";
    const { answers } = await pools.run<{ kind: string; e164?: string }>(pool.pool_id, [
      view(pool, "ann", NOON),
      { method: "tamper", ask: full },
      view(pool, "bob", NOON + 1),
      view(pool, "ann", NOON + 2),
      { method: "tamper", ask: "DROP TRIGGER full" },
      view(pool, "bob", NOON + 3),
      view(pool, "cat", NOON + 4),
    ]);
    expect(answers[2]).toMatchObject({ kind: "threw" });
    expect(answers[3]).toMatchObject({ kind: "granted", created: false, e164: numbers[0]?.e164 });
    // The number Bob was nearly given stays out of use until his lease would have ended.
    expect(answers[5]).toMatchObject({ kind: "granted", e164: numbers[2]?.e164 });
    expect(answers[6]).toEqual({ kind: "blocked", reason: "pool_empty" });
  });
});
