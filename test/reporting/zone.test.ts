import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { bucketsOf, fitsBuckets, labelsInOrder } from "../../edge/reporting/model/buckets.ts";
import { monthAt, monthRange } from "../../edge/reporting/model/period.ts";
import { TIME_GROUPS } from "../../shared/api/reports.ts";
import { DAY_MS, HOUR_MS } from "../../shared/instant.ts";
import { law } from "../support/laws.ts";
import { labelByTemporal, ZONES } from "./clock.ts";

const days = (zone: string, from: string, to: string) =>
  bucketsOf(["day"], zone, Date.parse(from), Date.parse(to)).map(({ from_at, to_at, labels }) => ({
    day: labels[0],
    hours: (to_at - from_at) / HOUR_MS,
  }));

describe("a day by the wall clock", () => {
  it("has 25 hours where summer time ends and 23 where it begins, and is one bucket", () => {
    expect(days("America/Los_Angeles", "2026-10-31T07:00:00Z", "2026-11-03T08:00:00Z")).toEqual([
      { day: "2026-10-31", hours: 24 },
      { day: "2026-11-01", hours: 25 },
      { day: "2026-11-02", hours: 24 },
    ]);
    expect(days("Europe/Berlin", "2026-03-27T23:00:00Z", "2026-03-30T22:00:00Z")).toEqual([
      { day: "2026-03-28", hours: 24 },
      { day: "2026-03-29", hours: 23 },
      { day: "2026-03-30", hours: 24 },
    ]);
  });

  it("begins at one o'clock where the clock skips midnight", () => {
    expect(days("America/Sao_Paulo", "2018-11-03T03:00:00Z", "2018-11-05T02:00:00Z")).toEqual([
      { day: "2018-11-03", hours: 24 },
      { day: "2018-11-04", hours: 23 },
    ]);
  });

  it("is missing where a country skipped it", () => {
    const seen = days("Pacific/Apia", "2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z");
    expect(seen.map(({ day }) => day)).toEqual(["2011-12-29", "2011-12-31"]);
  });
});

describe("an hour by the wall clock", () => {
  it("that is shown twice is two buckets, and one hour of the day", () => {
    const from = Date.parse("2026-11-01T07:00:00Z");
    const hours = bucketsOf(["hour"], "America/Los_Angeles", from, from + 4 * HOUR_MS);
    expect(hours.map(({ labels }) => labels[0])).toEqual([
      "2026-11-01T00:00-07:00",
      "2026-11-01T01:00-07:00",
      "2026-11-01T01:00-08:00",
      "2026-11-01T02:00-08:00",
    ]);
    const ofDay = bucketsOf(["hour_of_day"], "America/Los_Angeles", from, from + 4 * HOUR_MS);
    expect(ofDay.map(({ labels, from_at, to_at }) => [labels[0], (to_at - from_at) / HOUR_MS])).toEqual([
      [0, 1],
      [1, 2],
      [2, 1],
    ]);
  });

  it("is listed from midnight, wherever the range begins", () => {
    const from = Date.parse("2026-11-20T20:00:00Z");
    const buckets = bucketsOf(["hour_of_day"], "UTC", from, from + DAY_MS);
    expect(labelsInOrder(["hour_of_day"], buckets).flat()).toEqual([...Array(24).keys()]);
  });
});

describe("buckets", () => {
  it("cover the range without gap or overlap, each moment under the label that Temporal gives it", () => {
    const range = fc.record({
      zone: fc.constantFrom(...ZONES),
      from: fc.integer({ min: Date.UTC(2005, 0, 1), max: Date.UTC(2027, 0, 1) }),
      length_ms: fc.integer({ min: 1, max: 40 * DAY_MS }),
      groups: fc.subarray([...TIME_GROUPS], { minLength: 1 }),
      probes: fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 10 }),
    });
    fc.assert(
      fc.property(range, ({ zone, from, length_ms, groups, probes }) => {
        const buckets = bucketsOf(groups, zone, from, from + length_ms);
        expect(buckets[0]?.from_at).toBe(from);
        expect(buckets.at(-1)?.to_at).toBe(from + length_ms);
        for (const [i, bucket] of buckets.entries()) {
          expect(bucket.to_at).toBeGreaterThan(bucket.from_at);
          if (i > 0) expect(bucket.from_at).toBe(buckets[i - 1]?.to_at);
        }
        const edges = buckets.slice(0, 20).flatMap(({ from_at, to_at }) => [from_at, to_at - 1]);
        for (const at of [...edges, ...probes.map((part) => from + Math.floor(part * length_ms))]) {
          const bucket = buckets.find(({ from_at, to_at }) => from_at <= at && at < to_at);
          expect(bucket?.labels).toEqual(groups.map((group) => labelByTemporal(group, at, zone)));
        }
      }),
      law(150),
    );
  });

  it("are refused when there would be too many", () => {
    expect(fitsBuckets(["hour"], 0, 400 * DAY_MS)).toBe(true);
    expect(fitsBuckets(["hour"], 0, 500 * DAY_MS)).toBe(false);
    expect(fitsBuckets(["day"], 0, 500 * DAY_MS)).toBe(true);
  });
});

describe("a month by the wall clock", () => {
  it("runs from its first midnight to the next month's, as Temporal has it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: 2005, max: 2030 }),
        fc.integer({ min: 1, max: 12 }),
        (zone, year, month) => {
          const first = Temporal.PlainDate.from({ year, month, day: 1 });
          const name = first.toPlainYearMonth().toString();
          const range = monthRange(name, zone);
          expect(range).toEqual({
            from_at: first.toZonedDateTime(zone).startOfDay().epochMilliseconds,
            to_at: first.add({ months: 1 }).toZonedDateTime(zone).startOfDay().epochMilliseconds,
          });
          expect(monthAt(range.from_at, zone)).toBe(name);
          expect(monthAt(range.to_at - 1, zone)).toBe(name);
        },
      ),
      law(100),
    );
  });
});
