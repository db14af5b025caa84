import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { poolOver } from "../../edge/leasing/pool-client.ts";
import type {
  CandidatesAnswer,
  GrantedLease,
  LeaseAnswer,
  LeaseAsk,
  PoolPort,
} from "../../edge/leasing/pool-port.ts";
import { makePool, NOON, type Pools, refOf, startPools, view } from "./pool-harness.ts";

let pools: Pools;
beforeAll(async () => {
  pools = await startPools();
});
afterAll(() => pools.stop());

const MINUTE = 60_000;

describe("a pool", () => {
  it("gives a visitor the number he had before, while it rests and later, as long as nobody has had it since", async () => {
    const { pool, numbers } = await makePool(pools, 3);
    const before = await pools.run<GrantedLease>(pool.pool_id, [
      view(pool, "ann", NOON),
      view(pool, "bob", NOON + MINUTE),
    ]);
    // Over, but resting until 45 minutes after it was given: for others only. How the earlier lease ended is in the row of this one.
    const back = await pools.run<GrantedLease>(pool.pool_id, [view(pool, "ann", NOON + 40 * MINUTE)]);
    expect(back.cost).toMatchObject({ pool_written: 1, d1_statements: 0 });
    const later = await pools.run<GrantedLease>(pool.pool_id, [
      // Bob's number has been free for hours, but the third one for longer.
      view(pool, "bob", NOON + 300 * MINUTE),
      view(pool, "cat", NOON + 300 * MINUTE),
      view(pool, "dan", NOON + 301 * MINUTE),
      // Ann's is Dan's by now, and Bob's has been free for a minute longer.
      view(pool, "ann", NOON + 347 * MINUTE),
    ]);
    const answers = [before, back, later].flatMap((run) => run.answers);
    const [first, second, third] = numbers.map(({ e164 }) => e164);
    expect(answers.map(({ e164 }) => e164)).toEqual([first, second, first, second, third, first, second]);
    expect(answers.every(({ created }) => created)).toBe(true);
    await pools.run(pool.pool_id, [{ method: "flush", ask: { now: NOON + 348 * MINUTE, pool } }]);
    const rows = await pools.d1
      .prepare(
        "SELECT leased_at, expires_at, held_until FROM sessions WHERE number_key = ? ORDER BY leased_at",
      )
      .bind(numbers[0]?.number_key)
      .all<{ leased_at: number; expires_at: number; held_until: number }>();
    const at = (minute: number) => NOON + minute * MINUTE;
    expect(rows.results.map((row) => [row.leased_at, row.expires_at, row.held_until])).toEqual([
      [at(0), at(30), at(40)],
      [at(40), at(70), at(85)],
      [at(301), at(331), at(346)],
    ]);
  });
});

describe("a pool that shares", () => {
  it("lends the number of who stopped renewing it, and of nobody whose page is open", async () => {
    const { pool: settings, numbers } = await makePool(pools, 2);
    const pool = { ...settings, share: true as const };
    const { answers } = await pools.run(pool.pool_id, [
      view(pool, "ann", NOON),
      view(pool, "bob", NOON + MINUTE),
      // Ann's page was to renew after 15 minutes, and may be a minute late.
      view(pool, "cat", NOON + 16 * MINUTE - 1),
      view({ ...settings }, "cat", NOON + 16 * MINUTE),
      view(pool, "cat", NOON + 16 * MINUTE),
      // Bob's is renewed in time, and again.
      view(pool, "bob", NOON + 16 * MINUTE),
      view(pool, "dan", NOON + 31 * MINUTE),
      // Ann comes back to her page: the number is another's, and Cat's page is open.
      view(pool, "ann", NOON + 31 * MINUTE),
      view(pool, "dan", NOON + 32 * MINUTE),
    ]);
    const [ann, bob] = numbers.map(({ e164 }) => e164);
    const told = answers.map((answer) =>
      answer.kind === "granted" ? [answer.e164, answer.shared ?? false] : answer.reason,
    );
    expect(told).toEqual([
      [ann, false],
      [bob, false],
      "pool_empty",
      "pool_empty",
      [ann, true],
      [bob, false],
      "pool_empty",
      "pool_empty",
      [ann, true],
    ]);
    // The lease ended when its renewal did not come, and its number was held until the next visitor's began.
    await pools.run(pool.pool_id, [{ method: "flush", ask: { now: NOON + 33 * MINUTE, pool } }]);
    const first = await pools.d1
      .prepare("SELECT expires_at, held_until, closed_at FROM sessions WHERE pool_id = ? AND leased_at = ?")
      .bind(pool.pool_id, NOON)
      .first();
    const ended = { expires_at: NOON + 15 * MINUTE, held_until: NOON + 16 * MINUTE, closed_at: null };
    expect(first).toEqual(ended);
  });

  it("over several objects looks for a free number in all of them first", async () => {
    const asked: string[] = [];
    const granted = { number_key: 1, e164: "+16285550101", leased_at: 1, expires_at: 2, site_id: "sit_1" };
    /** Objects of which only the last has something to lend, and only if it shares. */
    const objectOf = (part: number) =>
      ({
        lease: async ({ pool }: LeaseAsk): Promise<LeaseAnswer> => {
          asked.push(`${part}${pool.share ? " shares" : ""}`);
          return pool.share && part === 2
            ? { kind: "granted", created: true, ...granted, shared: true }
            : { kind: "blocked", reason: "pool_empty" };
        },
      }) as unknown as PoolPort;
    const { pool } = await makePool(pools, 1, { objects: 3, objects_ever: 3, share: true });
    const step = view(pool, "ann", NOON);
    if (step.method !== "lease") throw new Error("a page view asks for a lease");
    const first = { number_key: 3, leased_at: 1 };
    const answer = await poolOver(objectOf).lease({ ...step.ask, held: first });
    expect(answer).toMatchObject({ kind: "granted", shared: true });
    expect(asked).toEqual(["0", "1", "2", "0 shares", "1 shares", "2 shares"]);
  });
});

describe("a call to a pool's number", () => {
  it("may be of whose lease runs or has ended within the late window, whenever it began", async () => {
    for (const late_window_s of [0, 600]) {
      const { pool } = await makePool(pools, 1, { late_window_s });
      const ann = refOf((await pools.run(pool.pool_id, [view(pool, "ann", NOON)])).answers[0]);
      const over_at = NOON + 30 * MINUTE + late_window_s * 1_000;
      const moments = [NOON + 20 * MINUTE, over_at - 1, over_at];
      const { answers } = await pools.run<CandidatesAnswer>(
        pool.pool_id,
        moments.map((at) => ({
          method: "candidates",
          ask: { now: at, pool, number_key: ann.number_key, at },
        })),
      );
      expect(answers.map(({ sessions }) => sessions.map(({ leased_at }) => leased_at))).toEqual([
        [NOON],
        [NOON],
        [],
      ]);
    }
  });

  it("asks every object of the pool, though a request still had settings from before it was split", async () => {
    const { pool: before } = await makePool(pools, 2);
    const { pool_id } = before;
    const split = { objects: 2, objects_ever: 2, split_settled_at: 0, assignment_version: 2 };
    await pools.run(pool_id, [view({ ...before, ...split, lease_ttl_s: 600 }, "ann", NOON)]);
    const late = view(before, "bob", NOON + 3_000);
    const ring = { now: NOON + MINUTE, pool: before, number_key: 1, at: NOON + MINUTE };
    const { answers } = await pools.run<CandidatesAnswer>(pool_id, [
      late,
      { method: "candidates", ask: ring },
    ]);
    expect(answers[1]?.objects_ever).toBe(2);
  });
});
