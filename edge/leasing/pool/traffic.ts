import { DAY_MS, HOUR_MS, type Instant, SECOND_MS } from "../../../shared/instant.ts";

/** How many leases there had been when one was made. */
export type LeaseCount = { at: Instant; leases: number };

/** A rate is that of the latest so many days with leases, … */
const COUNTS_OF_A_RATE = 8;
/** … and can be told of any moment a week ago at least. */
const COUNTS_KEPT = 2 * COUNTS_OF_A_RATE;

/** How many leases the pool has made, and how many there had been on each of its latest days. */
export class Traffic {
  leases = 0;
  /** Oldest first. */
  counts: LeaseCount[] = [];
  /** When the newest lease was made. */
  newest_at: Instant = 0;

  /** Counts a lease that is made now and answers its number; once a day the count is remembered. */
  count(now: Instant): number {
    if (this.isFirstOfDay(now)) this.remember(now, this.leases);
    this.leases += 1;
    this.newest_at = Math.max(this.newest_at, now);
    return this.leases;
  }

  /** Whether a lease that is made then is the first of a day. */
  isFirstOfDay(at: Instant): boolean {
    const last = this.counts.at(-1);
    return last === undefined || at - last.at >= DAY_MS;
  }

  /** Remembers how many there were before the first lease of a day. */
  remember(at: Instant, leases: number): void {
    this.counts = [...this.counts, { at, leases }].slice(-COUNTS_KEPT);
  }

  /**
   * Leases a second over about seven days up to a moment, the same whenever it is asked; `later` is how many have been
   * made since. A pool younger than an hour counts as an hour old, so that its first visitors do not look like a stream.
   */
  perSecond(at: Instant, later: number): number {
    const [first] = this.counts.filter((count) => count.at <= at).slice(-COUNTS_OF_A_RATE);
    if (first === undefined) return 0;
    const leases = this.leases - later - first.leases;
    return leases / (Math.max(at - first.at, HOUR_MS) / SECOND_MS);
  }
}
