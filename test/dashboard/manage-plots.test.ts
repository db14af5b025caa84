import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lanesOf, placeOf, stretchOf, ticksOf } from "../../dashboard/pages/pool/lanes.ts";
import { rackLabels } from "../../dashboard/pages/pool/rack.ts";
import { statementDay, stopsOf } from "../../dashboard/pages/publisher/due.ts";
import { unpaidOf } from "../../dashboard/pages/publisher/unpaid.ts";
import { pinnedSnippet, policyOf } from "../../dashboard/pages/site/snippets.ts";
import type { Campaign } from "../../shared/api/campaigns.ts";
import type { PoolNumberState } from "../../shared/api/inventory.ts";

const NOW = Date.parse("2026-11-20T14:32:05-08:00");
const MIN = 60_000;
const SEED = 20261121;

const taken = fc
  .record({
    since: fc.integer({ min: 0, max: 240 }),
    left: fc.integer({ min: 0, max: 240 }),
    cools: fc.integer({ min: 0, max: 60 }),
  })
  .map(({ since, left, cools }, index = 0): PoolNumberState => {
    const expires_at = NOW + left * MIN;
    return {
      number_id: `num_${since}_${left}_${index}`,
      e164: "+16285550101",
      state: left > 0 ? "leased" : "cooling",
      leased_at: NOW - since * MIN,
      expires_at,
      reusable_at: expires_at + cools * MIN,
    };
  });

describe("the lanes of a pool", () => {
  it("come in the order in which numbers come free, all of them on the axis with now", () => {
    fc.assert(
      fc.property(fc.array(taken, { maxLength: 60 }), (states) => {
        const lanes = lanesOf(states);
        const stretch = stretchOf(lanes, NOW);
        const free = lanes.map(({ reusable_at }) => reusable_at);
        expect(free).toEqual(free.toSorted((a, b) => a - b));
        for (const at of [NOW, ...lanes.flatMap((lane) => [lane.leased_at, lane.reusable_at])]) {
          expect(at).toBeGreaterThanOrEqual(stretch.from);
          expect(at).toBeLessThanOrEqual(stretch.to);
        }
        const ticks = ticksOf(stretch);
        expect(ticks.length).toBeLessThanOrEqual(8);
        expect(ticks.map((at) => placeOf(at, stretch)).every((place) => place >= 0 && place <= 100)).toBe(
          true,
        );
      }),
      { seed: SEED },
    );
  });

  it("leave free numbers out", () => {
    const free = {
      number_id: "n",
      e164: "+1",
      state: "free",
      leased_at: null,
      expires_at: null,
      reusable_at: null,
    } as const;
    expect(lanesOf([free])).toEqual([]);
  });
});

describe("the rack", () => {
  it("says once what the numbers have in common", () => {
    expect(rackLabels(["+16285550101", "+16285550102"])).toEqual({
      prefix: "+1\u00a0628\u00a0555",
      labels: ["0101", "0102"],
    });
    expect(rackLabels(["+16285550101", "+16286660102"])).toEqual({
      prefix: "+1\u00a0628",
      labels: ["555\u00a00101", "666\u00a00102"],
    });
    expect(rackLabels(["+16285550101", "+442079460018"])).toEqual({
      prefix: null,
      labels: ["+1\u00a0628\u00a0555\u00a00101", "+442079460018"],
    });
    expect(rackLabels([])).toEqual({ prefix: null, labels: [] });
  });
});

const dueDay = fc.record({
  day: fc.integer({ min: 1, max: 28 }).map((day) => `2026-11-${String(day).padStart(2, "0")}`),
  micros: fc.integer({ min: 1, max: 1e9 }),
  calls: fc.integer({ min: 1, max: 9 }),
});
const dueInOrder = fc
  .uniqueArray(dueDay, { selector: ({ day }) => day, maxLength: 28 })
  .map((days) => days.sort((a, b) => (a.day < b.day ? -1 : 1)));

describe("held money on its way", () => {
  it("loses no cent however many days there are, and begins today", () => {
    fc.assert(
      fc.property(dueInOrder, (days) => {
        const stops = stopsOf(days, "2026-11-14");
        const sum = (list: readonly { micros: number }[]) =>
          list.reduce((all, { micros }) => all + micros, 0);
        expect(sum(stops)).toBe(sum(days));
        expect(stops[0]?.day).toBe("2026-11-14");
        expect(stops.length).toBeLessThanOrEqual(8);
        expect(new Set(stops.map(({ day }) => day)).size).toBe(stops.length);
      }),
      { seed: SEED },
    );
  });

  it("ends in the statement of the month", () => {
    expect(statementDay("2026-11-20")).toBe("2026-12-01");
    expect(statementDay("2026-12-31")).toBe("2027-01-01");
  });
});

describe("calls that were not paid", () => {
  const campaign = {
    id: "cmp_1",
    attribution_floor: 0.9,
    terms: { payout_micros: 45_000_000, min_duration_s: 90, dedupe_window_s: 2_592_000 },
  } as Campaign;

  it("stand by reason, most calls first, at today's rate; what earned or still may is left out", () => {
    const rows = [
      { reject_reason: null, campaign_id: "cmp_1", calls: 32 },
      { reject_reason: "duplicate", campaign_id: "cmp_1", calls: 2 },
      { reject_reason: "min_duration", campaign_id: "cmp_1", calls: 7 },
      { reject_reason: "min_duration", campaign_id: "cmp_2", calls: 1 },
    ];
    expect(unpaidOf(rows, [campaign])).toMatchObject([
      {
        reason: "min_duration",
        words: "Too short",
        means: "connected under 90\u00a0s",
        calls: 8,
        worth_micros: 315_000_000,
      },
      { reason: "duplicate", words: "Called before", calls: 2, worth_micros: 90_000_000 },
    ]);
  });

  it("say what a reason means in general where campaigns differ", () => {
    const [only] = unpaidOf(
      [{ reject_reason: "min_duration", campaign_id: "cmp_1", calls: 1 }],
      [campaign, campaign],
    );
    expect(only?.means).toBe("connected for less than the terms ask for");
  });
});

describe("the tag's snippets", () => {
  const host = "https://calls.larkspur.example";

  it("pin the bytes by their hash", () => {
    const latest = {
      version: "0123456789",
      src: `${host}/tag/0123456789/ringtrail.js`,
      integrity: "sha384-abc",
    };
    expect(pinnedSnippet(latest, "st_7Q2")).toBe(
      `<script async src="${host}/tag/0123456789/ringtrail.js" integrity="sha384-abc" crossorigin="anonymous" data-site="st_7Q2"></script>`,
    );
  });

  it("name what a Content-Security-Policy must allow", () => {
    expect(policyOf(`<script async src="${host}/t/st_7Q2.js"></script>`)).toBe(
      `script-src ${host}; connect-src ${host}`,
    );
    expect(policyOf("<script></script>")).toBeNull();
  });
});
