import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { businessClock } from "../../edge/routing/model/business-clock.ts";
import { isOpenAt } from "../../edge/routing/model/hours.ts";
import type { Hours } from "../../shared/api/common.ts";
import { law } from "../support/laws.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
/** Clocks that change by an hour and by half of one, at midnight, in the south, by odd minutes, and never. */
const ZONES = [
  "America/Los_Angeles",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "America/Santiago",
  "Africa/Cairo",
  "Asia/Kathmandu",
  "America/St_Johns",
  "UTC",
] as const;

/** 2024 to 2027. */
const moment = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2028, 0) });
const time = fc
  .integer({ min: 0, max: 1440 })
  .map((m) => `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`);
const window = fc.record({
  days: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1 }),
  from: time,
  to: time,
});
const hours: fc.Arbitrary<Hours> = fc.record({
  timezone: fc.constantFrom(...ZONES),
  windows: fc.array(window, { maxLength: 4 }),
  breaks: fc.array(window, { maxLength: 2 }),
});

/** The same by another library's calendar, from the days that a window may have begun on. */
function isOpenByCalendar({ timezone, windows, breaks = [] }: Hours, at: number): boolean {
  if (windows.length === 0) return true;
  const now = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).toPlainDateTime();
  const covers = ({ days, from, to }: Hours["windows"][number]) =>
    [0, 1].some((back) => {
      const day = now.toPlainDate().subtract({ days: back });
      if (!days.some((name) => DAYS[day.dayOfWeek - 1] === name)) return false;
      const at_time = (text: string) => {
        const [hour = 0, minute = 0] = text.split(":").map(Number);
        return day.toPlainDateTime("00:00").add({ hours: hour, minutes: minute });
      };
      const begins = at_time(from);
      const ends = to < from ? at_time(to).add({ days: 1 }) : at_time(to);
      return (
        Temporal.PlainDateTime.compare(begins, now) <= 0 && Temporal.PlainDateTime.compare(now, ends) < 0
      );
    });
  return windows.some(covers) && !breaks.some(covers);
}

describe("hours of business", () => {
  it("are what a calendar says, in every zone and season", () => {
    fc.assert(
      fc.property(hours, moment, (given, at) => {
        expect(isOpenAt(given, at)).toBe(isOpenByCalendar(given, at));
      }),
      law(2_000),
    );
  });

  const NIGHT: Hours = {
    timezone: "America/Los_Angeles",
    windows: [{ days: ["sat"], from: "22:00", to: "02:30" }],
  };
  const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds;

  it("cross midnight, and belong to the day on which they began", () => {
    expect(isOpenAt(NIGHT, at("2026-11-14T21:59:59.999-08:00"))).toBe(false);
    expect(isOpenAt(NIGHT, at("2026-11-14T22:00-08:00"))).toBe(true);
    expect(isOpenAt(NIGHT, at("2026-11-15T02:29:59.999-08:00"))).toBe(true);
    expect(isOpenAt(NIGHT, at("2026-11-15T02:30-08:00"))).toBe(false);
  });

  it("last an hour longer in the night that has one twice, and none of the hour that is left out", () => {
    // 2026-11-01: 01:00 to 02:00 comes twice in Los Angeles.
    expect(isOpenAt(NIGHT, at("2026-11-01T01:30-07:00"))).toBe(true);
    expect(isOpenAt(NIGHT, at("2026-11-01T01:30-08:00"))).toBe(true);
    expect(isOpenAt(NIGHT, at("2026-11-01T02:30-08:00"))).toBe(false);
    // 2026-03-08: after 01:59 comes 03:00.
    expect(isOpenAt(NIGHT, at("2026-03-08T01:59:59-08:00"))).toBe(true);
    expect(isOpenAt(NIGHT, at("2026-03-08T03:00-07:00"))).toBe(false);
  });

  it("have breaks, and last to the end of the day at 24:00", () => {
    const office: Hours = {
      timezone: "Europe/Berlin",
      windows: [{ days: [...DAYS], from: "08:00", to: "24:00" }],
      breaks: [{ days: ["wed"], from: "12:00", to: "13:00" }],
    };
    expect(isOpenAt(office, at("2026-07-01T12:30+02:00"))).toBe(false);
    expect(isOpenAt(office, at("2026-07-01T13:00+02:00"))).toBe(true);
    expect(isOpenAt(office, at("2026-07-02T12:30+02:00"))).toBe(true);
    expect(isOpenAt(office, at("2026-07-02T23:59:59.999+02:00"))).toBe(true);
    expect(isOpenAt(office, at("2026-07-03T00:00+02:00"))).toBe(false);
  });
});

describe("the wall clock", () => {
  it("says day, month and hour as a calendar does", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), moment, (zone, given) => {
        const there = Temporal.Instant.fromEpochMilliseconds(given).toZonedDateTimeISO(zone);
        const clock = businessClock(zone, given);
        expect(clock).toMatchObject({
          day: there.toPlainDate().toString(),
          month: there.toPlainDate().toPlainYearMonth().toString(),
          weekday: there.dayOfWeek - 1,
          minute: there.hour * 60 + there.minute,
        });
        // No earlier than the hour began, and within it.
        expect(clock.hour_at).toBeLessThanOrEqual(given);
        expect(given - clock.hour_at).toBeLessThan(3_600_000);
        // Where clocks change by half an hour, one hour a year begins in the middle of another.
        if (zone === "Australia/Lord_Howe") return;
        const began = Temporal.Instant.fromEpochMilliseconds(clock.hour_at).toZonedDateTimeISO(zone);
        expect([began.minute, began.second, began.millisecond]).toEqual([0, 0, 0]);
      }),
      law(1_000),
    );
  });
});
