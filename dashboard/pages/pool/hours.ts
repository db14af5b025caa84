import type { PoolHealthHour, PoolMeasures } from "../../../shared/api/pool-health.ts";
import { HOUR_MS, type Instant } from "../../../shared/instant.ts";
import { dayName, shortDay, time } from "../../format.ts";
import { dayOf } from "../../zone.ts";

/** Every hour of the span, those without a visitor too, oldest first. */
export function everyHour({
  from,
  to,
  hours,
}: Pick<PoolMeasures, "from" | "to" | "hours">): PoolHealthHour[] {
  const known = new Map(hours.map((hour) => [hour.hour_at, hour]));
  const first = from - (from % HOUR_MS);
  const all: PoolHealthHour[] = [];
  for (let hour_at = first; hour_at <= to; hour_at += HOUR_MS) {
    all.push(known.get(hour_at) ?? { hour_at, arrivals: 0, refused: 0, leased: 0 });
  }
  return all;
}

/** `Tue 17 Nov, 14:00`. */
export function hourName(at: Instant, zone: string): string {
  return `${dayName(dayOf(at, zone))}, ${time(at, zone).slice(0, 5)}`;
}

/** Where days begin among these hours, and what they are called. */
export function dayTicks(hours: readonly PoolHealthHour[], zone: string): { index: number; text: string }[] {
  return hours.flatMap(({ hour_at }, index) => {
    const before = hours[index - 1];
    const begins = before && dayOf(before.hour_at, zone) !== dayOf(hour_at, zone);
    return begins ? [{ index, text: shortDay(dayOf(hour_at, zone)) }] : [];
  });
}
