import { afterAll, beforeAll, expect, it } from "vitest";
import { makePool, NOON, type Pools, startPools, view } from "./pool-harness.ts";

/** 50 visitors at once, again and again: 1,000 leases in `npm test`, a million in `npm run verify`. */
const AT_ONCE = 50;
const ROUNDS = process.env.VERIFY_RUNS === undefined ? 20 : 20_000;
const RESTART_EVERY = 7;
const NUMBERS = 180;
const TTL_MS = 60_000;
const STEP_MS = 20_000;

let pools: Pools;
beforeAll(async () => {
  pools = await startPools();
});
afterAll(() => pools.stop());

it(`shows no number to two of ${ROUNDS * AT_ONCE} visitors at a time, restarts included`, async () => {
  const { pool } = await makePool(pools, NUMBERS, { lease_ttl_s: TTL_MS / 1_000, cooldown_s: 0 });
  const held_until = new Map<number, number>();
  let granted = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const now = NOON + round * STEP_MS;
    // As they arrive: not in order of their clocks.
    const crowd = Array.from({ length: AT_ONCE }, (_, i) =>
      view(pool, `v${round}.${i}`, now + ((i * 7_919) % 997)),
    );
    const { answers } = await pools.run(pool.pool_id, crowd, { together: true });
    for (const answer of answers) {
      if (answer.kind !== "granted") continue;
      granted += 1;
      expect(answer.leased_at).toBeGreaterThanOrEqual(held_until.get(answer.number_key) ?? 0);
      held_until.set(answer.number_key, answer.expires_at);
    }
    if (round % RESTART_EVERY === RESTART_EVERY - 1) await pools.evict(pool.pool_id);
  }
  // Three rounds' visitors hold 150 numbers, and those of one second before are not yet free: nearly all get one.
  expect(granted).toBeGreaterThan(0.9 * ROUNDS * AT_ONCE);
}, 7_200_000);
