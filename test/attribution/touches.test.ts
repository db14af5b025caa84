import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TOUCH_MODELS, type Touch, touchShares } from "../../edge/attribution/model/touches.ts";
import { DAY_MS } from "../../shared/instant.ts";
import { law } from "../support/laws.ts";

const CALL_AT = 100 * DAY_MS;
const on = (day: number, is_direct = false): Touch => ({ at: day * DAY_MS, is_direct });
const four = [on(79), on(86), on(93), on(100)];
const rounded = (shares: number[]) => shares.map((share) => Math.round(share * 1e4) / 1e4);

describe("credit for a call", () => {
  it("is shared over four touches as each model says", () => {
    expect(touchShares(four, CALL_AT, "last")).toEqual([0, 0, 0, 1]);
    expect(touchShares(four, CALL_AT, "first")).toEqual([1, 0, 0, 0]);
    expect(touchShares(four, CALL_AT, "linear")).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(rounded(touchShares(four, CALL_AT, "position"))).toEqual([0.4, 0.1, 0.1, 0.4]);
    // A half-life of a week: 1/8, 1/4, 1/2 and 1 of 15/8.
    expect(rounded(touchShares(four, CALL_AT, "time_decay"))).toEqual([0.0667, 0.1333, 0.2667, 0.5333]);
  });

  it("goes by position in halves where there are two touches", () => {
    expect(touchShares(four.slice(0, 2), CALL_AT, "position")).toEqual([0.5, 0.5]);
  });

  it("leaves out direct visits unless there is nothing else", () => {
    const back = [on(90), on(95, true), on(99, true)];
    expect(touchShares(back, CALL_AT, "last")).toEqual([1, 0, 0]);
    expect(touchShares(back.slice(1), CALL_AT, "first")).toEqual([1, 0]);
  });

  it("adds up to one, and is never negative", () => {
    const touches = fc
      .array(fc.record({ at: fc.integer({ min: 0, max: CALL_AT }), is_direct: fc.boolean() }), {
        minLength: 1,
      })
      .map((all) => all.toSorted((a, b) => a.at - b.at));
    fc.assert(
      fc.property(touches, fc.constantFrom(...TOUCH_MODELS), (all, model) => {
        const shares = touchShares(all, CALL_AT, model);
        expect(shares).toHaveLength(all.length);
        expect(shares.every((share) => share >= 0)).toBe(true);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      }),
      law(300),
    );
  });
});
