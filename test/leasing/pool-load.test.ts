import { describe, expect, it } from "vitest";
import { erlangB } from "../../edge/leasing/model/erlang.ts";
import {
  adviseCooldown,
  busiestHour,
  loadsOf,
  meanLeaseSeconds,
  offeredLoad,
  type PoolHour,
} from "../../edge/leasing/model/pool-load.ts";
import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";

const LEASE_MIN = 20;

/** Hours of so many visitors each, of whom so many found no number; everybody stays 20 minutes. */
const hours = (...visitors: [arrivals: number, refused?: number][]): PoolHour[] =>
  visitors.map(([arrivals, refused = 0], i) => ({
    hour_at: i * HOUR_MS,
    arrivals,
    refused,
    leased_ms: arrivals * LEASE_MIN * MINUTE_MS,
  }));

const day = hours(...Array.from({ length: 24 }, (): [number] => [12]));

describe("what a pool bears", () => {
  it("measures how long a visitor keeps a number", () => {
    expect(meanLeaseSeconds(day)).toBe(LEASE_MIN * 60);
    expect(meanLeaseSeconds(hours([0, 4]))).toBeNull();
    expect(offeredLoad(12, 20 * 60)).toBe(4);
  });

  it("counts who was turned away as load", () => {
    expect(loadsOf(hours([6, 6], [0, 0]), 1200)).toEqual([{ offered: 4, weight: 12 }]);
    expect(busiestHour(hours([5], [3, 3], [6], [2]))?.hour_at).toBe(2 * HOUR_MS);
    expect(busiestHour(hours([0]))).toBeNull();
  });

  it("advises the longest cool-down that turns away at most one visitor in a hundred", () => {
    const advised = (numbers: number) => adviseCooldown(day, LEASE_MIN * 60, numbers).cooldown_s;
    // 12 an hour for 20 min + c: 4, 7, 10, 16 and 28 erlangs; by the formula 10, 14, 18, 25 and 39 numbers for 1 %.
    expect([9, 10, 13, 14, 17, 18, 24, 25, 38, 39].map(advised)).toEqual([
      0, 0, 0, 900, 900, 1800, 1800, 3600, 3600, 7200,
    ]);
    for (const { cooldown_s, blocking } of adviseCooldown(day, LEASE_MIN * 60, 14).choices) {
      expect(blocking).toBeCloseTo(erlangB(12 * (LEASE_MIN / 60 + cooldown_s / 3600), 14), 10);
    }
  });

  it("weighs each hour by its own load, not by the mean", () => {
    const peaks = hours([60], ...Array.from({ length: 23 }, (): [number] => [2]));
    const flat = hours(...Array.from({ length: 24 }, (): [number] => [106 / 24]));
    const advised = (of: PoolHour[]) => adviseCooldown(of, LEASE_MIN * 60, 20).cooldown_s ?? -1;
    expect(advised(peaks)).toBeLessThan(advised(flat));
  });

  it("says nothing of a pool that few have come to", () => {
    expect(adviseCooldown(hours([30], [30]), 1200, 50).cooldown_s).toBeNull();
    expect(adviseCooldown(day, 1200, 0).cooldown_s).toBeNull();
  });
});
