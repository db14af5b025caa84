import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketKey, bucketsOf, ticksOf } from "../../dashboard/plots/buckets.ts";
import { axisFor, bucketAt, flowPath, linePath, middle } from "../../dashboard/plots/scale.ts";
import { readRange } from "../../dashboard/range.ts";
import { law } from "../support/laws.ts";

const ZONE = "America/Los_Angeles";

describe("the axis", () => {
  it("holds every value with at most four hairlines and little room above", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), fc.boolean(), (max, whole) => {
        const { top, ticks } = axisFor(max, whole);
        expect(top).toBeGreaterThanOrEqual(max * (1 - 1e-9));
        expect(ticks.length).toBeGreaterThanOrEqual(1);
        expect(ticks.length).toBeLessThanOrEqual(4);
        expect(ticks.at(-1)).toBeCloseTo(top, 6);
        if (whole) for (const tick of ticks) expect(Number.isInteger(tick)).toBe(true);
        else expect(top).toBeLessThanOrEqual(2 * max);
      }),
      law(100),
    );
  });

  it("stands on round numbers, also without values", () => {
    expect(axisFor(194, true)).toEqual({ top: 200, ticks: [50, 100, 150, 200] });
    expect(axisFor(240, true)).toEqual({ top: 240, ticks: [60, 120, 180, 240] });
    expect(axisFor(3, true)).toEqual({ top: 3, ticks: [1, 2, 3] });
    expect(axisFor(0, true)).toEqual({ top: 1, ticks: [1] });
  });
});

describe("positions", () => {
  it("find the bucket whose middle was pointed at", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.nat(),
        fc.integer({ min: 100, max: 4000 }),
        (total, n, width) => {
          const index = n % total;
          expect(bucketAt((middle(index, total) / 100) * width, width, total)).toBe(index);
        },
      ),
      law(100),
    );
    expect([bucketAt(-5, 100, 7), bucketAt(500, 100, 7)]).toEqual([0, 6]);
  });

  it("break a line where there is no value", () => {
    expect(linePath([0, 10, null, 5], 10, 400, 100)).toBe("M50.0 100.0L150.0 0.0M350.0 50.0");
    expect(linePath([null], 10, 400, 100)).toBe("");
  });

  it("draw the funnel as one closed line as wide as its counts, never thinner than a hair", () => {
    const path = flowPath([48_120, 43_640, 4_562, 1, 0], 1000, 60);
    expect(path.startsWith("M0 2.00")).toBe(true);
    expect(path.endsWith("L0 58.00Z")).toBe(true);
    expect(path).toContain("28.75");
    expect(path).toContain("L1000 30.00L1000 30.00");
    expect(path).not.toContain("NaN");
    expect(flowPath([0, 0], 1000, 60)).not.toContain("NaN");
  });
});

describe("buckets", () => {
  const range = (query: string, now = Date.parse("2026-11-20T22:32:05Z")) =>
    readRange(new URLSearchParams(query), now, ZONE);
  const made = (query: string, now?: number) => {
    const read = range(query, now);
    return bucketsOf(read.unit, read.first ?? read.last, read.last, read);
  };

  it("are every day of the range, those without calls too", () => {
    const days = made("range=28d");
    expect(days.map(({ key }) => key)).toHaveLength(28);
    expect([days[0]?.key, days.at(-1)?.key]).toEqual(["2026-10-24", "2026-11-20"]);
    expect(days.every(({ at }, index) => index === 0 || at > (days[index - 1]?.at ?? 0))).toBe(true);
  });

  it("are 24 hours, 23 when the clock springs forward and 24 when it falls back", () => {
    expect(made("range=day")).toHaveLength(24);
    expect(made("range=day", Date.parse("2026-03-08T20:00:00Z"))).toHaveLength(23);
    expect(made("range=day", Date.parse("2026-11-01T20:00:00Z"))).toHaveLength(24);
  });

  it("are found again by what a report calls them", () => {
    expect(bucketKey("2026-11-01T01:00-07:00", "hour")).toBe("2026-11-01T01");
    expect(bucketKey("2026-11-01", "day")).toBe("2026-11-01");
    expect(made("range=12m").map(({ key }) => key)).toContain(bucketKey("2026-02", "month"));
  });

  it("are named where there is room: Mondays of a month, each day of a week, hours by six", () => {
    expect(ticksOf(made("range=28d"), "day").map(({ text }) => text.replaceAll("\u00a0", " "))).toEqual([
      "Mon 26 Oct",
      "Mon 2 Nov",
      "Mon 9 Nov",
      "Mon 16 Nov",
    ]);
    expect(ticksOf(made("range=7d"), "day")).toHaveLength(7);
    expect(ticksOf(made("range=day"), "hour").map(({ text }) => text)).toEqual([
      "00:00",
      "06:00",
      "12:00",
      "18:00",
    ]);
    expect(ticksOf(made("range=30d"), "day").length).toBeLessThanOrEqual(6);
  });
});
