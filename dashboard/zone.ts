/** A calendar day, `YYYY-MM-DD`: no moment and no zone of its own. */
export type Day = string;

/** What a wall clock in a zone shows. `month` 1–12, `weekday` 0 (Sunday) – 6. */
export type WallClock = {
  year: number;
  month: number;
  day: number;
  weekday: number;
  hour: number;
  minute: number;
  second: number;
};

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string): Intl.DateTimeFormat {
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

/** The wall clock of `zone` (IANA) at `at` (ms since the epoch). */
export function wallClock(at: number, zone: string): WallClock {
  const read: Record<string, number> = {};
  for (const { type, value } of formatIn(zone).formatToParts(at)) read[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read;
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { year, month, day, weekday, hour, minute, second };
}

/** How far `zone` is ahead of UTC at `at`, in ms. */
function offsetAt(at: number, zone: string): number {
  const wall = wallClock(at, zone);
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
  return asUtc - Math.floor(at / 1000) * 1000;
}

const utcOf = (day: Day): number => Date.parse(`${day}T00:00:00Z`);
const dayOfUtc = (at: number): Day => new Date(at).toISOString().slice(0, 10);

export function dayOf(at: number, zone: string): Day {
  const { year, month, day } = wallClock(at, zone);
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
  const before = offsetAt(wall - DAY_MS, zone);
  const after = offsetAt(wall + DAY_MS, zone);
  const fits = [wall - before, wall - after].filter((at) => at + offsetAt(at, zone) === wall);
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
