import { type Instant, isInstant } from "../../shared/instant.ts";

/** The one clock: the server's receive time. Everything that needs "now" is handed one of these. */
export type Clock = { now(): Instant };

export const systemClock: Clock = { now: () => Date.now() };

/**
 * The clock of `CLOCK=header` (local only): a request's time is its `ringtrail-now` header, integer ms,
 * if it is there and plausible; else the machine's.
 */
export function headerClock(headers: Headers): Clock {
  const given = Number(headers.get("ringtrail-now") ?? Number.NaN);
  return isInstant(given) ? fixedClock(given) : systemClock;
}

/** A clock that stands still. */
export function fixedClock(at: Instant): Clock {
  return { now: () => at };
}

/** The calendar day in UTC, `YYYY-MM-DD`: for counters that need no time zone. */
export function utcDay(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}
