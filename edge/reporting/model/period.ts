import { DAY_MS, type Instant } from "../../../shared/instant.ts";
import { bucketsOf } from "./buckets.ts";

const MONTH_AND_MARGIN_MS = 33 * DAY_MS;

/** The month (`YYYY-MM`) that a moment lies in by the clock of `zone`. */
export function monthAt(at: Instant, zone: string): string {
  const [bucket] = bucketsOf(["month"], zone, at, at + 1);
  return String(bucket?.labels[0]);
}

/** A month (`YYYY-MM`) by the clock of `zone`, half-open: to the first moment of the next. */
export function monthRange(month: string, zone: string): { from_at: Instant; to_at: Instant } {
  const about = Date.parse(`${month}-01T00:00:00Z`) - DAY_MS;
  const found = bucketsOf(["month"], zone, about, about + MONTH_AND_MARGIN_MS + DAY_MS).find(
    ({ labels }) => labels[0] === month,
  );
  return { from_at: found?.from_at ?? about, to_at: found?.to_at ?? about };
}
