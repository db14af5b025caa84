import type { Chance } from "./chance.ts";

export const HOUR_S = 3_600;
export const DAY_S = 86_400;
export const REGIONS = 30;
/** No visit is longer. */
export const VISIT_MAX_S = 3 * HOUR_S;

/** How the people of a world live: its true parameters, unknown to the product. Times in seconds. */
export type Habits = {
  /** Visitors an hour at the busiest hour, and the share of them at the quietest. */
  peak_per_h: number;
  night_share: number;
  peak_hour: number;
  visit: { median: number; sigma: number };
  publishers: { share: number; eagerness: number }[];
  /** The share of visits that call. */
  call_share: number;
  /** When they do: from the page or soon after it, hours later, days later. */
  when: { live: number; hours: number; days: number };
  /** Of live callers, those who call while the page is open; the others' mean delay after it. */
  on_page_share: number;
  after_page_mean: number;
  hours: { median: number; sigma: number };
  days: { median: number; sigma: number };
  mobile_share: number;
  press: { share: number; lost: number; idle: number; median: number; sigma: number };
  /** Calls that no visit explains: their share, how unevenly they fall on numbers, how often they come again. */
  stray: { share: number; shape: number; again: number };
  /** Phones whose area code is where their owner is. */
  local_share: number;
  address_known: number;
  address_elsewhere: number;
  hidden_share: number;
  /** How phones, and how visitors, spread over regions. */
  phone_regions: number[];
  visitor_regions: number[];
  redial: { share: number; median: number; sigma: number };
  household: { share: number; median: number };
  comeback: { share: number; median: number; forgotten: number };
  same_phone: number;
  /** How much less is called by night. */
  night_calls: number;
};

/** The habits of one world, every one drawn anew. */
export function drawHabits(chance: Chance): Habits {
  const { next, between, scale } = chance;
  const shares = chance.dirichlet(Array.from({ length: 2 + Math.floor(next() * 5) }, () => 1.5));
  const eager = shares.map(() => Math.exp(0.5 * chance.normal()));
  const mean = eager.reduce((sum, one, i) => sum + one * (shares[i] ?? 0), 0);
  const [live = 0, hours = 0, days = 0] = chance.dirichlet([3, 1.2, 1]);
  const harmonic = Array.from({ length: REGIONS }, (_, i) => 1 / (1 + i));
  const whole = harmonic.reduce((a, b) => a + b, 0);
  const phone_regions = harmonic.map((part) => part / whole);
  const isLocal = next() < 0.5;
  return {
    peak_per_h: scale(8, 70),
    night_share: between(0.05, 0.4),
    peak_hour: between(10, 20),
    visit: { median: scale(50, 260), sigma: between(0.9, 1.4) },
    publishers: shares.map((share, i) => ({ share, eagerness: (eager[i] ?? 1) / mean })),
    call_share: scale(0.02, 0.12),
    when: { live, hours, days },
    on_page_share: between(0.45, 0.85),
    after_page_mean: scale(60, 400),
    hours: { median: scale(2_400, 5 * HOUR_S), sigma: between(0.6, 1.1) },
    days: { median: scale(DAY_S, 6 * DAY_S), sigma: between(0.8, 1.5) },
    mobile_share: between(0.3, 0.85),
    press: {
      share: between(0.5, 0.95),
      lost: between(0.03, 0.25),
      idle: between(0.003, 0.03),
      median: between(4, 9),
      sigma: between(0.35, 0.6),
    },
    stray: { share: scale(0.005, 0.05), shape: scale(0.15, 2), again: between(0.05, 0.3) },
    local_share: between(0.35, 0.92),
    address_known: between(0.75, 0.98),
    address_elsewhere: between(0.02, 0.12),
    hidden_share: between(0.01, 0.05),
    phone_regions,
    visitor_regions: isLocal ? phone_regions.map((p, i) => (i === 0 ? 0.6 : 0) + 0.4 * p) : phone_regions,
    redial: { share: between(0.05, 0.3), median: scale(600, DAY_S), sigma: between(1, 1.8) },
    household: { share: between(0.01, 0.06), median: scale(HOUR_S, 2 * DAY_S) },
    comeback: {
      share: between(0.05, 0.3),
      median: scale(4 * HOUR_S, 3 * DAY_S),
      forgotten: between(0.05, 0.3),
    },
    same_phone: between(0.8, 0.97),
    night_calls: between(0.03, 0.3),
  };
}

/** How busy a moment of the week is, 1 at the busiest hour of a working day. */
export function bustle(habits: Habits, at_s: number): number {
  const hour = (at_s / HOUR_S) % 24;
  const day = Math.floor(at_s / DAY_S) % 7;
  const cosine = 0.5 * (1 + Math.cos(((hour - habits.peak_hour) / 24) * 2 * Math.PI));
  return (habits.night_share + (1 - habits.night_share) * cosine) * (day >= 5 ? 0.7 : 1);
}

/** The mean of that over a day. */
export function meanBustle(habits: Habits): number {
  const hours = Array.from({ length: 24 }, (_, hour) => bustle(habits, (hour + 0.5) * HOUR_S));
  return hours.reduce((a, b) => a + b, 0) / hours.length;
}

/** How many of those who would call late do so at this hour. */
export function wakefulness(habits: Habits, at_s: number): number {
  const hour = (at_s / HOUR_S) % 24;
  return hour >= 8 && hour < 21 ? 1 : habits.night_calls;
}

/** Its mean over the day. */
export function meanWakefulness(habits: Habits): number {
  return (13 + 11 * habits.night_calls) / 24;
}

/** How long a number is held for one visit on average, cool-down included. */
export function meanHold(habits: Habits, ttl_s: number, cooldown_s: number): number {
  const draws = Array.from({ length: 200 }, (_, i) => quantile((i + 0.5) / 200));
  const visits = draws.map((z) =>
    Math.min(habits.visit.median * Math.exp(habits.visit.sigma * z), VISIT_MAX_S),
  );
  return visits.reduce((a, b) => a + b, 0) / visits.length + ttl_s + cooldown_s;
}

/** Abramowitz and Stegun 7.1.26. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const y = 1 - series * Math.exp(-x * x);
  return x >= 0 ? y : -y;
}

/** The standard normal distribution. */
export function normalBelow(x: number): number {
  return 0.5 * (1 + erf(x / Math.SQRT2));
}

/** Its inverse, by bisection. */
export function quantile(p: number): number {
  let low = -6;
  let high = 6;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}

export function lognormalBelow(x: number, median: number, sigma: number): number {
  return x <= 0 ? 0 : normalBelow(Math.log(x / median) / sigma);
}

export function lognormalDensity(x: number, median: number, sigma: number): number {
  if (x <= 0) return 0;
  return Math.exp(-0.5 * (Math.log(x / median) / sigma) ** 2) / (x * sigma * Math.sqrt(2 * Math.PI));
}
