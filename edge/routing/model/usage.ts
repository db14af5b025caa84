import type { Used } from "../../../shared/api/routing.ts";
import type { Instant } from "../../../shared/instant.ts";
import { businessClock } from "./business-clock.ts";
import type { Caps } from "./plan.ts";
import type { Slot } from "./slots.ts";

/** How often something with a cap was used lately: in its latest hour, day and month with a call, ever, and now. */
export type UsageRow = {
  scope_id: string;
  hour_at: Instant;
  hour_used: number;
  /** `YYYY-MM-DD`, in the campaign's time zone. */
  day: string;
  day_used: number;
  /** `YYYY-MM` */
  month: string;
  month_used: number;
  total_used: number;
  open_used: number;
};

/** By scope: a target's, a group's, a campaign's or an enrollment's id. */
export type Usage = ReadonlyMap<string, UsageRow>;

export const NOT_USED: Usage = new Map();

/** What a scope has used in the hour, day and month of the moment; what is of an earlier one is over. */
export function usedAt(usage: Usage, scope_id: string, timezone: string, at: Instant): Used {
  const row = usage.get(scope_id);
  if (!row) return { hour: 0, day: 0, month: 0, total: 0, concurrent: 0 };
  const now = businessClock(timezone, at);
  return {
    hour: row.hour_at === now.hour_at ? row.hour_used : 0,
    day: row.day === now.day ? row.day_used : 0,
    month: row.month === now.month ? row.month_used : 0,
    total: row.total_used,
    concurrent: row.open_used,
  };
}

/** The cap that is reached, in words; null when there is room for one more. */
export function reachedCap(caps: Caps, used: Used): string | null {
  if (caps.concurrency !== null && used.concurrent >= caps.concurrency) return "concurrency_cap";
  if (caps.hourly !== null && used.hour >= caps.hourly) return "hourly_cap";
  if (caps.daily !== null && used.day >= caps.daily) return "daily_cap";
  if (caps.monthly !== null && used.month >= caps.monthly) return "monthly_cap";
  if (caps.total !== null && used.total >= caps.total) return "total_cap";
  return null;
}

export function hasCap(caps: Caps): boolean {
  return Object.values(caps).some((cap) => cap !== null);
}

/** The usage once a slot was refused: its scope is full, whatever else is known of it. */
export function withFull(usage: Usage, { scope_id, hour_at, day, month }: Slot): Usage {
  const full = Number.POSITIVE_INFINITY;
  return new Map(usage).set(scope_id, {
    scope_id,
    hour_at,
    hour_used: full,
    day,
    day_used: full,
    month,
    month_used: full,
    total_used: full,
    open_used: full,
  });
}
