import { DAY_MS } from "../shared/instant.ts";
import { offsetAt, wallClock } from "../shared/wall-clock.ts";

/** A calendar day, `YYYY-MM-DD`: no moment and no zone of its own. */
export type Day = string;

const utcOf = (day: Day): number => Date.parse(`${day}T00:00:00Z`);
const dayOfUtc = (at: number): Day => new Date(at).toISOString().slice(0, 10);

export function dayOf(at: number, zone: string): Day {
  const { year, month, day } = wallClock(zone, at);
  return dayOfUtc(Date.UTC(year, month - 1, day));
}

/**
 * The first moment of `day` in `zone`. Where midnight comes twice the earlier one, where the clock skips it
 * (it did in São Paulo) the moment of the change.
 */
export function startOfDay(day: Day, zone: string): number {
  return momentOf(utcOf(day), zone);
}

/** @param wall what the wall clock shows, as if it were UTC */
function momentOf(wall: number, zone: string): number {
  const before = offsetAt(zone, wall - DAY_MS);
  const after = offsetAt(zone, wall + DAY_MS);
  const fits = [wall - before, wall - after].filter((at) => at + offsetAt(zone, at) === wall);
  return fits.length > 0 ? Math.min(...fits) : wall - before;
}

/**
 * The moment of a wall clock's `YYYY-MM-DDTHH:MM` in `zone`; null for anything else. Where the clock shows it twice
 * the earlier moment, where it skips it the one as far after the change.
 */
export function atWall(text: string, zone: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) return null;
  const wall = Date.parse(`${text}:00Z`);
  return Number.isNaN(wall) ? null : momentOf(wall, zone);
}

export function addDays(day: Day, days: number): Day {
  return dayOfUtc(utcOf(day) + days * DAY_MS);
}

/** The same day of another month, or that month's last day if it has no such day. */
export function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return dayOfUtc(Date.UTC(year, month - 1 + months, Math.min(date, last)));
}

export function firstOfMonth(day: Day): Day {
  return `${day.slice(0, 8)}01`;
}

/** Whole days from `from` to `to`, negative if `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((utcOf(to) - utcOf(from)) / DAY_MS);
}

/** 0 (Sunday) – 6. */
export function weekdayOf(day: Day): number {
  return new Date(utcOf(day)).getUTCDay();
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(utcOf(text)) && dayOfUtc(utcOf(text)) === text;
}
