import { type Instant, MINUTE_MS } from "../../../shared/instant.ts";

/** What a clock on the wall of a time zone shows, in parts, and the moment at which its hour began. */
export type WallClock = {
  /** `YYYY-MM-DD` */
  day: string;
  /** `YYYY-MM` */
  month: string;
  /** 0 is Monday. */
  weekday: number;
  /** Minutes since the day's 00:00 on the clock: in a night when clocks change, some come twice or not at all. */
  minute: number;
  hour_at: Instant;
};

const WEEKDAYS: Readonly<Record<string, number>> = { Mon: 0, Tue: 1, Wed: 2, Thu: 3, Fri: 4, Sat: 5, Sun: 6 };

/** Making a formatter costs a thousand times what using it does; there are a few hundred zones. */
const formats = new Map<string, Intl.DateTimeFormat>();
/** One ring asks the same clock for each of its targets, hours and caps. */
const latest = new Map<string, { at: Instant; clock: WallClock }>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  formats.set(zone, format);
  return format;
}

/**
 * The wall clock of `zone` (IANA) at a moment, by the platform's copy of the tz database. Hours of business, days and
 * months of caps are what this clock says, so the nights on which clocks change need no rule of their own.
 */
export function wallClock(zone: string, at: Instant): WallClock {
  const known = latest.get(zone);
  if (known?.at === at) return known.clock;
  const clock = readClock(zone, at);
  latest.set(zone, { at, clock });
  return clock;
}

function readClock(zone: string, at: Instant): WallClock {
  const read: Record<string, string> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) read[type] = value;
  const { year = "", month = "", day = "", weekday = "", hour = "0", minute = "0" } = read;
  const month_text = `${year}-${month}`;
  return {
    day: `${month_text}-${day}`,
    month: month_text,
    weekday: WEEKDAYS[weekday] ?? 0,
    minute: Number(hour) * 60 + Number(minute),
    // Zones are ahead by whole minutes since 1972, so the clock's minute says how long its hour has lasted.
    hour_at: at - Number(minute) * MINUTE_MS - (((at % MINUTE_MS) + MINUTE_MS) % MINUTE_MS),
  };
}
