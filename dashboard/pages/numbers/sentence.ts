import type { TrackingNumber } from "../../../shared/api/inventory.ts";
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
