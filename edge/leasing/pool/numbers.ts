import type { D1Database } from "@cloudflare/workers-types";
import type { Instant } from "../../../shared/instant.ts";
import { within } from "../../platform/deadline.ts";
import type { PoolSettings } from "../pool-port.ts";
import type { Ledger } from "./ledger.ts";
import { addSlot, type Memory } from "./memory.ts";

/** A number that D1 assigns to the pool. `free_from_at`: nobody is shown it by another pool any more. */
export type AssignedNumber = { number_key: number; e164: string; free_from_at: Instant };

/**
 * Numbers with an open assignment to the pool that neither rest nor are paused, as far as this object of it leads them. One that comes
 * from another pool is free when the last lease made there has ended: known from D1, and bounded by that pool's ttl and
 * cool-down for what D1 does not have yet (10 s for settings that were still cached when the number moved). One that
 * comes from another object of a split pool is free when `split_settled_at` has come, by the same bound.
 */
const ASSIGNED = `
  SELECT n.key AS number_key, n.e164,
    max(?4,
      coalesce((SELECT s.held_until FROM sessions s WHERE s.number_key = n.key ORDER BY s.leased_at DESC LIMIT 1), 0),
      coalesce((SELECT max(b.to_at + 1000 * (p.lease_ttl_s + p.cooldown_s) + 10000)
        FROM number_assignments b JOIN pools p ON p.id = b.pool_id
        WHERE b.number_key = n.key AND b.to_at IS NOT NULL AND b.pool_id <> a.pool_id), 0)) AS free_from_at
  FROM number_assignments a JOIN numbers n ON n.key = a.number_key
  WHERE a.pool_id = ?1 AND a.to_at IS NULL AND n.retired_at IS NULL AND n.paused_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM number_rests r WHERE r.number_key = n.key)
    AND n.key % CAST(?2 AS INTEGER) = CAST(?3 AS INTEGER)
  ORDER BY n.key`;

/** Asks D1 for the pool's numbers; rejects after `deadline_ms`. */
export async function readAssigned(
  database: D1Database,
  pool: PoolSettings,
  deadline_ms: number,
): Promise<AssignedNumber[]> {
  const { pool_id, objects = 1, part = 0, split_settled_at = 0 } = pool;
  const answer = database
    .prepare(ASSIGNED)
    .bind(pool_id, objects, part, split_settled_at)
    .all<AssignedNumber>();
  const outcome = await within(deadline_ms, answer);
  if (outcome.kind === "failed") throw outcome.error;
  if (outcome.kind === "late") throw new Error("D1 did not say in time which numbers the pool has");
  return outcome.value.results;
}

/**
 * Makes these the pool's numbers. What has left is never leased again and its leases cannot be renewed; what they
 * hold stays as it was, since their visitors may still see the number.
 */
export function assignNumbers(
  memory: Memory,
  ledger: Ledger,
  pool: PoolSettings,
  assigned: readonly AssignedNumber[],
): void {
  const staying = new Set(assigned.map((number) => number.number_key));
  const leaving = [...memory.slots.values()].filter((slot) => slot.active && !staying.has(slot.number_key));
  const joining = assigned.filter((number) => !memory.slots.get(number.number_key)?.active);

  // Stored first: when that fails, the memory is as it was.
  for (const { number_key, e164, free_from_at } of leaving) {
    ledger.saveNumber({ number_key, e164, active: 0, free_from_at });
  }
  for (const number of joining) ledger.saveNumber({ ...number, active: 1 });
  ledger.saveMeta({ watermark: memory.watermark(), pool, counts: memory.traffic.counts });

  for (const slot of leaving) {
    slot.active = false;
    memory.heap.remove(slot);
  }
  for (const number of joining) {
    const slot = memory.slots.get(number.number_key);
    if (slot) memory.comeBack(slot, number.free_from_at);
    else addSlot(memory, { ...number, active: true, lease: null });
  }
  memory.pool = pool;
}
