import type { PoolHealth } from "../shared/api/pool-health.ts";
import { ask, client } from "./api.ts";

/** As many requests on their way at once: a browser sends no more to one host. */
const AT_ONCE = 6;

/** How each of these pools stands now, by its id; however many there are, a few are asked at a time. */
export async function loadPoolsNow(
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, PoolHealth>> {
  const found = new Map<string, PoolHealth>();
  const waiting = ids.values();
  const work = async () => {
    for (const id of waiting) {
      const asked = { param: { id }, query: { part: "now" } } as const;
      found.set(id, await ask(client.pools[":id"].health.$get, asked, signal));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}
