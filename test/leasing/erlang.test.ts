import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockingOver, carried, erlangB, numbersNeeded } from "../../edge/leasing/model/erlang.ts";
import { law } from "../support/laws.ts";

/**
 * Erlang's B as printed in the trade's traffic tables (Siemens, "Telephone Traffic Theory: Tables and Charts", 1970,
 * and every table made after it): the erlangs that so many trunks take at a blocking of 0.1, 1, 2 and 5 per cent.
 */
const PRINTED: [trunks: number, permille1: number, percent1: number, percent2: number, percent5: number][] = [
  [1, 0.001, 0.0101, 0.0204, 0.0526],
  [2, 0.0458, 0.153, 0.223, 0.381],
  [3, 0.194, 0.455, 0.602, 0.899],
  [4, 0.439, 0.869, 1.09, 1.52],
  [5, 0.762, 1.36, 1.66, 2.22],
  [10, 3.09, 4.46, 5.08, 6.22],
  [15, 6.08, 8.11, 9.01, 10.6],
  [20, 9.41, 12.0, 13.2, 15.2],
  [30, 16.7, 20.3, 21.9, 24.8],
  [40, 24.4, 29.0, 31.0, 34.6],
  [50, 32.5, 37.9, 40.3, 44.5],
  [60, 40.8, 46.9, 49.6, 54.6],
  [80, 57.8, 65.4, 68.7, 74.8],
  [100, 75.2, 84.1, 88.0, 95.2],
];

const AT = [0.001, 0.01, 0.02, 0.05];

describe("Erlang's B formula", () => {
  it.each(PRINTED)("agrees with the printed tables for %i trunks", (trunks, ...loads) => {
    for (const [i, load] of loads.entries()) {
      // The tables give three digits: the formula must cross the blocking between the digit's two edges.
      const half_digit = 0.5 * 10 ** (Math.floor(Math.log10(load)) - 2);
      const at = AT[i] ?? 0;
      expect(erlangB(load - 1.01 * half_digit, trunks)).toBeLessThan(at);
      expect(erlangB(load + 1.01 * half_digit, trunks)).toBeGreaterThan(at);
    }
  });

  it("is Erlang's own quotient where that can be computed", () => {
    const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
    for (const [load, numbers] of [
      [0.3, 1],
      [2.5, 4],
      [10, 10],
      [12, 18],
    ] as const) {
      const terms = Array.from({ length: numbers + 1 }, (_, k) => load ** k / factorial(k));
      const sum = terms.reduce((total, term) => total + term, 0);
      expect(erlangB(load, numbers)).toBeCloseTo((terms.at(-1) ?? 0) / sum, 12);
    }
  });

  it("turns away everybody without a number, nobody without a load", () => {
    expect(erlangB(3, 0)).toBe(1);
    expect(erlangB(0, 0)).toBe(1);
    expect(erlangB(0, 4)).toBe(0);
    expect(erlangB(2, 100_000)).toBe(0);
    expect(erlangB(90_000, 100_000)).toBeLessThan(1e-9);
  });

  it("falls with every number and rises with every visitor", () => {
    const load = fc.double({ min: 0.01, max: 400, noNaN: true });
    fc.assert(
      fc.property(load, fc.integer({ min: 1, max: 500 }), (offered, numbers) => {
        const here = erlangB(offered, numbers);
        expect(here).toBeLessThanOrEqual(erlangB(offered, numbers - 1));
        expect(here).toBeLessThanOrEqual(erlangB(offered * 1.1, numbers));
        expect(carried(offered, numbers)).toBeLessThanOrEqual(numbers + 1e-9);
      }),
      law(200),
    );
  });

  it("is turned round by the numbers needed", () => {
    // domain knowledge of the trade, as computed for small pools: 10 erlangs take 15, 18 and 21 numbers.
    expect([0.05, 0.01, 0.001].map((at_most) => numbersNeeded(10, at_most))).toEqual([15, 18, 21]);
    const load = fc.double({ min: 0.01, max: 400, noNaN: true });
    fc.assert(
      fc.property(load, fc.constantFrom(0.05, 0.01, 0.001), (offered, at_most) => {
        const numbers = numbersNeeded(offered, at_most);
        expect(erlangB(offered, numbers)).toBeLessThanOrEqual(at_most);
        expect(erlangB(offered, numbers - 1)).toBeGreaterThan(at_most);
      }),
      law(200),
    );
  });

  it("weighs hours by their visitors", () => {
    const quiet = { offered: 1, weight: 1 };
    const busy = { offered: 10, weight: 9 };
    expect(blockingOver([quiet, busy], 10)).toBeCloseTo(0.1 * erlangB(1, 10) + 0.9 * erlangB(10, 10), 12);
    expect(blockingOver([], 10)).toBe(0);
  });
});
