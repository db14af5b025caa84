import type { PoolAlert, PoolMeasures } from "../../../shared/api/pool-health.ts";
import { DAY_MS, HOUR_MS, type Instant, SECOND_MS } from "../../../shared/instant.ts";
import { blockingOver, erlangB, numbersNeeded } from "./erlang.ts";
import {
  ARRIVALS_MIN,
  adviseCooldown,
  BLOCKING_MAX,
  busiestHour,
  loadsOf,
  meanLeaseSeconds,
  offeredLoad,
  type PoolHour,
  visitorsOf,
} from "./pool-load.ts";

/** What was counted of a pool between `from` and `now`. */
export type PoolCounts = {
  from: Instant;
  now: Instant;
  numbers: number;
  cooldown_s: number;
  number_rent_micros: number | null;
  hours: readonly (PoolHour & { occupied_ms: number })[];
  arrivals_last_hour: number;
  joined: PoolMeasures["joined"];
  calls_to_free_numbers: number;
  blocked: PoolMeasures["blocked"];
  honeypot: NonNullable<PoolMeasures["honeypot"]>;
};

const MONTH_MS = 30 * DAY_MS;
/** How far the sizes that are compared reach beyond the one that is and the one that would do, and how many. */
const SIZES_AROUND = 3;
const SIZES_MAX = 40;

/** From what was counted to what it means: loads, Erlang's blocking, how many numbers would do, and what one costs. */
export function measuresOf(counts: PoolCounts): PoolMeasures {
  const { from, now, numbers, hours, arrivals_last_hour } = counts;
  const arrivals = sum(hours, (hour) => hour.arrivals);
  const refused = sum(hours, (hour) => hour.refused);
  const mean_lease_s = meanLeaseSeconds(hours);
  const hold_s = mean_lease_s === null ? null : mean_lease_s + counts.cooldown_s;
  const busiest = busiestHour(hours);
  const load = (visitors_per_h: number | null) =>
    hold_s === null || visitors_per_h === null ? null : offeredLoad(visitors_per_h, hold_s);
  const offered_now = load(arrivals_last_hour + refusedLastHour(hours, now));
  const offered_busiest = load(busiest && visitorsOf(busiest));
  const blocking = (offered: number | null) => (offered === null ? null : erlangB(offered, numbers));
  const needed = (at_most: number) =>
    offered_busiest === null ? null : numbersNeeded(offered_busiest, at_most);
  const advice = adviseCooldown(hours, mean_lease_s ?? 0, numbers);
  return {
    from,
    to: now,
    arrivals,
    refused,
    without_number: arrivals + refused === 0 ? 0 : refused / (arrivals + refused),
    arrivals_last_hour,
    mean_lease_s,
    mean_hold_s: hold_s,
    offered_erlangs: { now: offered_now, busiest_hour: offered_busiest },
    erlang_b: {
      now: blocking(offered_now),
      busiest_hour: blocking(offered_busiest),
      all_hours: hold_s === null ? null : blockingOver(loadsOf(hours, hold_s), numbers),
    },
    busiest_hour_at: busiest?.hour_at ?? null,
    numbers_needed: { percent_1: needed(0.01), permille_1: needed(0.001) },
    cooldown: {
      advised_s: advice.cooldown_s,
      choices: advice.choices.map(({ cooldown_s, blocking }) => ({ cooldown_s, erlang_b: blocking })),
    },
    next_number: nextNumber(counts, hold_s),
    sizes: offered_busiest === null || hold_s === null ? [] : sizesAround(counts, hold_s, offered_busiest),
    joined: counts.joined,
    calls_to_free_numbers: counts.calls_to_free_numbers,
    blocked: counts.blocked,
    honeypot: counts.honeypot,
    hours: hours.map(({ hour_at, arrivals, refused, occupied_ms }) => ({
      hour_at,
      arrivals,
      refused,
      leased: occupied_ms / Math.min(HOUR_MS, Math.max(SECOND_MS, now - hour_at)),
    })),
  };
}

/** Visitors a month who would find a number if there were so many, and do not now. */
function wonBy(counts: PoolCounts, hold_s: number, numbers: number): number {
  const loads = loadsOf(counts.hours, hold_s);
  const visitors = sum(loads, ({ weight }) => weight);
  const won = visitors * (blockingOver(loads, counts.numbers) - blockingOver(loads, numbers));
  return (won * MONTH_MS) / Math.max(HOUR_MS, counts.now - counts.from);
}

/** From a little less than would do, or than there is, to a little more. */
function sizesAround(counts: PoolCounts, hold_s: number, offered: number): PoolMeasures["sizes"] {
  const { numbers } = counts;
  const from = Math.max(1, Math.min(numbers, numbersNeeded(offered, 0.05)) - SIZES_AROUND);
  const to = Math.max(numbers, numbersNeeded(offered, 0.001)) + SIZES_AROUND;
  const step = Math.ceil((to - from) / SIZES_MAX);
  const sizes = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
  // The size that is must be among them, whatever the step.
  const all = [...new Set([...sizes, ...(numbers > 0 ? [numbers] : [])])].sort((a, b) => a - b);
  return all.map((size) => ({
    numbers: size,
    erlang_b: erlangB(offered, size),
    visitors_a_month: wonBy(counts, hold_s, size),
  }));
}

/** What one number more would win, and its rent divided among those visitors. */
function nextNumber(counts: PoolCounts, hold_s: number | null): PoolMeasures["next_number"] {
  const { numbers, number_rent_micros: rent_micros } = counts;
  if (hold_s === null) return { visitors_a_month: null, rent_micros, micros_per_visitor: null };
  const visitors_a_month = wonBy(counts, hold_s, numbers + 1);
  // A price for a visitor who comes once in years says nothing.
  const hasPrice = rent_micros !== null && visitors_a_month >= 0.1;
  const micros_per_visitor = hasPrice ? Math.round(rent_micros / visitors_a_month) : null;
  return { visitors_a_month, rent_micros, micros_per_visitor };
}

/** Refusals are counted by whole hours: of the hour before only the part that lies in the last 60 minutes. */
function refusedLastHour(hours: PoolCounts["hours"], now: Instant): number {
  const elapsed = (now % HOUR_MS) / HOUR_MS;
  return sum(hours, ({ hour_at, refused }) => {
    if (hour_at + HOUR_MS > now) return refused;
    return hour_at + 2 * HOUR_MS > now ? refused * (1 - elapsed) : 0;
  });
}

/** From where on an owner is told, and after how much evidence. */
const REFUSED_MIN = 3;
const WRONG_MAX = 0.1;
const JOINED_MIN = 20;
const UNEXPLAINED_MIN = 3;
const NEEDED_TIMES_MAX = 1.5;
const WEEK_MS = 7 * DAY_MS;

/**
 * What the owner of a pool should know now, worst first. `unexplained` is the most calls that one free number got
 * which no visit explains.
 */
export function alertsOf(
  now: { numbers: number; free: number },
  measured: PoolMeasures | null,
  unexplained: number,
): PoolAlert[] {
  const alerts: PoolAlert[] = [];
  const tell = (when: boolean, kind: PoolAlert["kind"], value: number | null, threshold: number) => {
    if (when && value !== null) alerts.push({ kind, value, threshold });
  };
  tell(now.free === 0, "dry", 0, 1);
  if (!measured) return alerts;
  const { refused, without_number, erlang_b, joined, numbers_needed } = measured;
  const isKnown = measured.arrivals + refused >= ARRIVALS_MIN;
  const tooMany = without_number > BLOCKING_MAX && refused >= REFUSED_MIN;
  tell(tooMany, "visitors_without_number", without_number, BLOCKING_MAX);
  const peak = erlang_b.busiest_hour;
  tell(isKnown && (peak ?? 0) > BLOCKING_MAX, "blocking_at_peak", peak, BLOCKING_MAX);
  const wrong = joined.wrong_share;
  tell(joined.calls >= JOINED_MIN && (wrong ?? 0) > WRONG_MAX, "calls_joined_wrongly", wrong, WRONG_MAX);
  const caught = measured.honeypot?.calls ?? 0;
  tell(caught > 0, "honeypot_called", caught, 1);
  tell(unexplained >= UNEXPLAINED_MIN, "hard_coded_number", unexplained, UNEXPLAINED_MIN);
  const ample = Math.ceil((numbers_needed.permille_1 ?? 0) * NEEDED_TIMES_MAX) + 2;
  const isWhole = measured.to - measured.from >= WEEK_MS;
  tell(isKnown && isWhole && now.numbers > ample, "more_than_needed", now.numbers, ample);
  return alerts;
}

function sum<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((total, one) => total + of(one), 0);
}
