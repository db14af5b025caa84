import { HOUR_MS, type Instant, SECOND_MS } from "../../../shared/instant.ts";
import { blockingOver, type Load } from "./erlang.ts";

/** What came to a pool in one hour (or another span, if said so). A visitor who reloads or clicks again is one. */
export type PoolHour = {
  /** The beginning of the hour. */
  hour_at: Instant;
  /** Visitors who were given a number. */
  arrivals: number;
  /** Visitors who found none free. */
  refused: number;
  /** How long the numbers given in this hour were leased, cool-down not counted. */
  leased_ms: number;
};

/** Cool-downs that are worth choosing between. */
export const COOLDOWNS_S = [0, 900, 1800, 3600, 7200] as const;
/** A cool-down is too long when it alone makes more than this share of visitors find no number. */
export const BLOCKING_MAX = 0.01;
/** Fewer visitors than this say too little about a pool to choose by. */
export const ARRIVALS_MIN = 100;

export type CooldownChoice = { cooldown_s: number; blocking: number };
export type CooldownAdvice = {
  /** Null while too few visitors were measured. */
  cooldown_s: number | null;
  choices: CooldownChoice[];
};

/** How long a visitor keeps a number on average, cool-down not counted; null before the first. */
export function meanLeaseSeconds(hours: readonly PoolHour[]): number | null {
  const arrivals = total(hours, (hour) => hour.arrivals);
  if (arrivals === 0) return null;
  return total(hours, (hour) => hour.leased_ms) / arrivals / SECOND_MS;
}

/** Erlangs that so many visitors an hour offer when each keeps a number for `hold_s` seconds. */
export function offeredLoad(visitors_per_h: number, hold_s: number): number {
  return (visitors_per_h * hold_s * SECOND_MS) / HOUR_MS;
}

/** Everybody who wanted a number. */
export function visitorsOf({ arrivals, refused }: Pick<PoolHour, "arrivals" | "refused">): number {
  return arrivals + refused;
}

/** The hour in which most visitors came, the latest of equals; null without any visitor. */
export function busiestHour(hours: readonly PoolHour[]): PoolHour | null {
  let busiest: PoolHour | null = null;
  for (const hour of hours) {
    if (visitorsOf(hour) > 0 && (!busiest || visitorsOf(hour) >= visitorsOf(busiest))) busiest = hour;
  }
  return busiest;
}

/** The hours as loads, weighed by their visitors, when a number is kept for `hold_s` seconds. */
export function loadsOf(hours: readonly PoolHour[], hold_s: number): Load[] {
  return hours.flatMap((hour) => {
    const weight = visitorsOf(hour);
    return weight === 0 ? [] : [{ offered: offeredLoad(weight, hold_s), weight }];
  });
}

/**
 * The longest cool-down at which at most 1 % of the visitors of these hours would have found no number, else none:
 * Σ αₕ·B(αₕ·(lease + c), N) / Σ αₕ. Longest-idle-first makes most of the gap between two holders by itself, so a
 * long cool-down is never worth visitors who get no number (docs/pools.md has the simulation).
 */
export function adviseCooldown(hours: readonly PoolHour[], lease_s: number, numbers: number): CooldownAdvice {
  const choices = COOLDOWNS_S.map((cooldown_s) => ({
    cooldown_s,
    blocking: blockingOver(loadsOf(hours, lease_s + cooldown_s), numbers),
  }));
  if (total(hours, visitorsOf) < ARRIVALS_MIN || numbers === 0) return { cooldown_s: null, choices };
  const bearable = choices.filter(({ blocking }) => blocking <= BLOCKING_MAX);
  return { cooldown_s: Math.max(0, ...bearable.map(({ cooldown_s }) => cooldown_s)), choices };
}

function total(hours: readonly PoolHour[], of: (hour: PoolHour) => number): number {
  return hours.reduce((sum, hour) => sum + of(hour), 0);
}
