import { FIRST_HOURLY_LEFT_BIN, valueIn } from "./bins.ts";
import type { Parameters } from "./parameters.ts";

/**
 * How pools differ from one another: each row is one of twenty simulated ones (worlds 2001 to 2020) as a fit of its
 * calls learned it, against the mean of all. Factors of the call rate on the page (its first two minutes, to sixteen,
 * later) and after leaving (to half an hour, to eight hours, to two days, later), of mobile against desktop on the page;
 * what the share of local callers is more or less; a factor of strays.
 */
const POOLS: readonly (readonly number[])[] = [
  [0.51, 1.45, 1.19, 0.99, 0.61, 1.88, 1.55, 1.0, -0.1, 0.34],
  [0.44, 0.82, 0.95, 0.54, 0.5, 0.46, 0.57, 1.0, 0.18, 0.41],
  [2.44, 2.97, 1.38, 1.85, 1.27, 1.67, 1.28, 1.39, 0.09, 2.92],
  [2.21, 2.33, 1.56, 3.01, 4.15, 2.24, 2.31, 1.06, -0.2, 0.9],
  [1.92, 0.78, 0.73, 0.83, 1.13, 0.45, 0.54, 1.16, 0.29, 0.78],
  [1.39, 1.41, 0.9, 1.22, 1.54, 1.96, 2.37, 0.88, 0.03, 2.77],
  [2.02, 0.95, 1.25, 1.32, 1.75, 1.3, 1.61, 1.14, -0.2, 0.54],
  [1.17, 0.9, 0.98, 0.95, 0.7, 0.78, 0.92, 1.15, -0.06, 0.86],
  [0.61, 0.57, 0.61, 0.49, 0.46, 1.1, 0.88, 0.89, 0.01, 1.13],
  [0.41, 0.96, 0.99, 0.7, 1.35, 0.62, 0.67, 0.82, 0.13, 0.39],
  [0.41, 0.96, 2.16, 0.98, 0.58, 0.79, 0.98, 0.79, 0.3, 0.98],
  [1.87, 2.6, 2.39, 1.95, 1.0, 1.11, 1.21, 0.82, -0.16, 4.52],
  [4.53, 2.13, 1.7, 2.33, 3.1, 2.04, 1.76, 1.13, -0.1, 1.35],
  [0.49, 0.44, 0.78, 1.33, 2.86, 3.23, 1.84, 1.3, 0.15, 1.34],
  [1.6, 0.84, 1.01, 1.15, 0.5, 0.96, 0.88, 1.06, -0.04, 2.44],
  [0.41, 0.66, 0.62, 0.48, 0.57, 0.66, 0.73, 1.1, -0.07, 0.28],
  [0.71, 0.57, 1.09, 0.88, 2.31, 1.37, 1.44, 0.85, -0.04, 1.23],
  [0.73, 0.75, 0.67, 0.48, 0.24, 0.31, 0.3, 0.89, 0.19, 1.51],
  [1.27, 0.77, 0.73, 1.29, 1.97, 1.03, 0.96, 0.81, 0.23, 0.76],
  [0.7, 0.55, 0.37, 0.44, 0.3, 0.31, 0.34, 1.02, -0.13, 0.78],
];

/** What the fits of twenty simulated pools found in the middle, against the start values; by the groups of bins above. */
const MIDDLE = {
  on: [0.8, 0.68, 1.58],
  left: [0.74, 0.79, 0.57, 0.59],
  on_mobile: 0.76,
  on_desktop: 1.44,
  local_share: -0.14,
};

/** How eager a publisher's visitors are: twenty equally likely values of a lognormal factor, sigma 0.5, mean 1. */
const EAGERNESS: readonly number[] = [
  ...[0.33, 0.43, 0.5, 0.56, 0.61, 0.66, 0.71, 0.76, 0.81, 0.86],
  ...[0.92, 0.98, 1.04, 1.12, 1.2, 1.3, 1.42, 1.58, 1.83, 2.37],
];

/** By which a publisher of each rank walks through them, row by row: each once, and no two ranks nearly alike. */
const STRIDES: readonly number[] = [10, 4, 16, 13, 1, 19];

/** Bins of `ON_EDGES_S` from which the second and third factor hold, of `LEFT_EDGES_S` the later three. */
const ON_GROUPS = [3, 6];
const LEFT_GROUPS = [FIRST_HOURLY_LEFT_BIN + 1, FIRST_HOURLY_LEFT_BIN + 4, FIRST_HOURLY_LEFT_BIN + 7];

/**
 * The model as it may be where nothing of it is known: one for each row, `parameters.spread` of the way there.
 * `publishers` likeliest first: by their places, not by their ids, is decided how eager each one's visitors are taken for.
 */
export function spreadOf(
  parameters: Parameters,
  stray_rate: number,
  publishers: readonly string[],
): { parameters: Parameters; stray_rate: number }[] {
  const { spread, device, local_share } = parameters;
  const part = (factor: number) => 1 + (factor - 1) * spread;
  return POOLS.map((row, place) => {
    const scaled = (
      rates: readonly number[],
      groups: readonly number[],
      middle: readonly number[],
      column: number,
    ) =>
      rates.map((rate, bin) => {
        const group = groups.filter((from) => bin >= from).length;
        return rate * valueIn(middle, group) * part(valueIn(row, column + group));
      });
    const { mobile, desktop } = device;
    const varied: Parameters = {
      ...parameters,
      on: scaled(parameters.on, ON_GROUPS, MIDDLE.on, 0),
      left: scaled(parameters.left, LEFT_GROUPS, MIDDLE.left, 3),
      device: {
        mobile: { on: mobile.on * MIDDLE.on_mobile * part(valueIn(row, 7)), left: mobile.left },
        desktop: { on: desktop.on * MIDDLE.on_desktop, left: desktop.left },
      },
      local_share: local_share + MIDDLE.local_share + valueIn(row, 8) * spread,
      publisher: Object.fromEntries(publishers.map((id, rank) => [id, part(eagernessOf(rank, place))])),
    };
    return { parameters: varied, stray_rate: stray_rate * part(valueIn(row, 9)) };
  });
}

function eagernessOf(rank: number, row: number): number {
  const stride = valueIn(STRIDES, rank % STRIDES.length);
  return valueIn(EAGERNESS, (((row + 1) * stride) % (EAGERNESS.length + 1)) - 1);
}
