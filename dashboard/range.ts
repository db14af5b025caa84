import { dayRange } from "./format.ts";
import type { Patch } from "./url-state.ts";
import {
  addDays,
  addMonths,
  type Day,
  dayOf,
  daysBetween,
  firstOfMonth,
  isDay,
  startOfDay,
  weekdayOf,
} from "./zone.ts";

/** The ranges, their one-letter keys (those of Plausible, which analysts know) and their words. */
export const RANGES = [
  { name: "day", key: "d", label: "Today" },
  { name: "yesterday", key: "e", label: "Yesterday" },
  { name: "7d", key: "w", label: "Last 7 days" },
  { name: "28d", key: "f", label: "Last 28 days" },
  { name: "30d", key: "t", label: "Last 30 days" },
  { name: "month", key: "m", label: "Month to date" },
  { name: "last_month", key: "p", label: "Last month" },
  { name: "year", key: "y", label: "Year to date" },
  { name: "12m", key: "l", label: "Last 12 months" },
  { name: "all", key: "a", label: "All time" },
  { name: "custom", key: "c", label: "Choose dates…" },
] as const;

export type RangeName = (typeof RANGES)[number]["name"];

/** What a plot of the range is drawn by. */
export type Unit = "hour" | "day" | "month";

/** Days `first` to `last`, both included, as `[from, to)` in ms since the epoch. `all` has no `first` and no `from`. */
export type Range = {
  name: RangeName;
  zone: string;
  first: Day | null;
  last: Day;
  from: number | null;
  to: number;
  days: number | null;
  unit: Unit;
  /** `Last 28 days`, or the dates of a custom range. */
  label: string;
};

const HOURS_UP_TO_DAYS = 2;
const DAYS_UP_TO = 92;

function isRangeName(name: string | null): name is RangeName {
  return RANGES.some((range) => range.name === name);
}

/** First and last day of a named range that ends on `today`. */
function daysOf(name: RangeName, today: Day): [Day | null, Day] {
  const lastMonthEnd = addDays(firstOfMonth(today), -1);
  switch (name) {
    case "day":
      return [today, today];
    case "yesterday":
      return [addDays(today, -1), addDays(today, -1)];
    case "7d":
      return [addDays(today, -6), today];
    case "30d":
      return [addDays(today, -29), today];
    case "month":
      return [firstOfMonth(today), today];
    case "last_month":
      return [firstOfMonth(lastMonthEnd), lastMonthEnd];
    case "year":
      return [`${today.slice(0, 4)}-01-01`, today];
    case "12m":
      return [addDays(addMonths(today, -12), 1), today];
    case "all":
      return [null, today];
    default:
      return [addDays(today, -27), today];
  }
}

function unitOf(days: number | null): Unit {
  if (days === null) return "month";
  if (days <= HOURS_UP_TO_DAYS) return "hour";
  return days <= DAYS_UP_TO ? "day" : "month";
}

/** The range that `?range=` (and for `custom` `?from=&to=`, days) names, in `zone`; anything else is `fallback`. */
export function readRange(
  params: URLSearchParams,
  now: number,
  zone: string,
  fallback: RangeName = "28d",
): Range {
  const today = dayOf(now, zone);
  const asked = params.get("range");
  let name: RangeName = isRangeName(asked) ? asked : fallback;
  let [first, last] = daysOf(name, today);
  if (name === "custom") {
    const [a, b] = [params.get("from") ?? "", params.get("to") ?? ""];
    if (isDay(a) && isDay(b)) [first, last] = a <= b ? [a, b] : [b, a];
    else name = "28d";
  }
  const days = first === null ? null : daysBetween(first, last) + 1;
  const named = RANGES.find((range) => range.name === name)?.label ?? "";
  return {
    name,
    zone,
    first,
    last,
    from: first === null ? null : startOfDay(first, zone),
    to: startOfDay(addDays(last, 1), zone),
    days,
    unit: unitOf(days),
    label: name === "custom" && first !== null ? dayRange(first, last) : named,
  };
}

/** The query of a named range. */
export function rangePatch(name: RangeName): Patch {
  return { range: name, from: null, to: null };
}

/** The query of a range of chosen days. */
export function customPatch(first: Day, last: Day): Patch {
  return { range: "custom", from: first, to: last };
}

/** True for a range of whole calendar months: such steps by months. */
function isWholeMonths(first: Day, last: Day): boolean {
  return first === firstOfMonth(first) && addDays(last, 1) === firstOfMonth(addDays(last, 1));
}

/**
 * One period back (−1) or forward (+1); null where there is none: all time, or a future that has not begun.
 * A range of whole months (or from a month's first day on) steps by months, any other by its own length.
 */
export function stepRange(range: Range, direction: 1 | -1, today: Day): Patch | null {
  const { first, last, days } = range;
  if (first === null || days === null) return null;
  if (range.name === "month" || isWholeMonths(first, last)) {
    const begin = addMonths(firstOfMonth(first), direction);
    if (begin > today) return null;
    const end = addDays(addMonths(begin, 1), -1);
    return end >= today ? rangePatch("month") : customPatch(begin, end);
  }
  const begin = addDays(first, direction * days);
  if (begin > today) return null;
  const end = addDays(last, direction * days);
  return customPatch(begin, end > today ? today : end);
}

/** The period before, moved by whole weeks so that weekdays face weekdays. */
export type Before = { from: number; to: number; first: Day; last: Day; shift_days: number; label: string };

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const WEEKS = ["", "week", "two weeks", "three weeks", "four weeks", "five weeks"];

/**
 * What a range is compared with: as many days, a whole number of weeks earlier, and of an unfinished last day
 * only as much as has passed. Null for all time.
 */
export function periodBefore(range: Range, now: number): Before | null {
  if (range.first === null || range.days === null) return null;
  const weeks = Math.ceil(range.days / 7);
  const shift_days = weeks * 7;
  const first = addDays(range.first, -shift_days);
  const last = addDays(range.last, -shift_days);
  const end = startOfDay(addDays(last, 1), range.zone);
  const missing = Math.max(0, range.to - now);
  const words = WEEKS[weeks] ?? `${weeks} weeks`;
  return {
    from: startOfDay(first, range.zone),
    to: Math.max(startOfDay(first, range.zone), end - missing),
    first,
    last,
    shift_days,
    label:
      range.days === 1
        ? `the ${WEEKDAYS[weekdayOf(first)]} before`
        : weeks === 1
          ? "the week before"
          : `${words} before`,
  };
}
