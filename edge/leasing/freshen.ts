import type { Instant } from "../../shared/instant.ts";
import { before, startDeadline } from "../platform/deadline.ts";
import type { PoolPort, PoolSettings } from "./pool-port.ts";

/** A list or report waits no longer for sessions that are still on their way to D1. */
const FRESHEN_DEADLINE_MS = 500;
/** A viewer of more pools than this sees the others' newest sessions a few seconds later. */
export const POOLS_FLUSHED_MAX = 50;

/**
 * Asks pools to write to D1 what it does not have yet, before sessions are read there. Never rejects: a pool that
 * fails or is late has its sessions in D1 with its next flush. Answers how many pools are certainly up to date.
 */
export async function flushPools(
  poolOf: (pool_id: string) => PoolPort,
  pools: readonly PoolSettings[],
  now: Instant,
  deadline_ms: number = FRESHEN_DEADLINE_MS,
): Promise<{ fresh: number }> {
  const deadline = startDeadline(deadline_ms);
  const asked = pools
    .slice(0, POOLS_FLUSHED_MAX)
    .map((pool) => before(deadline, poolOf(pool.pool_id).flush({ now, pool })));
  const outcomes = await Promise.all(asked);
  deadline.cancel();
  return { fresh: outcomes.filter((outcome) => outcome.kind === "done").length };
}
