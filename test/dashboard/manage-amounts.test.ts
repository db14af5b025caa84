import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  readCount,
  readDialTarget,
  readDuration,
  readMoney,
  readNumber,
  readNumbers,
  readOrigin,
  readOrigins,
  readProbability,
  writeDuration,
  writeMoney,
} from "../../dashboard/parts/form/amounts.ts";
import { readHours, writeHours } from "../../dashboard/parts/form/hours.ts";
import { Hours } from "../../shared/api/common.ts";
import { SiteInput } from "../../shared/api/inventory.ts";
import { MICROS_MAX } from "../../shared/money.ts";

const SEED = 20261121;
const value = <T>(read: { ok: boolean; value?: T; error?: string }) => (read.ok ? read.value : read.error);

describe("an amount of money", () => {
  it("is read back as it was written, to the last micro", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MICROS_MAX }), (micros) => {
        expect(value(readMoney(writeMoney(micros)))).toBe(micros);
      }),
      { seed: SEED },
    );
  });

  it.each([
    ["45", 45_000_000],
    [" 45.5 ", 45_500_000],
    ["1,234.56", 1_234_560_000],
    ["0.07", 70_000],
    ["0.000001", 1],
  ])("reads %j", (text, micros) => {
    expect(value(readMoney(text))).toBe(micros);
  });

  it.each(["-1", "1.2345678", "12,34", "$5", "5 USD", "1e3", ""])("refuses %j", (text) => {
    expect(readMoney(text).ok).toBe(false);
  });

  it("shows cents, and more only where there is more", () => {
    expect(writeMoney(45_000_000)).toBe("45.00");
    expect(writeMoney(45_123_400)).toBe("45.1234");
  });
});

describe("a stretch of time", () => {
  it("is read back as it was written, whatever unit the field is in", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 * 86_400 }),
        fc.constantFrom("s", "min", "h", "d" as const),
        (seconds, unit) => {
          expect(value(readDuration(writeDuration(seconds), unit))).toBe(seconds);
        },
      ),
      { seed: SEED },
    );
  });

  it.each([
    ["90", "s", 90],
    ["30", "min", 1800],
    ["30", "d", 30 * 86_400],
    ["2h", "s", 7200],
    ["1 day", "s", 86_400],
  ] as const)("reads %j in a field of %s", (text, unit, seconds) => {
    expect(value(readDuration(text, unit))).toBe(seconds);
  });

  it.each(["ninety", "1.5 h", "-5", "5 weeks", ""])("refuses %j", (text) => {
    expect(readDuration(text, "s").ok).toBe(false);
  });
});

describe("numbers", () => {
  it.each(["+1 (628) 555-0101", "+1.628.555.0101", "+1\u00a0628\u00a0555\u20110101"])("reads %j", (text) => {
    expect(value(readNumber(text))).toBe("+16285550101");
  });

  it("wants the country code, and says which entry lacks it", () => {
    expect(value(readNumbers("+16285550101\n628 555 0102"))).toMatch(/628 555 0102.*country code/);
  });

  it("takes lines, commas and semicolons, and no number twice", () => {
    expect(value(readNumbers("+16285550101, +16285550102;\n+442079460018"))).toEqual([
      "+16285550101",
      "+16285550102",
      "+442079460018",
    ]);
    expect(value(readNumbers("+16285550101\n+1 628 555 0101"))).toMatch(/twice/);
  });

  it("leaves a sip address to the server", () => {
    expect(value(readDialTarget("sip:desk@pbx.example"))).toBe("sip:desk@pbx.example");
    expect(readDialTarget("desk").ok).toBe(false);
  });

  it("reads counts and probabilities", () => {
    expect(value(readCount("50"))).toBe(50);
    expect(readCount("0").ok).toBe(false);
    expect(value(readProbability("0.9"))).toBe(0.9);
    expect(readProbability("1.1").ok).toBe(false);
  });
});

describe("a site's addresses", () => {
  it.each([
    ["www.example.com/plumbing?x=1", "https://www.example.com"],
    ["HTTPS://Example.com", "https://example.com"],
    ["http://localhost:8787/demo", "http://localhost:8787"],
    ["*.example.com", "https://*.example.com"],
    ["https://*.example.com:8443", "https://*.example.com:8443"],
  ])("reads %j", (text, origin) => {
    expect(value(readOrigin(text))).toBe(origin);
  });

  it.each(["not an address", "ftp://example.com", "example", "https://*.*.com"])("refuses %j", (text) => {
    expect(readOrigin(text).ok).toBe(false);
  });

  it("are what the API takes, each once", () => {
    const origins = value(readOrigins("example.com\nhttps://example.com/a\n*.example.com")) as string[];
    expect(origins).toEqual(["https://example.com", "https://*.example.com"]);
    expect(v.is(SiteInput.entries.origins, origins)).toBe(true);
  });
});

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
const hours = fc.array(
  fc
    .record({
      days: fc.subarray([...DAYS], { minLength: 1 }).map((days) => DAYS.filter((day) => days.includes(day))),
      from: clock,
      to: clock,
    })
    .filter(({ from, to }) => from !== to),
  { maxLength: 5 },
);

describe("opening hours", () => {
  it("are read back as they were written", () => {
    fc.assert(
      fc.property(hours, (windows) => {
        const given = { timezone: "America/Los_Angeles", windows };
        expect(value(readHours(writeHours(given), given.timezone))).toEqual(given);
      }),
      { seed: SEED },
    );
  });

  it("are read as people write them, and are what the API takes", () => {
    const read = value(readHours("Mon-Fri 7-20\nsat, Sunday 9:00 – 12:30\nFri-Mon 22:00-24", "UTC"));
    expect(read).toEqual({
      timezone: "UTC",
      windows: [
        { days: ["mon", "tue", "wed", "thu", "fri"], from: "07:00", to: "20:00" },
        { days: ["sat", "sun"], from: "09:00", to: "12:30" },
        { days: ["mon", "fri", "sat", "sun"], from: "22:00", to: "24:00" },
      ],
    });
    expect(v.is(Hours, read)).toBe(true);
  });

  it("name the line that cannot be read", () => {
    expect(value(readHours("Mon 9-17\nweekends 10-14", "UTC"))).toMatch(/“weekends 10-14”/);
    expect(readHours("Mon 9-25", "UTC").ok).toBe(false);
    for (const never of ["Mon 0-0", "Sun 9-09:00", "Tue 24:00-0:00"])
      expect(value(readHours(`Mon 9-17\n${never}`, "UTC"))).toBe(
        `“${never}” is never open. A whole day is 00:00–24:00.`,
      );
  });

  it("are written with runs of days", () => {
    const windows = [{ days: ["mon", "tue", "wed", "sat", "sun"] as const, from: "09:00", to: "17:00" }];
    const given = {
      timezone: "UTC",
      windows: windows.map(({ days, ...rest }) => ({ days: [...days], ...rest })),
    };
    expect(writeHours(given)).toBe("Mon–Wed, Sat, Sun 09:00–17:00");
  });
});
