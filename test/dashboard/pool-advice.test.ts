import { describe, expect, it } from "vitest";
import { linesAtFault } from "../../dashboard/pages/numbers/drafts.ts";
import { straysSentence } from "../../dashboard/pages/numbers/sentence.ts";
import { alertWords, cooldownWords, poolAdvice } from "../../dashboard/pages/pool/advice.ts";
import { everyHour } from "../../dashboard/pages/pool/hours.ts";
import { alertsOf, measuresOf } from "../../edge/leasing/model/pool-measures.ts";
import type { Pool } from "../../shared/api/inventory.ts";
import { POOL_ALERTS, type PoolHealth } from "../../shared/api/pool-health.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const WEEK = 7 * 24;

/** A week of as many visitors every hour, each with a number for 20 minutes and a quarter of an hour's cool-down. */
function healthOf(numbers: number, visitors_per_h: number, refused = 0): PoolHealth {
  const hours = Array.from({ length: WEEK }, (_, i) => ({
    hour_at: NOW - (WEEK - i) * HOUR_MS,
    arrivals: visitors_per_h,
    refused,
    leased_ms: visitors_per_h * 20 * MINUTE_MS,
    occupied_ms: visitors_per_h * 20 * MINUTE_MS,
  }));
  const measured = measuresOf({
    from: NOW - 7 * DAY_MS,
    now: NOW,
    numbers,
    cooldown_s: 900,
    number_rent_micros: 1_150_000,
    hours,
    arrivals_last_hour: visitors_per_h,
    joined: { calls: 50, wrong_share: 0.04 },
    calls_to_free_numbers: 0,
    blocked: {},
    honeypot: { calls: 0, callers: 0, later_calls: 0 },
  });
  const now = { as_of: NOW, numbers, free: numbers, leased: 0, cooling: 0, states: [] };
  return { ...now, alerts: alertsOf(now, measured, 0), measured };
}

describe("what a pool's page advises", () => {
  // 12 an hour for 35 minutes are 7 erlangs: 14 numbers for 1 %, 17 for 0.1 %.
  it("adds the numbers that the busiest hour needs, with their price", () => {
    const advice = poolAdvice(healthOf(11, 12));
    expect(advice?.add).toBe(3);
    expect(advice?.decides).toMatch(/^Add 3\snumbers\. At 14, .* now it is one in \d+\.$/);
    expect(advice?.means).toMatch(/^They cost 3\.45 a month and reach about \d+ more visitors a month\.$/);
  });

  it("leaves a pool that is large enough, and tells of one that is far too large", () => {
    expect(poolAdvice(healthOf(16, 12))).toMatchObject({
      add: 0,
      decides: expect.stringMatching(/^Large enough\./),
    });
    expect(poolAdvice(healthOf(60, 12))).toMatchObject({
      add: 0,
      decides: expect.stringMatching(/^More than it needs\. 17 numbers/),
    });
  });

  it("says nothing of a pool that few came to, or that is empty", () => {
    const quiet = healthOf(5, 12);
    const few = { ...quiet, measured: { ...quiet.measured!, arrivals: 20 } };
    expect(poolAdvice(few)).toBeNull();
    expect(poolAdvice({ ...quiet, numbers: 0 })).toBeNull();
    expect(poolAdvice({ ...quiet, measured: undefined } as unknown as PoolHealth)).toBeNull();
  });

  it("compares the cool-down with the one the load advises", () => {
    const { measured } = healthOf(14, 12);
    const words = (cooldown_s: number, cooldown_mode: Pool["cooldown_mode"]) =>
      cooldownWords({ cooldown_s, cooldown_mode } as Pool, measured!);
    expect(words(900, "fixed")).toBe("as set; the load advises the same");
    expect(words(3600, "automatic")).toBe("by the load; the load advises 15 min");
  });

  it("has words for every alert", () => {
    for (const kind of POOL_ALERTS)
      expect(alertWords({ kind, value: 0.5, threshold: 0.01 })).toMatch(/[.?]$/);
    expect(healthOf(11, 12, 1).alerts.map(({ kind }) => kind)).toEqual([
      "visitors_without_number",
      "blocking_at_peak",
    ]);
  });

  it("draws every hour of the span, also those without a visitor", () => {
    const hours = [{ hour_at: NOW - 2 * HOUR_MS, arrivals: 1, refused: 0, leased: 0.2 }];
    const drawn = everyHour({ from: NOW - 3 * HOUR_MS - 1, to: NOW, hours });
    expect(drawn.map(({ leased }) => leased)).toEqual([0, 0, 0.2, 0, 0]);
  });
});

describe("the numbers' page", () => {
  it("names the lines of an import that are wrong, the first five of them", () => {
    const faults = Array.from({ length: 7 }, (_, i) => ({
      pointer: `/${i + 2}/e164`,
      detail: "must be E.164",
    }));
    const [said, ...others] = linesAtFault(faults);
    expect(others).toEqual([]);
    expect(said?.detail).toMatch(
      /^Line 2, e164: must be E\.164\. .*Line 6, e164: must be E\.164\. And 2 more\.$/,
    );
    const account = { pointer: "/telephony_account_id", detail: "there is no such account" };
    expect(linesAtFault([account])).toEqual([account]);
  });

  it("asks about a number only when several callers speak for it", () => {
    expect(straysSentence([{ callers: 2, unexplained: 9 }])).toMatch(/^Few enough/);
    expect(straysSentence([{ callers: 3, unexplained: 3 }])).toMatch(/^1\snumber rings so often that it is/);
  });
});
