import { useNow } from "../../clock.ts";
import { dayRange, zoneName } from "../../format.ts";
import { type Range, type RangeName, readRange } from "../../range.ts";
import { useUrl } from "../../url-state.ts";

const NOW_STEP_MS = 300_000;

/** The range of the page in `zone`, the moment it was read at, and its words for beside the title. */
export function useRange(
  zone: string,
  fallback: RangeName = "28d",
): { range: Range; now: number; words: string } {
  const url = useUrl();
  const now = useNow(NOW_STEP_MS);
  const range = readRange(url.params, now, zone, fallback);
  const days = range.first === null ? range.label : dayRange(range.first, range.last);
  return { range, now, words: `${days}, ${zoneName(zone)}` };
}
