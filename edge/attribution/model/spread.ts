import { valueIn } from "./bins.ts";

/** How eager a publisher's visitors are: twenty equally likely values of a lognormal factor, sigma 0.5, mean 1. */
const EAGERNESS: readonly number[] = [
  ...[0.33, 0.43, 0.5, 0.56, 0.61, 0.66, 0.71, 0.76, 0.81, 0.86],
  ...[0.92, 0.98, 1.04, 1.12, 1.2, 1.3, 1.42, 1.58, 1.83, 2.37],
];

/** In so many ways the publishers of a pool of which nothing is known may differ. */
export const WAYS = EAGERNESS.length;

/** By which a publisher of each rank walks through them, way by way: each once, and no two ranks nearly alike. */
const STRIDES: readonly number[] = [10, 4, 16, 13, 1, 19];

/**
 * How often the visitors of a publisher call, against the mean, in one of the `WAYS`. `rank`: its place among the
 * publishers of a ring, the likeliest is 0; by that, not by its id, is decided what it is taken for. `spread`: how far.
 */
export function eagernessOf(rank: number, way: number, spread: number): number {
  const stride = valueIn(STRIDES, rank % STRIDES.length);
  const factor = valueIn(EAGERNESS, (((way + 1) * stride) % (WAYS + 1)) - 1);
  return 1 + (factor - 1) * spread;
}
