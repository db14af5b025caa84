import { DAY_MS, type Instant } from "../../../shared/instant.ts";

/** A stretch `[from_at, to_at)` in which a zone's clock is ahead of UTC by the same `offset_ms`. */
export type OffsetSpan = { from_at: Instant; to_at: Instant; offset_ms: number };

/** No zone has changed its clock there and back within a week since 2000 (tz database). */
const PROBE_STEP_MS = 7 * DAY_MS;

/** How far the clock of `zone` (IANA) is ahead of UTC at a moment, in ms; negative west of Greenwich. */
export function offsetIn(zone: string): (at: Instant) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (at) => {
    const read: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) read[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
  };
}

/** The spans of one offset each that make up `[from_at, to_at)`, in order; daylight saving begins and ends between them. */
export function offsetSpans(zone: string, from_at: Instant, to_at: Instant): OffsetSpan[] {
  const offsetAt = offsetIn(zone);
  const spans: OffsetSpan[] = [];
  let begin = from_at;
  let offset_ms = offsetAt(from_at);
  for (let probed = from_at; probed < to_at; ) {
    const next = Math.min(probed + PROBE_STEP_MS, to_at);
    const changed = offsetAt(next);
    if (changed !== offset_ms) {
      const change_at = firstMomentOf(offsetAt, changed, probed, next);
      if (change_at < to_at) {
        spans.push({ from_at: begin, to_at: change_at, offset_ms });
        begin = change_at;
        offset_ms = changed;
      }
    }
    probed = next;
  }
  if (begin < to_at) spans.push({ from_at: begin, to_at, offset_ms });
  return spans;
}

/** Bisects for the moment of the change in `(before, after]`; `after` has the new offset. */
function firstMomentOf(
  offsetAt: (at: Instant) => number,
  changed: number,
  before: Instant,
  after: Instant,
): Instant {
  let old_at = before;
  let new_at = after;
  while (new_at - old_at > 1) {
    const middle = Math.floor((old_at + new_at) / 2);
    if (offsetAt(middle) === changed) new_at = middle;
    else old_at = middle;
  }
  return new_at;
}
