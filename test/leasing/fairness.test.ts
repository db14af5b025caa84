import { describe, expect, it } from "vitest";
import { attack, type Served } from "./attack.ts";

/** `npm run verify` plays many more attacks, from the seed it prints. */
const SEED = Number(process.env.VERIFY_SEED ?? "20261121");
const ATTACKS = process.env.VERIFY_RUNS === undefined ? 3 : 200;

function under(hours: number): Served {
  const all: Served = { proven: 0, of_proven: 0, others: 0, of_others: 0, bots: 0 };
  for (let i = 0; i < ATTACKS; i++) {
    const served = attack({ seed: SEED + i, bots: 10_000, hours, humans_an_hour: 30, numbers: 50 });
    for (const name of Object.keys(all) as (keyof Served)[]) all[name] += served[name];
  }
  return all;
}

describe("a pool of 50 numbers, asked by 10,000 bots", () => {
  it.each([1, 4, 24])(
    "within %i h has a number for 99 in 100 visitors with a proven click and 9 in 10 of the others",
    (hours) => {
      const served = under(hours);
      expect(served.proven / served.of_proven).toBeGreaterThanOrEqual(0.99);
      expect(served.others / served.of_others).toBeGreaterThanOrEqual(0.9);
    },
  );

  it("gives everybody a number when nobody attacks", () => {
    const served = attack({ seed: SEED, bots: 0, hours: 24, humans_an_hour: 30, numbers: 50 });
    expect(served.proven + served.others).toBe(served.of_proven + served.of_others);
  });
});
