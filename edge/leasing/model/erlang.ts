import { assert } from "../../../shared/assert.ts";

/**
 * A pool is a loss system: a visitor takes a number, keeps it for a while, and one who finds none does not wait. So
 * the share that finds none is Erlang's B formula (A. K. Erlang, 1917; ITU-T E.501 §2), whatever the distribution of
 * the time kept. Loads are in erlangs: arrivals in a time, multiplied by the mean time kept.
 */

/**
 * The share of visitors, 0 to 1, who find none of `numbers` free under a load of `offered` erlangs. By the recurrence
 * B(k) = A·B(k−1) / (k + A·B(k−1)), which neither overflows nor cancels.
 */
export function erlangB(offered: number, numbers: number): number {
  assert(offered >= 0 && Number.isFinite(offered), "a load is finite and not negative");
  assert(Number.isInteger(numbers) && numbers >= 0, "there is a whole number of numbers");
  if (offered === 0) return numbers === 0 ? 1 : 0;
  let blocking = 1;
  for (let k = 1; k <= numbers; k++) {
    blocking = (offered * blocking) / (k + offered * blocking);
    // Every further one is smaller still, and below this it is zero for everybody.
    if (blocking < 1e-15) return 0;
  }
  return blocking;
}

/** The mean of numbers in use under that load: what is offered less what is turned away. */
export function carried(offered: number, numbers: number): number {
  return offered * (1 - erlangB(offered, numbers));
}

/** A load and how much it weighs in a mean, such as an hour and its visitors. */
export type Load = { offered: number; weight: number };

/** The share of visitors over several loads who find none free; 0 without visitors. */
export function blockingOver(loads: readonly Load[], numbers: number): number {
  let refused = 0;
  let all = 0;
  for (const { offered, weight } of loads) {
    refused += weight * erlangB(offered, numbers);
    all += weight;
  }
  return all === 0 ? 0 : refused / all;
}

/** No pool is larger: the search for a size ends here. */
export const NUMBERS_MAX = 100_000;

/** The fewest numbers by which at most a share `at_most` (above 0) of `offered` erlangs finds none free. */
export function numbersNeeded(offered: number, at_most: number): number {
  assert(at_most > 0 && at_most < 1, "a share lies between 0 and 1");
  if (offered === 0) return 0;
  let blocking = 1;
  for (let k = 1; k <= NUMBERS_MAX; k++) {
    blocking = (offered * blocking) / (k + offered * blocking);
    if (blocking <= at_most) return k;
  }
  return NUMBERS_MAX;
}
