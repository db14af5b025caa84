import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePool, NOON, type Pools, startPools, view } from "./pool-harness.ts";

let pools: Pools;
beforeAll(async () => {
  pools = await startPools();
});
afterAll(() => pools.stop());

describe("the pool", () => {
  it("smoke", async () => {
    const { pool } = await makePool(pools, 2);
    const first = await pools.run(pool.pool_id, [
      view(pool, "a", NOON),
      view(pool, "b", NOON + 1),
      view(pool, "c", NOON + 2),
    ]);
    console.log(first);
    const again = await pools.run(pool.pool_id, [view(pool, "a", NOON + 3)]);
    console.log(again);
    await pools.evict(pool.pool_id);
    console.log(
      await pools.run(pool.pool_id, [
        view(pool, "a", NOON + 4),
        { method: "flush", ask: { now: NOON + 5, pool } },
      ]),
    );
    console.log((await pools.d1.prepare("select * from sessions").all()).results);
    expect(1).toBe(1);
  });
});
