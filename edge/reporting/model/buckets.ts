import type { TimeGroup } from "../../../shared/api/reports.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../../shared/instant.ts";
import { offsetSpans } from "./zone.ts";

export type TimeLabel = string | number;

/** A stretch `[from_at, to_at)` whose every moment has the same label in each asked time group. */
export type Bucket = { from_at: Instant; to_at: Instant; labels: TimeLabel[] };

/** More stretches than this are refused: 13 months by the hour, 27 years by the day. */
export const BUCKETS_MAX = 10_000;

/** True when `[from_at, to_at)` has not too many hours, or days, for these groups. */
export function fitsBuckets(groups: readonly TimeGroup[], from_at: Instant, to_at: Instant): boolean {
  return (to_at - from_at) / unitOf(groups) <= BUCKETS_MAX;
}

/**
 * Cuts `[from_at, to_at)` where the wall clock of `zone` begins another hour, day, week (on Monday, ISO 8601) or
 * month, as the groups need. A day of 25 hours is one bucket; the hour its clock shows twice is two, told apart by
 * their offsets. The same labels may come again later (`hour_of_day`).
 */
export function bucketsOf(
  groups: readonly TimeGroup[],
  zone: string,
  from_at: Instant,
  to_at: Instant,
): Bucket[] {
  const unit_ms = unitOf(groups);
  const buckets: Bucket[] = [];
  for (const span of offsetSpans(zone, from_at, to_at)) {
    for (let at = span.from_at; at < span.to_at; ) {
      const local = at + span.offset_ms;
      const end = Math.min(at + unit_ms - modulo(local, unit_ms), span.to_at);
      const labels = groups.map((group) => labelOf(group, local, span.offset_ms));
      const last = buckets.at(-1);
      if (last && sameLabels(last.labels, labels)) last.to_at = end;
      else buckets.push({ from_at: at, to_at: end, labels });
      at = end;
    }
  }
  return buckets;
}

/** The distinct labels of buckets in the order of time; hours of the day in the order of the day. */
export function labelsInOrder(groups: readonly TimeGroup[], buckets: readonly Bucket[]): TimeLabel[][] {
  const distinct = new Map(buckets.map(({ labels }) => [labelKey(labels), labels]));
  const rows = [...distinct.values()];
  if (groups.length === 1 && groups[0] === "hour_of_day") rows.sort((a, b) => Number(a[0]) - Number(b[0]));
  return rows;
}

export const labelKey = (labels: readonly unknown[]): string => JSON.stringify(labels);

function unitOf(groups: readonly TimeGroup[]): number {
  return groups.includes("hour") || groups.includes("hour_of_day") ? HOUR_MS : DAY_MS;
}

function sameLabels(a: readonly TimeLabel[], b: readonly TimeLabel[]): boolean {
  return a.every((label, i) => label === b[i]);
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** `local` is a wall clock written as if it were UTC. */
function labelOf(group: TimeGroup, local: number, offset_ms: number): TimeLabel {
  const hour = Math.floor(modulo(local, DAY_MS) / HOUR_MS);
  switch (group) {
    case "hour":
      return `${dayOf(local)}T${twoDigits(hour)}:00${offsetText(offset_ms)}`;
    case "day":
      return dayOf(local);
    case "week":
      return dayOf(local - ((weekday(local) + 6) % 7) * DAY_MS);
    case "month":
      return dayOf(local).slice(0, 7);
    case "hour_of_day":
      return hour;
  }
}

const dayOf = (local: number): string => new Date(local).toISOString().slice(0, 10);
/** 0 is Sunday. */
const weekday = (local: number): number => new Date(local).getUTCDay();
const twoDigits = (value: number): string => String(value).padStart(2, "0");

/** As ISO 8601 writes it: `-07:00`, `+05:30`. */
function offsetText(offset_ms: number): string {
  const minutes = Math.round(Math.abs(offset_ms) / MINUTE_MS);
  return `${offset_ms < 0 ? "-" : "+"}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}
