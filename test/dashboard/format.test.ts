import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  brief,
  caller,
  change,
  count,
  dateTime,
  dayName,
  dayRange,
  duration,
  money,
  moneyIn,
  moneySymbol,
  points,
  probability,
  seconds,
  share,
  span,
  zoneName,
} from "../../dashboard/format.ts";
import { law } from "../support/laws.ts";

const ZONE = "America/Los_Angeles";

describe("figures", () => {
  it("write money with two decimals and a true minus", () => {
    expect(money(45_000_000)).toBe("45.00");
    expect(money(-1_234_560_000)).toBe("−1,234.56");
    expect(moneyIn(45_000_000, "USD")).toBe("45.00\u00a0USD");
    expect(moneySymbol(-45_000_000, "USD")).toBe("−$45.00");
    expect(moneySymbol(45_000_000, null)).toBe("45.00");
  });

  it("never claim a direction that rounding took away", () => {
    expect(money(-1)).toBe("0.00");
    expect(change(1_000_001, 1_000_000)).toBe("0.0%");
    expect(points(0.500_01, 0.5)).toBe("0.0\u00a0points");
  });

  it("agree with integer arithmetic for every amount of whole cents", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e11, max: 1e11 }), (cents) => {
        const read = money(cents * 10_000)
          .replace("−", "-")
          .replaceAll(",", "");
        expect(Math.round(Number(read) * 100)).toBe(cents === 0 ? 0 : cents);
      }),
      law(100),
    );
  });

  it("say how much more, and nothing where nothing can be compared", () => {
    expect(change(106.8, 100)).toBe("+6.8%");
    expect(change(97, 100)).toBe("−3.0%");
    expect(change(187, 10)).toBe("×18.7");
    expect(change(5, 0)).toBeNull();
    expect(points(0.881, 0.888)).toBe("−0.7\u00a0points");
    expect(share(1, 0)).toBe("—");
    expect(share(2841, 4562)).toBe("62.3%");
  });

  it("keep the decimals of their kind", () => {
    expect(probability(0.9421)).toBe("0.942");
    expect(count(4562)).toBe("4,562");
    expect([brief(7_500), brief(12_500), brief(2.5)]).toEqual(["7,500", "12.5k", "2.5"]);
  });
});

describe("durations", () => {
  it("are clocks in tables and seconds in sentences", () => {
    expect([duration(31), duration(218), duration(3725), duration(null)]).toEqual([
      "0:31",
      "3:38",
      "1:02:05",
      "—",
    ]);
    expect(seconds(71)).toBe("71\u00a0s");
    expect([span(12_000), span(660_000), span(86_400_000)]).toEqual([
      "12\u00a0s",
      "11\u00a0min",
      "1\u00a0day",
    ]);
  });

  it("read back to the seconds they were made of", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400 }), (value) => {
        const read = duration(value)
          .split(":")
          .reduce((total, part) => total * 60 + Number(part), 0);
        expect(read).toBe(value);
      }),
      law(100),
    );
  });
});

describe("days and callers", () => {
  it("stand in the zone they are asked for", () => {
    const at = Date.parse("2026-11-21T04:02:01Z");
    expect(dateTime(at, ZONE)).toBe("Fri\u00a020\u00a0Nov, 20:02:01");
    expect(dateTime(at, "Europe/Berlin")).toBe("Sat\u00a021\u00a0Nov, 05:02:01");
    expect(zoneName(ZONE)).toBe("Los Angeles time");
  });

  it("are written as short as they stay clear", () => {
    expect(dayRange("2026-10-24", "2026-11-20")).toBe("24\u00a0Oct – 20\u00a0Nov 2026");
    expect(dayRange("2026-11-01", "2026-11-20")).toBe("1–20\u00a0Nov 2026");
    expect(dayRange("2025-12-24", "2026-01-06")).toBe("24\u00a0Dec 2025 – 6\u00a0Jan 2026");
    expect(dayRange("2026-11-20", "2026-11-20")).toBe(`${dayName("2026-11-20")} 2026`);
  });

  it("show of a caller what the answer holds, and no more", () => {
    expect(caller("+14155550188")).toBe("+1\u00a0415\u00a0555\u00a00188");
    expect(caller("+1415…")).toBe("+1\u00a0415\u00a0···\u00a0····");
    expect(caller("+1415")).toBe("+1\u00a0415\u00a0···\u00a0····");
    expect(caller(null)).toBe("hidden");
  });
});
