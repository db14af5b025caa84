/** What is expected of a number and of a caller before any lease is looked at. */

/** The share of calls that no lease explains: misdials, numbers kept on paper. */
const STRAY_SHARE = 0.02;

/** The share of leases that call. */
const CALL_SHARE = 0.05;

/** No rate is ever smaller, so that no ratio of rates is ever infinite. */
export const RATE_FLOOR = 1e-12;

/** How many calls the prior share of a region counts for. */
const REGION_PRIOR_CALLS = 9;

/** The share of callers from a region of which nothing is known. */
const REGION_PRIOR_SHARE = 1 / 30;

/** μ at the start: stray calls per second to one number of a pool with this traffic. */
export function strayRate(leases_per_s: number, numbers: number): number {
  const odds = STRAY_SHARE / (1 - STRAY_SHARE);
  return Math.max(RATE_FLOOR, (odds * CALL_SHARE * leases_per_s) / Math.max(1, numbers));
}

/** π: the share of callers from one region, from its calls among all calls and what was expected before the first. */
export function regionShare(callsFromRegion: number, calls: number, priorShare = REGION_PRIOR_SHARE): number {
  return (callsFromRegion + REGION_PRIOR_CALLS * priorShare) / (calls + REGION_PRIOR_CALLS);
}
