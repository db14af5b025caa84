import type { PoolNumberState } from "../../../shared/api/inventory.ts";
import { type Instant, MINUTE_MS } from "../../../shared/instant.ts";

/** One taken number on the plot's time axis: held so far, held until its lease ends, cooling after that. */
export type Lane = {
  number_id: string;
  e164: string;
  state: "leased" | "cooling";
  leased_at: Instant;
  expires_at: Instant;
  reusable_at: Instant;
};

export const LANES_MAX = 40;

/** The numbers that are taken, the one that comes free next first; at most 40. */
export function lanesOf(states: readonly PoolNumberState[]): Lane[] {
  return states
    .flatMap(({ number_id, e164, state, leased_at, expires_at, reusable_at }) =>
      state === "free" || leased_at === null || expires_at === null || reusable_at === null
        ? []
        : [{ number_id, e164, state, leased_at, expires_at, reusable_at }],
    )
    .sort((a, b) => a.reusable_at - b.reusable_at)
    .slice(0, LANES_MAX);
}

/** The stretch of time that holds all lanes and now, a little wider than them. */
export type Stretch = { from: Instant; to: Instant };

const ROOM = 0.03;
const SHORTEST_MS = 10 * MINUTE_MS;

export function stretchOf(lanes: readonly Lane[], now: Instant): Stretch {
  const from = Math.min(now, ...lanes.map(({ leased_at }) => leased_at));
  const to = Math.max(now, from + SHORTEST_MS, ...lanes.map(({ reusable_at }) => reusable_at));
  const room = (to - from) * ROOM;
  return { from: from - room, to: to + room };
}

/** Where a moment stands on the axis, in percent, inside its ends. */
export function placeOf(at: Instant, { from, to }: Stretch): number {
  return Math.max(0, Math.min(100, (100 * (at - from)) / (to - from)));
}

const STEPS_MIN = [5, 10, 15, 30, 60, 120, 240, 480];
const TICKS_MAX = 7;

/** Round moments for the axis' ticks: full steps of minutes or hours since the epoch. */
export function ticksOf({ from, to }: Stretch): Instant[] {
  const minutes = (to - from) / MINUTE_MS;
  const step = (STEPS_MIN.find((one) => minutes / one <= TICKS_MAX) ?? 1440) * MINUTE_MS;
  const ticks: Instant[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}
