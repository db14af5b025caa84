import { HOUR_MS, type Instant } from "../../shared/instant.ts";
import type { Blocked } from "./store.ts";

/** Page views of one hour, site and reason that got no number; `visitors` of them found none for the first time. */
export type BlockedCount = Blocked & { hour_at: Instant; blocked: number; visitors: number };

/**
 * Blocked page views that D1 has not heard of yet. A flood of bots is one row for each site and reason, sent at
 * most every quarter of a second, not a statement each. What is lost with an isolate is a quarter of a second.
 */
export class BlockedCounts {
  readonly #counts = new Map<string, BlockedCount>();
  #is_sending = false;

  /** Counts one page view; true for the caller who is to `take` the counts after a while. */
  add(blocked: Blocked, visitors: 0 | 1, now: Instant): boolean {
    const hour_at = now - (now % HOUR_MS);
    const key = `${hour_at} ${blocked.site_id} ${blocked.pool_id} ${blocked.reason}`;
    const count = this.#counts.get(key) ?? { ...blocked, hour_at, blocked: 0, visitors: 0 };
    count.blocked += 1;
    count.visitors += visitors;
    this.#counts.set(key, count);
    if (this.#is_sending) return false;
    this.#is_sending = true;
    return true;
  }

  take(): BlockedCount[] {
    const counts = [...this.#counts.values()];
    this.#counts.clear();
    this.#is_sending = false;
    return counts;
  }
}
