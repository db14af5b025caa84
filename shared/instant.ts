/** Milliseconds since the epoch, integer; every `…_at` on the wire and in the database. */
export type Instant = number;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** True for an integer that is a plausible moment (years 2000 to 2100). */
export function isInstant(value: unknown): value is Instant {
  return (
    Number.isInteger(value) && (value as number) >= 946_684_800_000 && (value as number) < 4_102_444_800_000
  );
}

/** A half-open interval `[from_at, to_at)`. `to_at: null` is open-ended. */
export type Interval = { from_at: Instant; to_at: Instant | null };

export function contains(interval: Interval, at: Instant): boolean {
  return interval.from_at <= at && (interval.to_at === null || at < interval.to_at);
}
