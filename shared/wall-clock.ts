import { DAY_MS, type Instant, SECOND_MS } from "./instant.ts";

/** What a clock on the wall of a time zone shows. `month` 1–12, `weekday` 0 (Sunday) – 6. */
export type WallClock = {
  year: number;
  month: number;
  day: number;
  weekday: number;
  hour: number;
  minute: number;
  second: number;
};

/** 1970-01-01 was a Thursday. */
const WEEKDAY_OF_EPOCH = 4;

/** Making a formatter costs a thousand times what using it does; there are a few hundred zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(zone, made);
  return made;
}

/** The wall clock of `zone` (IANA) at a moment, by the platform's copy of the tz database. */
export function wallClock(zone: string, at: Instant): WallClock {
  const read: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) read[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read;
  const days = Date.UTC(year, month - 1, day) / DAY_MS;
  const weekday = (((days + WEEKDAY_OF_EPOCH) % 7) + 7) % 7;
  return { year, month, day, weekday, hour, minute, second };
}

/** How far the clock of `zone` is ahead of UTC at a moment, in ms; negative west of Greenwich. */
export function offsetAt(zone: string, at: Instant): number {
  const { year, month, day, hour, minute, second } = wallClock(zone, at);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / SECOND_MS) * SECOND_MS;
}
