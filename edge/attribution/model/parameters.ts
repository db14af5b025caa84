/** The learned part of the model. Rates in calls per second and lease; factors around 1. JSON as it stands. */
export type Parameters = {
  version: string;
  /** Call rate while the page is open, by `ON_EDGES_S` of the lease's age. */
  on: readonly number[];
  /** Call rate after leaving, by `LEFT_EDGES_S`. */
  left: readonly number[];
  /** Call rate after a press of the call link, by `CLICK_EDGES_S`. */
  click: readonly number[];
  /** a: the share of callers whose area code is where they are. */
  local_share: number;
  device: Readonly<Record<"mobile" | "desktop", Readonly<Record<"on" | "left", number>>>>;
  /** How often a publisher's visitors call, against the mean; 1 for one that is not listed. */
  publisher: Readonly<Record<string, number>>;
};

export const MODEL_VERSION = "start-1";

const PER_MILLION = 1e-6;

/**
 * What a pool starts with before it has calls of its own: 5 % of leases call, half of them while they live, by a
 * mixture of lognormal delays for those who call from the page, soon after, hours later and days later.
 */
export const START: Parameters = {
  version: MODEL_VERSION,
  on: [74.9, 111, 84.9, 47.1, 19.0, 5.68, 1.52, 0.621, 0.29].map((rate) => rate * PER_MILLION),
  left: [
    ...[6.72, 15.8, 14.5, 8.57, 3.73, 1.72, 1.25, 0.905, 0.456, 0.162],
    ...[0.0588, 0.0379, 0.028, 0.0165, 0.00718, 0.00227, 0.000558],
  ].map((rate) => rate * PER_MILLION),
  click: [0.00552, 0.0471, 0.0649, 0.0412, 0.017, 0.00481, 0.000682, 2.82e-5, 1.12e-6],
  local_share: 0.6,
  device: { mobile: { on: 1, left: 1 }, desktop: { on: 1, left: 1 } },
  publisher: {},
};

/** Calls of a pool before its start values are trusted for money. */
export const CAREFUL_UNTIL_CALLS = 50;

/** Left bins from 15 minutes on. */
const FIRST_LATE_BIN = 5;

/**
 * The start values leaned towards the late caller: `on` × 0.8, `left` from 15 minutes × 1.3. A pool that has not
 * shown its habits is overconfident about whoever is on the page; in simulation this halves what that costs. For
 * the publisher's floor until the pool has `CAREFUL_UNTIL_CALLS` calls.
 */
export const CAREFUL_START: Parameters = {
  ...START,
  version: `${MODEL_VERSION}-careful`,
  on: START.on.map((rate) => rate * 0.8),
  left: START.left.map((rate, bin) => (bin >= FIRST_LATE_BIN ? rate * 1.3 : rate)),
};
