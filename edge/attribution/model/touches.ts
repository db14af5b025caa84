import { DAY_MS, type Instant } from "../../../shared/instant.ts";

/** One visit of the visitor who called, as far as the sharing of credit goes. */
export type Touch = {
  at: Instant;
  /** It came from nowhere in particular: typed in, or a bookmark. */
  is_direct: boolean;
};

/**
 * How credit for a call is shared over its visitor's touches. `last` is the default and the only one money knows; the
 * others are for analysis.
 */
export const TOUCH_MODELS = ["last", "first", "linear", "position", "time_decay"] as const;
export type TouchModel = (typeof TOUCH_MODELS)[number];

/** `position`: so much each to the first and the last touch, the rest to those between. */
const END_SHARE = 0.4;
/** `time_decay`: a touch is worth half of one that came so much later. */
const HALF_LIFE_MS = 7 * DAY_MS;

/**
 * Each touch's share of the credit for a call at `at`, in the order given (oldest first); they add up to 1, and there
 * are none without touches. Direct visits share only where there is nothing else: whoever comes back without being
 * sent was sent before.
 */
export function touchShares(touches: readonly Touch[], at: Instant, model: TouchModel): number[] {
  const sent = touches.some((touch) => !touch.is_direct);
  const counted = touches.flatMap((touch, i) => (sent && touch.is_direct ? [] : [i]));
  const weights = weightsOf(
    counted.map((i) => touches[i]?.at ?? at),
    at,
    model,
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = touches.map(() => 0);
  for (const [place, i] of counted.entries()) shares[i] = (weights[place] ?? 0) / total;
  return shares;
}

function weightsOf(moments: readonly Instant[], at: Instant, model: TouchModel): number[] {
  const last = moments.length - 1;
  switch (model) {
    case "last":
      return moments.map((_, i) => (i === last ? 1 : 0));
    case "first":
      return moments.map((_, i) => (i === 0 ? 1 : 0));
    case "linear":
      return moments.map(() => 1);
    case "position":
      if (last <= 1) return moments.map(() => 1);
      return moments.map((_, i) => (i === 0 || i === last ? END_SHARE : (1 - 2 * END_SHARE) / (last - 1)));
    case "time_decay":
      return moments.map((moment) => 2 ** (-(at - moment) / HALF_LIFE_MS));
  }
}
