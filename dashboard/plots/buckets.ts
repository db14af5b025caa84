import { wallClock } from "../../shared/wall-clock.ts";
import { dayName, monthName, shortDay } from "../format.ts";
import type { Range, Unit } from "../range.ts";
import { addDays, addMonths, type Day, dayOf, firstOfMonth, startOfDay, weekdayOf } from "../zone.ts";

/**
 * One bar's worth of time that begins at `at` (ms since the epoch). `key` is how a report names it:
 * `2026-11-19`, `2026-11`, `2026-11-19T14`.
 */
export type Bucket = { key: string; label: string; first: Day; at: number };

/** A word under the axis; `fine` ones go on a phone. */
export type Tick = { index: number; text: string; fine: boolean };

const HOUR_MS = 3_600_000;

/** How a report's bucket is named: its first 7 (month), 10 (day) or 13 (hour) characters of an ISO date. */
export function bucketKey(value: unknown, unit: Unit): string {
  return String(value).slice(0, { month: 7, day: 10, hour: 13 }[unit]);
}

function hours(from: number, to: number, zone: string): Bucket[] {
  const found = new Map<string, Bucket>();
  for (let at = from; at < to; at += HOUR_MS) {
    const day = dayOf(at, zone);
    const hour = String(wallClock(zone, at).hour).padStart(2, "0");
    const key = `${day}T${hour}`;
    // The hour that the clock repeats in autumn is one bar.
    if (!found.has(key)) found.set(key, { key, label: `${dayName(day)}, ${hour}:00`, first: day, at });
  }
  return [...found.values()];
}

/** Every bucket from `first` to `last` in order, so that a day without calls is a gap and not missing. */
export function bucketsOf(
  unit: Unit,
  first: Day,
  last: Day,
  range: Pick<Range, "from" | "to" | "zone">,
): Bucket[] {
  if (unit === "hour") return hours(range.from ?? range.to, range.to, range.zone);
  const buckets: Bucket[] = [];
  if (unit === "day") {
    for (let day = first; day <= last; day = addDays(day, 1)) {
      buckets.push({ key: day, label: dayName(day), first: day, at: startOfDay(day, range.zone) });
    }
    return buckets;
  }
  for (let month = firstOfMonth(first); month <= last; month = addMonths(month, 1)) {
    const at = startOfDay(month, range.zone);
    buckets.push({ key: month.slice(0, 7), label: monthName(month), first: month, at });
  }
  return buckets;
}

/** The words under the axis: each day of a week, Mondays of more, hours by six, months by what fits. */
export function ticksOf(buckets: readonly Bucket[], unit: Unit): Tick[] {
  if (unit === "hour") {
    const step = buckets.length > 26 ? 12 : 6;
    return buckets.flatMap(({ key }, index) => {
      const hour = Number(key.slice(11));
      return hour % step === 0 ? [{ index, text: `${key.slice(11)}:00`, fine: hour % (step * 2) !== 0 }] : [];
    });
  }
  if (unit === "month") {
    const every = Math.ceil(buckets.length / 12);
    return buckets.flatMap(({ label }, index) =>
      index % every === 0 ? [{ index, text: label.slice(0, 3), fine: (index / every) % 2 === 1 }] : [],
    );
  }
  if (buckets.length <= 8) {
    return buckets.map(({ first }, index) => ({ index, text: dayName(first), fine: index % 2 === 1 }));
  }
  const mondays = buckets.flatMap(({ first }, index) => (weekdayOf(first) === 1 ? [{ index, first }] : []));
  const every = Math.ceil(mondays.length / 6);
  return mondays
    .filter((_, at) => at % every === 0)
    .map(({ index, first }, at) => ({
      index,
      text: every === 1 ? dayName(first) : shortDay(first),
      fine: at % 2 === 1,
    }));
}
