import type { StrayCalls, TrackingNumber } from "../../../shared/api/inventory.ts";
import { count, counted } from "../../format.ts";

/** What there is, in a sentence: how many are lent in pools, how many are static, and how many of those prove somebody. */
export function numbersSentence(
  numbers: readonly Pick<TrackingNumber, "pool_id" | "publisher_id">[],
): string {
  if (numbers.length === 0) return "There is no number yet.";
  const pooled = numbers.filter(({ pool_id }) => pool_id !== null);
  const statics = numbers.length - pooled.length;
  const pools = new Set(pooled.map(({ pool_id }) => pool_id)).size;
  const parts = [
    pooled.length > 0 ? `${count(pooled.length)} lent in ${counted(pools, "pool")}` : "",
    statics > 0 ? `${count(statics)} static` : "",
  ];
  return `${counted(numbers.length, "number")}: ${parts.filter(Boolean).join(", ")}.`;
}

/** From so many callers on whom no visit explains, chance is no explanation any more. */
const CALLERS_TELLING = 3;

/** What calls to numbers that nobody was shown may mean. */
export function straysSentence(strays: readonly Pick<StrayCalls, "callers" | "unexplained">[]): string {
  const telling = strays.filter(
    ({ callers, unexplained }) => Math.min(callers, unexplained) >= CALLERS_TELLING,
  );
  if (telling.length === 0) return "Few enough to be misdials, or people who call long after their visit.";
  const one = telling.length === 1;
  return (
    `${counted(telling.length, "number")} ${one ? "rings" : "ring"} so often that ${one ? "it" : "each"} is likely ` +
    "written down somewhere: look for it on pages, in ads and on printouts. A number that stands in print should be static."
  );
}
