import type { PoolHealth } from "../../shared/api/inventory.ts";
import { numberIdsOfPool } from "../inventory/numbers.ts";
import { poolSettings, type SeenPool } from "../inventory/pools.ts";
import type { Services } from "../services.ts";

/** Who holds which number of a pool now, as its object knows, and how many are free. */
export async function poolHealth(services: Services, { pool }: SeenPool): Promise<PoolHealth> {
  const now = services.clock.now();
  const [states, ids] = await Promise.all([
    services.pool(pool.id).occupancy({ now, pool: poolSettings(pool) }),
    numberIdsOfPool(services.network(pool.network_id).db, pool.id),
  ]);
  const counted = (state: string) => states.filter((number) => number.state === state).length;
  return {
    as_of: now,
    numbers: states.length,
    free: counted("free"),
    leased: counted("leased"),
    cooling: counted("cooling"),
    states: states.flatMap(({ number_key, ...state }) => {
      const number_id = ids.get(number_key);
      // A number that was just moved away is no number of this pool any more.
      return number_id === undefined ? [] : [{ number_id, ...state }];
    }),
  };
}
