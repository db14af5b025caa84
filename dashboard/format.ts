import { MICROS_PER_UNIT, type Micros } from "../shared/money.ts";
import { displayNumber } from "../shared/phone-number.ts";
import { wallClock } from "../shared/wall-clock.ts";
import { type Day, weekdayOf } from "./zone.ts";

/** No-break space: between a number and its unit, and inside phone numbers. */
export const NBSP = "\u00a0";
/** What stands where there is no value. */
export const NOTHING = "—";

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const numberFormats = new Map<string, Intl.NumberFormat>();

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  const made = numberFormats.get(key) ?? new Intl.NumberFormat("en-US", options);
  numberFormats.set(key, made);
  return made;
}

/** Intl writes a hyphen; figures get the true minus. */
const trueMinus = (text: string): string => text.replace("-", "−");

function decimals(value: number, digits: number): string {
  const rounded = Number(value.toFixed(digits));
  // `-0.00` would claim a direction that is not there.
  const settled = rounded === 0 ? 0 : rounded;
  return trueMinus(
    numberFormat({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(settled),
  );
}

/** `4,562` */
export function count(value: number): string {
  return decimals(value, 0);
}

/** Integer micros as units with two decimals, without a currency: `45.00`. */
export function money(micros: Micros): string {
  return decimals(micros / MICROS_PER_UNIT, 2);
}

/** For figures where cents do not matter: `203,452`. */
export function wholeMoney(micros: Micros): string {
  return decimals(micros / MICROS_PER_UNIT, 0);
}

const THOUSANDS_FROM = 10_000;

/** For an axis, where there is little room: `7,500`, `12.5k`. */
export function brief(value: number): string {
  return Math.abs(value) < THOUSANDS_FROM
    ? trueMinus(numberFormat({ maximumFractionDigits: 2 }).format(value))
    : `${trueMinus(numberFormat({ maximumFractionDigits: 2 }).format(value / 1000))}k`;
}

/** `45.00 USD`, for sentences; without a known currency only the amount. */
export function moneyIn(micros: Micros, currency: string | null): string {
  return currency === null ? money(micros) : `${money(micros)}${NBSP}${currency}`;
}

/** `$45.00`, by the currency's own symbol where it has a narrow one. */
export function moneySymbol(micros: Micros, currency: string | null): string {
  if (currency === null) return money(micros);
  const format = numberFormat({
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return trueMinus(format.format(micros / MICROS_PER_UNIT));
}

/** A share of 0–1 with one decimal: `88.1%`; of nothing, `—`. */
export function share(part: number, whole: number): string {
  return whole === 0 ? NOTHING : `${decimals((100 * part) / whole, 1)}%`;
}

/** A probability, three decimals: `0.942`. */
export function probability(value: number): string {
  return decimals(value, 3);
}

function signed(text: string, value: number): string {
  return value > 0 && !/^[0.,]+%?$/.test(text) ? `+${text}` : text;
}

/** From here on a percentage says less than a factor: +1,770% is ×18.7. */
const FACTOR_FROM = 4;

/** How much more than before: `+6.8%`, `−3.0%`, `×18.7`; null when there is nothing to compare with. */
export function change(now: number, before: number): string | null {
  if (before === 0) return null;
  if (before > 0 && now >= FACTOR_FROM * before) return `×${decimals(now / before, 1)}`;
  const percent = (100 * (now - before)) / Math.abs(before);
  return signed(`${decimals(percent, 1)}%`, percent);
}

/** The change of a share, in percentage points: `−0.7 points`. */
export function points(now: number, before: number): string {
  const difference = 100 * (now - before);
  return `${signed(decimals(difference, 1), difference)}${NBSP}points`;
}

/** Seconds in a table: `3:38`, `1:02:05`; null is `—`. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return NOTHING;
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Seconds in a sentence or rule: `71 s`. */
export function seconds(value: number): string {
  return `${count(value)}${NBSP}s`;
}

/** How long, roughly: `12 s`, `11 min`, `3 h`, `5 days`. */
export function span(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s}${NBSP}s`;
  if (s < 3600) return `${Math.floor(s / 60)}${NBSP}min`;
  if (s < 86_400) return `${Math.floor(s / 3600)}${NBSP}h`;
  const days = Math.floor(s / 86_400);
  return `${days}${NBSP}${days === 1 ? "day" : "days"}`;
}

/** A word with its number: `1 call`, `1,284 calls`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)}${NBSP}${value === 1 ? one : many}`;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** `14:32:05` in `zone`. */
export function time(at: number, zone: string): string {
  const { hour, minute, second } = wallClock(zone, at);
  return `${two(hour)}:${two(minute)}:${two(second)}`;
}

/** `Fri 20 Nov` */
export function dayName(day: Day): string {
  return `${WEEKDAYS[weekdayOf(day)]}${NBSP}${shortDay(day)}`;
}

/** `20 Nov` */
export function shortDay(day: Day): string {
  const [, month = 1, date = 1] = day.split("-").map(Number);
  return `${date}${NBSP}${MONTHS[month - 1]}`;
}

/** `Nov 2026` */
export function monthName(day: Day): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return `${MONTHS[month - 1]}${NBSP}${year}`;
}

/** `Fri 20 Nov, 14:02:01` in `zone`. */
export function dateTime(at: number, zone: string): string {
  const { month, day, weekday } = wallClock(zone, at);
  return `${WEEKDAYS[weekday]}${NBSP}${day}${NBSP}${MONTHS[month - 1]}, ${time(at, zone)}`;
}

/** `24 Oct – 20 Nov 2026`, `1–20 Nov 2026`, with both years where they differ and one day alone as itself. */
export function dayRange(first: Day, last: Day): string {
  const year = last.slice(0, 4);
  if (first === last) return `${dayName(last)} ${year}`;
  if (first.slice(0, 7) === last.slice(0, 7)) return `${Number(first.slice(8))}–${shortDay(last)} ${year}`;
  const from = first.slice(0, 4) === year ? shortDay(first) : `${shortDay(first)} ${first.slice(0, 4)}`;
  return `${from} – ${shortDay(last)} ${year}`;
}

/** A zone for people: `America/Los_Angeles` is `Los Angeles time`. */
export function zoneName(zone: string): string {
  if (zone === "UTC" || zone === "Etc/UTC") return "UTC";
  return `${zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ")} time`;
}

/** A caller's number as the viewer may see it: `+1 415 555 0188`, `+1 415 ··· ····`, or `hidden`. */
export function caller(from: string | null): string {
  if (from === null) return "hidden";
  const area = /^\+1(\d{3})…?$/.exec(from);
  if (area) return `+1${NBSP}${area[1]}${NBSP}···${NBSP}····`;
  return displayNumber(from);
}
