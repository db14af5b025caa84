import { DAY_MS, type Instant } from "../../../shared/instant.ts";
import { offsetAt } from "../../../shared/wall-clock.ts";

/** A stretch `[from_at, to_at)` in which a zone's clock is ahead of UTC by the same `offset_ms`. */
export type OffsetSpan = { from_at: Instant; to_at: Instant; offset_ms: number };

/** No zone has changed its clock there and back within a week since 2000 (tz database). */
const PROBE_STEP_MS = 7 * DAY_MS;

/** The spans of one offset each that make up `[from_at, to_at)`, in order; daylight saving begins and ends between them. */
export function offsetSpans(zone: string, from_at: Instant, to_at: Instant): OffsetSpan[] {
  const spans: OffsetSpan[] = [];
  let begin = from_at;
  let offset_ms = offsetAt(zone, from_at);
  for (let probed = from_at; probed < to_at; ) {
    const next = Math.min(probed + PROBE_STEP_MS, to_at);
    const changed = offsetAt(zone, next);
    if (changed !== offset_ms) {
      const change_at = firstMomentOf(zone, changed, probed, next);
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
function firstMomentOf(zone: string, changed: number, before: Instant, after: Instant): Instant {
  let old_at = before;
  let new_at = after;
  while (new_at - old_at > 1) {
    const middle = Math.floor((old_at + new_at) / 2);
    if (offsetAt(zone, middle) === changed) new_at = middle;
    else old_at = middle;
  }
  return new_at;
}
