import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { periodBefore, RANGES, type RangeName, readRange, stepRange } from "../../dashboard/range.ts";
import { addDays, addMonths, dayOf, daysBetween, startOfDay, weekdayOf } from "../../dashboard/zone.ts";
import { law } from "../support/laws.ts";

const ZONE = "America/Los_Angeles";
const NOW = Date.parse("2026-11-20T22:32:05Z");
const TODAY = "2026-11-20";
const asked = (query: string, zone = ZONE) => readRange(new URLSearchParams(query), NOW, zone);

/** Zones whose clocks change at midnight, by half an hour, or not at all; and one that once skipped a day. */
const ZONES = [
  ZONE,
  "America/Sao_Paulo",
  "America/Havana",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Africa/Cairo",
  "Europe/Berlin",
  "UTC",
];
const day = fc.integer({ min: 0, max: 365 * 40 }).map((offset) => addDays("2000-01-01", offset));

describe("calendar days", () => {
  it("begin where Temporal says they do, in every zone", () => {
    fc.assert(
      fc.property(day, fc.constantFrom(...ZONES), (date, zone) => {
        const expected = Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;
        expect(startOfDay(date, zone)).toBe(expected);
        expect(dayOf(startOfDay(date, zone), zone)).toBe(date);
        expect(dayOf(startOfDay(date, zone) - 1, zone) < date).toBe(true);
      }),
      law(300),
    );
  });

  it("are added like Temporal adds them", () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -30, max: 30 }), (date, months) => {
        const plain = Temporal.PlainDate.from(date);
        expect(addMonths(date, months)).toBe(plain.add({ months }).toString());
        expect(weekdayOf(date)).toBe(plain.dayOfWeek % 7);
        expect(daysBetween(date, addDays(date, months))).toBe(months);
      }),
      law(100),
    );
  });
});

describe("a range", () => {
  it("is half-open and ends with today", () => {
    const range = asked("");
    expect(range).toMatchObject({ name: "28d", first: "2026-10-24", last: TODAY, days: 28, unit: "day" });
    expect(range.from).toBe(startOfDay("2026-10-24", ZONE));
    expect(range.to).toBe(startOfDay("2026-11-21", ZONE));
  });

  it("has the days its name says", () => {
    const spans = Object.fromEntries(RANGES.map(({ name }) => [name, asked(`range=${name}`).days]));
    expect(spans).toMatchObject({
      day: 1,
      yesterday: 1,
      "7d": 7,
      "28d": 28,
      "30d": 30,
      month: 20,
      last_month: 31,
      year: 324,
      "12m": 365,
      all: null,
    });
    expect(asked("range=last_month")).toMatchObject({ first: "2026-10-01", last: "2026-10-31" });
  });

  it("follows the zone, not the browser", () => {
    expect(asked("range=day", "Pacific/Auckland").first).toBe("2026-11-21");
    expect(asked("range=day").first).toBe(TODAY);
  });

  it("takes chosen days either way round and refuses days that are none", () => {
    expect(asked("range=custom&from=2026-03-09&to=2026-03-02")).toMatchObject({
      first: "2026-03-02",
      last: "2026-03-09",
    });
    expect(asked("range=custom&from=2026-02-30&to=2026-03-02").name).toBe("28d");
    expect(asked("range=constructor").name).toBe("28d");
  });

  it("has one key each", () => {
    expect(RANGES.map(({ key }) => key).join("")).toBe("dewftmpylac");
  });

  it("steps back and forward to where it was, and not into the future", () => {
    const names = RANGES.map(({ name }) => name).filter(
      (name): name is RangeName => !["all", "custom"].includes(name),
    );
    for (const name of names) {
      const range = asked(`range=${name}`);
      const back = stepRange(range, -1, TODAY);
      expect(back, name).not.toBeNull();
      const query = Object.entries(back ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .join("&");
      const earlier = asked(query);
      expect(earlier.last < (range.first ?? ""), name).toBe(true);
      expect(addDays(earlier.last, 1), name).toBe(range.first);
    }
    expect(stepRange(asked("range=day"), 1, TODAY)).toBeNull();
    expect(stepRange(asked("range=all"), -1, TODAY)).toBeNull();
  });

  it("steps whole months by months", () => {
    const october = stepRange(asked("range=month"), -1, TODAY);
    expect(october).toMatchObject({ from: "2026-10-01", to: "2026-10-31" });
    expect(stepRange(asked("range=last_month"), 1, TODAY)).toMatchObject({ range: "month" });
  });
});

describe("the period before", () => {
  it("sets weekdays against weekdays, as much of them as has passed", () => {
    for (const { name } of RANGES) {
      const range = asked(`range=${name}`);
      const earlier = periodBefore(range, NOW);
      if (range.first === null || !earlier) {
        expect(name).toBe("all");
        continue;
      }
      expect(weekdayOf(earlier.first)).toBe(weekdayOf(range.first));
      expect(earlier.last < range.first).toBe(true);
      expect(earlier.to).toBe(
        Math.min(
          startOfDay(addDays(earlier.last, 1), ZONE),
          NOW - earlier.shift_days * 86_400_000 + clockChange(earlier.to),
        ),
      );
    }
  });

  /** An hour more or less where the clock changed between the two periods. */
  function clockChange(then: number): number {
    const offset = (at: number) =>
      Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).offsetNanoseconds / 1e6;
    return offset(NOW) - offset(then);
  }

  it("is called by what it is", () => {
    const label = (query: string) => periodBefore(asked(query), NOW)?.label;
    expect(label("range=day")).toBe("the Friday before");
    expect(label("range=7d")).toBe("the week before");
    expect(label("range=28d")).toBe("four weeks before");
    expect(label("range=12m")).toBe("53 weeks before");
  });
});
