import { binsOf, FIRST_DAILY_LEFT_BIN, FIRST_HOURLY_LEFT_BIN, LEFT_EDGES_S, valueIn } from "../bins.ts";
import type { Parameters } from "../parameters.ts";
import type { HourExposure } from "./exposure.ts";
import { factorOf } from "./factors.ts";

/** How many calls the prior of an hour, which is 1, counts for. */
const HOUR_PRIOR = 8;

const DAY_H = 24;
/** Times between two edges are looked at in so many places. */
const PLACES = 8;
/** No hour of leaving is worth less or more, however few call by night. */
const LEFT_MIN = 0.25;
const LEFT_MAX = 4;

/** The hours that late callers, strays and who calls again keep, and what they mean for who left at each hour. */
export function learnHours(
  parameters: Parameters,
  exposure: HourExposure,
  counted: readonly number[],
  numbers: number,
): Pick<Parameters, "hour" | "left_hour" | "again_hour"> {
  const hour = busyHours(parameters, exposure, counted, numbers);
  return { hour, left_hour: leftHours(parameters.left, hour), again_hour: hour };
}

/** How busy each hour of the day is, against what an even day would have. */
function busyHours(
  parameters: Parameters,
  exposure: HourExposure,
  counted: readonly number[],
  numbers: number,
): readonly number[] {
  const stray_per_h = (parameters.stray?.mean ?? 0) * numbers * 3_600;
  const even = exposure.samples.map((samples, hour) => {
    let calls = stray_per_h * samples;
    for (let bin = FIRST_HOURLY_LEFT_BIN; bin < binsOf(LEFT_EDGES_S); bin++) {
      const leases = exposure.leases[hour]?.[bin] ?? 0;
      calls += valueIn(parameters.left, bin) * meanLeftHour(parameters, hour, bin) * leases * 3_600;
    }
    return calls;
  });
  const all = even.reduce((sum, calls) => sum + calls, 0);
  if (all <= 0) return [...parameters.hour];
  const scale = counted.reduce((sum, calls) => sum + calls, 0) / all;
  const hours = even.map((calls, hour) => factorOf(valueIn(counted, hour), calls * scale, HOUR_PRIOR));
  const mean = hours.reduce((sum, factor, hour) => sum + (factor * valueIn(even, hour)) / all, 0);
  return hours.map((factor) => factor / mean);
}

/**
 * How likely a visitor who left at each hour is to call late within a day: so much that, over the hours that follow,
 * all of them call equally often. Who leaves before the night has more of his calls left for the morning.
 */
function leftHours(left: readonly number[], hour: readonly number[]): number[] {
  return Array.from({ length: DAY_H }, (_, left_at) => {
    let even = 0;
    let kept = 0;
    for (let bin = FIRST_HOURLY_LEFT_BIN; bin < FIRST_DAILY_LEFT_BIN; bin++) {
      const calls = valueIn(left, bin) * (valueIn(LEFT_EDGES_S, bin + 1) - valueIn(LEFT_EDGES_S, bin));
      even += calls;
      for (const since_h of placesOf(bin)) kept += (calls / PLACES) * atHour(hour, left_at + since_h);
    }
    return Math.min(LEFT_MAX, Math.max(LEFT_MIN, even / kept));
  });
}

/** The mean of `left_hour` over those who stand in a bin at an hour. */
function meanLeftHour({ left_hour }: Parameters, hour: number, bin: number): number {
  if (bin >= FIRST_DAILY_LEFT_BIN) return 1;
  return placesOf(bin).reduce((sum, since_h) => sum + atHour(left_hour, hour - since_h) / PLACES, 0);
}

/** Times since leaving, evenly over a bin, hours. */
function placesOf(bin: number): number[] {
  const from = valueIn(LEFT_EDGES_S, bin) / 3_600;
  const to = valueIn(LEFT_EDGES_S, bin + 1) / 3_600;
  return Array.from({ length: PLACES }, (_, place) => from + ((to - from) * (place + 0.5)) / PLACES);
}

/** The value at a time that is so many hours from the middle of hour 0, a day earlier at most. */
function atHour(values: readonly number[], hours: number): number {
  return valueIn(values, Math.floor(hours + 0.5 + DAY_H) % DAY_H);
}
