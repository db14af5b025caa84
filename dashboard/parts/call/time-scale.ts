import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../../shared/instant.ts";

/** A place on the axis: percent from the left, 0 to 100. `fine` ones go where there is no room. */
export type Tick = { at: Instant; percent: number; fine: boolean };

/**
 * Where moments stand on the attribution plot. `clock` is linear time; `before` counts back from the call on a
 * logarithmic axis, because a lease of eleven days ago and one of five minutes ago do not fit a linear one.
 */
export type TimeScale = {
  kind: "clock" | "before";
  ticks: Tick[];
  /** True where minutes are far enough apart that the call's own seconds matter. */
  fine: boolean;
  percentAt(at: Instant): number;
};

/** Past this the minutes before the call would shrink to nothing on a linear axis. */
const CLOCK_SPAN_MS = 8 * HOUR_MS;
/** Labels nearer than this to the call's own label are left out, or only shown where there is room. */
const LABEL_GAP = 8;
const NARROW_LABEL_GAP = 13;
/** A label nearer to the left end would stick out of a narrow plot. */
const EDGE_GAP = 6;
const CALL_PERCENT = 92;
/** Further right than this the call's own label ends at its line instead of standing over it. */
export const LABEL_ENDS_FROM = 94;
const HALF_LABEL = 4;
/** How much of the time before the call the axis goes on after it, at most. */
const AFTER_SHARE = 0.4;
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120].map((minutes) => minutes * MINUTE_MS);
const MOST_TICKS = 8;
const AGES_MS = [MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS, 7 * DAY_MS, 30 * DAY_MS];

/**
 * The axis for a call at `call_at` over everything between `first_at` and `last_at` (leases begin and end there).
 * `utc_offset_ms` puts the clock's ticks on full local minutes and hours.
 */
export function timeScale(options: {
  call_at: Instant;
  first_at: Instant;
  last_at: Instant;
  utc_offset_ms: number;
}): TimeScale {
  const first_at = Math.min(options.first_at, options.call_at - MINUTE_MS);
  // What a lease was still good for after the call matters less than what led to it.
  const after_ms = Math.max((options.call_at - first_at) * AFTER_SHARE, MINUTE_MS);
  const last_at = Math.min(Math.max(options.last_at, options.call_at), options.call_at + after_ms);
  return last_at - first_at <= CLOCK_SPAN_MS
    ? clockScale(first_at, last_at, options.call_at, options.utc_offset_ms)
    : beforeScale(first_at, last_at, options.call_at);
}

function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}

function clockScale(first_at: Instant, last_at: Instant, call_at: Instant, utc_offset_ms: number): TimeScale {
  const pad = Math.max((last_at - first_at) * 0.06, MINUTE_MS / 2);
  const from_at = first_at - pad;
  const span_ms = last_at + pad - from_at;
  const percentAt = (at: Instant) => clamp(((at - from_at) / span_ms) * 100);
  const step_ms = STEPS_MS.find((step) => span_ms / step <= MOST_TICKS) ?? 2 * HOUR_MS;
  const ticks: Tick[] = [];
  const begin = Math.ceil((from_at + utc_offset_ms) / step_ms) * step_ms - utc_offset_ms;
  for (let at = begin, index = 0; at < from_at + span_ms; at += step_ms, index += 1) {
    addTick(ticks, { at, percent: percentAt(at), fine: index % 2 === 1 }, percentAt(call_at));
  }
  return { kind: "clock", ticks, fine: step_ms < 5 * MINUTE_MS, percentAt };
}

function beforeScale(first_at: Instant, last_at: Instant, call_at: Instant): TimeScale {
  const reach = Math.log1p((call_at - first_at) / MINUTE_MS) * 1.06;
  const after_ms = Math.max(last_at - call_at, MINUTE_MS);
  const percentAt = (at: Instant) => {
    if (at > call_at) return clamp(CALL_PERCENT + ((at - call_at) / after_ms) * (99 - CALL_PERCENT));
    return clamp(CALL_PERCENT * (1 - Math.log1p((call_at - at) / MINUTE_MS) / reach));
  };
  const ticks: Tick[] = [];
  AGES_MS.filter((age) => age <= call_at - first_at).forEach((age, index) => {
    const at = call_at - age;
    addTick(ticks, { at, percent: percentAt(at), fine: index % 2 === 1 }, CALL_PERCENT);
  });
  return { kind: "before", ticks, fine: false, percentAt };
}

function addTick(ticks: Tick[], tick: Tick, call_percent: number): void {
  const label = call_percent > LABEL_ENDS_FROM ? call_percent - HALF_LABEL : call_percent;
  const gap = Math.abs(tick.percent - label);
  if (gap < LABEL_GAP || tick.percent < 2 || tick.percent > 98) return;
  ticks.push({ ...tick, fine: tick.fine || gap < NARROW_LABEL_GAP || tick.percent < EDGE_GAP });
}
