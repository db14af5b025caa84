import { type Instant, MINUTE_MS } from "../../../shared/instant.ts";
import { wallClock } from "../../../shared/wall-clock.ts";

/** What a clock on the wall of a time zone shows, in parts, and the moment at which its hour began. */
export type BusinessClock = {
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

/** One ring asks the same clock for each of its targets, hours and caps. */
const latest = new Map<string, { at: Instant; clock: BusinessClock }>();

/**
 * The wall clock of `zone` (IANA) at a moment, by the platform's copy of the tz database. Hours of business, days and
 * months of caps are what this clock says, so the nights on which clocks change need no rule of their own.
 */
export function businessClock(zone: string, at: Instant): BusinessClock {
  const known = latest.get(zone);
  if (known?.at === at) return known.clock;
  const clock = readClock(zone, at);
  latest.set(zone, { at, clock });
  return clock;
}

function readClock(zone: string, at: Instant): BusinessClock {
  const { year, month, day, weekday, hour, minute } = wallClock(zone, at);
  const month_text = `${year}-${twoDigits(month)}`;
  return {
    day: `${month_text}-${twoDigits(day)}`,
    month: month_text,
    weekday: (weekday + 6) % 7,
    minute: hour * 60 + minute,
    // Zones are ahead by whole minutes since 1972, so the clock's minute says how long its hour has lasted.
    hour_at: at - minute * MINUTE_MS - (((at % MINUTE_MS) + MINUTE_MS) % MINUTE_MS),
  };
}

const twoDigits = (value: number) => String(value).padStart(2, "0");
