import { WEBHOOK_LIMITS } from "../../../shared/api/webhooks.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from "../../../shared/instant.ts";

/**
 * The waits between attempts that Standard Webhooks recommends
 * (github.com/standard-webhooks/standard-webhooks, spec, "Deliverability and reliability"), by the minute at the
 * earliest: that is how often the clock looks.
 */
const WAITS_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS];
const TRIED_MS = WEBHOOK_LIMITS.tried_days * DAY_MS;

type Failed = {
  /** Attempts since it was queued, this one with them. */
  attempts: number;
  queued_at: Instant;
  now: Instant;
  /** What the server asked for, in seconds; null when nothing. */
  retry_after_s: number | null;
};

/** When to try again; null when it has been tried for long enough. A server may ask for more patience, not for less. */
export function nextAttemptAt({ attempts, queued_at, now, retry_after_s }: Failed): Instant | null {
  const wait_ms = WAITS_MS[Math.min(attempts, WAITS_MS.length) - 1] ?? MINUTE_MS;
  const asked_ms = (retry_after_s ?? 0) * SECOND_MS;
  const next = now + Math.max(wait_ms, asked_ms);
  return next < queued_at + TRIED_MS ? next : null;
}

/** Of a `Retry-After` in seconds; a date, or nonsense, is none. */
export function retryAfterOf(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) : null;
}
