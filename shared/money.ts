import { assert } from "./assert.ts";

/** Integer millionths of the campaign's currency: 45 USD is 45_000_000. Never fractional, never a string. */
export type Micros = number;

export const MICROS_PER_UNIT = 1_000_000;

/** The largest amount one call may move: a million units. Sums stay exact far below 2^53. */
export const MICROS_MAX = 1_000_000 * MICROS_PER_UNIT;

export function isMicros(value: unknown): value is Micros {
  return Number.isSafeInteger(value);
}

/** Exact sum; asserts that it stayed an integer a double can hold. */
export function sumMicros(amounts: Iterable<Micros>): Micros {
  let total = 0;
  for (const amount of amounts) total += amount;
  assert(isMicros(total), "a sum of micros left the range of exact integers");
  return total;
}

/** Scales by a probability or a share, rounding half away from zero. */
export function scaleMicros(amount: Micros, factor: number): Micros {
  const scaled = amount * factor;
  return Math.sign(scaled) * Math.round(Math.abs(scaled));
}
