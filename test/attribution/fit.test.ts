import { beforeAll, describe, expect, it } from "vitest";
import { exposureOf } from "../../edge/attribution/model/fit/exposure.ts";
import { fitModel } from "../../edge/attribution/model/fit/fit.ts";
import type { Observed, ObservedLease } from "../../edge/attribution/model/fit/observed.ts";
import { observe } from "../../edge/attribution/model/fit/observed.ts";
import { type Parameters, START } from "../../edge/attribution/model/parameters.ts";
import { posterior } from "../../edge/attribution/model/posterior.ts";
import { againBin } from "../../edge/attribution/model/weights.ts";
import { type FrozenCall, freezeCalls, learn } from "../simulate/product.ts";
import { runWorld, type World } from "../simulate/world.ts";
import { leftLease, onLease, RING, ring } from "./build.ts";

const empty: Observed = {
  start: START,
  from: RING - 86_400_000,
  to: RING,
  renew_after_s: 900,
  number_keys: [1],
  leases: [],
  leases_each: 1,
  calls: [],
};
const lease = (changes: Partial<ObservedLease>): ObservedLease => ({
  leased_at: RING - 1_000_000,
  last_seen_at: RING - 1_000_000,
  closed_at: null,
  device: "desktop",
  publisher_id: null,
  presses: 0,
  ...changes,
});

describe("the time that leases spent", () => {
  const seconds = (one: ObservedLease, from = empty.from) => {
    const cells: [number, number][] = [];
    exposureOf({ ...empty, from, leases: [one] }).each((bin, _publisher, _device, amount) =>
      cells.push([bin, amount]),
    );
    return cells;
  };

  it("is counted on the page up to the goodbye, and from it since it left", () => {
    expect(seconds(lease({ leased_at: RING - 100_000, closed_at: RING - 50_000 }))).toEqual([
      [0, 30],
      [1, 20],
      [9, 50],
    ]);
  });

  it("takes a silent page as open until the next renewal is missed, and as left since it was last seen", () => {
    const cells = seconds(lease({}));
    const [on, left] = [cells.filter(([bin]) => bin < 9), cells.filter(([bin]) => bin >= 9)];
    expect(on.reduce((sum, [, amount]) => sum + amount, 0)).toBe(900);
    expect(left).toEqual([[14, 100]]);
  });

  it("is none outside the window", () => {
    const cells = seconds(lease({}), RING - 50_000);
    expect(cells).toEqual([[14, 50]]);
    expect(seconds(lease({ leased_at: RING }))).toEqual([]);
  });
});

describe("a fit", () => {
  it("of nothing stays at what it started from", () => {
    const { on, left, device, publisher, hour, local_share } = fitModel(empty);
    for (const [bin, rate] of on.entries()) expect(rate / (START.on[bin] ?? 0)).toBeCloseTo(1, 3);
    for (const [bin, rate] of left.entries()) expect(rate / (START.left[bin] ?? 0)).toBeCloseTo(1, 3);
    expect({ device, publisher, hour, local_share }).toEqual({
      device: START.device,
      publisher: {},
      hour: START.hour,
      local_share: START.local_share,
    });
  });

  it("learns whose visitors call and whose do not", () => {
    const quiet = Array.from({ length: 3_000 }, () => lease({ publisher_id: "org_quiet" }));
    const busy = Array.from({ length: 60 }, () => lease({ publisher_id: "org_busy" }));
    const calls = Array.from({ length: 40 }, (_, i) =>
      observe(ring([onLease(`b${i}`, 90, { publisher_id: "org_busy", proof: "site" })]), null),
    );
    const { publisher } = fitModel({ ...empty, leases: [...quiet, ...busy], calls });
    expect(publisher.org_quiet).toBeLessThan(0.5);
    expect(publisher.org_busy).toBeGreaterThan(2);
  });

  it("gives presses of the call link that no call follows little weight", () => {
    const pressed = Array.from({ length: 500 }, () => lease({ presses: 3 }));
    const { click } = fitModel({ ...empty, leases: pressed });
    for (const [bin, rate] of click.entries()) expect(rate).toBeLessThan(START.click[bin] ?? 0);
    expect(click[2]).toBeLessThan(0.1 * (START.click[2] ?? 0));
  });

  it("takes each lease of a sample for as many as it stands for", () => {
    const leases = Array.from({ length: 200 }, (_, i) => {
      const leased_at = RING - (i + 1) * 400_000;
      const publisher_id = i % 3 === 0 ? null : `org_${i % 3}`;
      return lease({ leased_at, last_seen_at: leased_at, publisher_id, presses: i % 5 === 0 ? 1 : 0 });
    });
    const calls = Array.from({ length: 30 }, (_, i) =>
      observe(ring([leftLease(`l${i}`, 20_000, { publisher_id: "org_1", proof: "site" })]), null),
    );
    const each_twice = leases.flatMap((one) => [one, one]);
    const fitted = fitModel({ ...empty, leases, leases_each: 2, calls });
    expect(fitted).toEqual(fitModel({ ...empty, leases: each_twice, calls }));
    expect(fitted).not.toEqual(fitModel({ ...empty, leases, calls }));
  });

  it("believes presses of a publisher's call links as far as calls followed them", () => {
    const pressedBy = (publisher_id: string, count: number) =>
      Array.from({ length: count }, () => lease({ publisher_id, presses: 1 }));
    const calls = Array.from({ length: 60 }, (_, i) => {
      const pressed = { publisher_id: "org_people", tel_clicks_at: [RING - 8_000], proof: "site" as const };
      return observe(ring([onLease(`p${i}`, 90, pressed)]), null);
    });
    const leases = [...pressedBy("org_people", 100), ...pressedBy("org_script", 400)];
    const parameters = fitModel({ ...empty, leases, calls });
    expect(parameters.click_worth.org_script).toBeLessThan(0.3);
    expect(parameters.click_worth.org_people).toBeGreaterThan(1);

    const pressed = { tel_clicks_at: [RING - 8_000], proof: "site" as const };
    const people = onLease("people", 90, { ...pressed, publisher_id: "org_people" });
    const script = onLease("script", 90, { ...pressed, publisher_id: "org_script" });
    const { publishers } = posterior(ring([people, script]), { ...parameters, traffic: null, publisher: {} });
    expect(publishers[0]?.publisher_id).toBe("org_people");
    expect(publishers[0]?.probability).toBeGreaterThan(0.75);
  });

  it("finds numbers on which strays fall", () => {
    const calls = Array.from({ length: 30 }, () => observe(ring([leftLease("a", 2_000_000)]), null));
    const { stray } = fitModel({ ...empty, number_keys: [1, 2], calls });
    expect(stray?.numbers["1"]).toBeGreaterThan(3 * (stray?.numbers["2"] ?? 0));
  });

  it("learns how soon somebody else of a visitor's household calls", () => {
    const HALF_HOUR_MS = 1_800_000;
    const NUMBERS = Array.from({ length: 40 }, (_, key) => key);
    const household = (isFollowed: boolean) => {
      const calls = NUMBERS.flatMap((number_key) => {
        const visit = onLease(`h${number_key}`, 90);
        const first = observe(ring([visit], { number_key }), `visitor ${number_key}`);
        const later = ring([visit], { number_key, at: RING + HALF_HOUR_MS });
        return isFollowed ? [first, observe(later, `spouse ${number_key}`)] : [first];
      });
      const inOrder = calls.sort((a, b) => a.ring.at - b.ring.at);
      const month = { from: RING - 30 * 86_400_000, to: RING + 86_400_000, number_keys: NUMBERS };
      return fitModel({ ...empty, ...month, calls: inOrder }).household;
    };
    const bin = againBin(RING + HALF_HOUR_MS, RING);
    expect(household(true)[bin]).toBeGreaterThan(5 * (START.household[bin] ?? 0));
    expect(household(false)[bin]).toBeLessThan(START.household[bin] ?? 0);
  });

  it("lets who calls again keep the hours that late callers keep", () => {
    const calls = Array.from({ length: 30 }, () => observe(ring([leftLease("a", 20_000)]), null));
    const { hour, again_hour } = fitModel({ ...empty, leases: [lease({})], calls });
    expect(Math.max(...hour)).toBeGreaterThan(1.5);
    expect(again_hour).toEqual(hour);
  });

  it("finds that who leaves before the night calls in the morning", () => {
    const HOUR_MS = 3_600_000;
    // The phone rings from eight to half past five UTC only, each time three hours after a visit.
    const calls = Array.from({ length: 60 }, (_, i) => {
      const at = RING + (i % 20) * (HOUR_MS / 2);
      const left_s = 3 * 3_600 - (at - RING) / 1_000;
      return observe(ring([leftLease(`l${i}`, left_s)], { at }), null);
    }).sort((a, b) => a.ring.at - b.ring.at);
    const { left_hour } = fitModel({ ...empty, to: RING + 24 * HOUR_MS, calls });
    const [morning = 0, evening = 0] = [left_hour[7], left_hour[18]];
    expect(evening).toBeGreaterThan(1.5 * morning);
  });

  it("stores four digits of each number", () => {
    const { left } = fitModel({ ...empty, leases: [lease({})] });
    expect(left.every((rate) => Number(rate.toPrecision(4)) === rate)).toBe(true);
  });
});

describe("a fit of a simulated world", () => {
  let world: World;
  let frozen: FrozenCall[];
  let fitted: Parameters;
  beforeAll(() => {
    world = runWorld(71, "tight", 250);
    frozen = freezeCalls(world);
    fitted = learn(world, frozen, 250);
  });

  it("is the same to the bit however often it is made", () => {
    expect(JSON.stringify(learn(world, frozen, 250))).toBe(JSON.stringify(fitted));
  });

  it("learns how local the callers are, without anybody saying who called", () => {
    const { local_share, address_elsewhere } = world.habits;
    const truth = local_share * (1 - address_elsewhere);
    expect(Math.abs(fitted.local_share - truth)).toBeLessThan(
      Math.max(0.12, Math.abs(START.local_share - truth)),
    );
  });

  it("keeps every factor within its bounds and the hours' mean near 1", () => {
    const factors = [
      ...Object.values(fitted.publisher),
      ...Object.values(fitted.click_worth),
      ...Object.values(fitted.device).flatMap(Object.values),
    ];
    expect(factors.every((factor) => factor >= 0.05 && factor <= 20)).toBe(true);
    expect(fitted.hour).toHaveLength(24);
    const mean = fitted.hour.reduce((sum, factor) => sum + factor, 0) / 24;
    expect(mean).toBeGreaterThan(0.5);
    expect(mean).toBeLessThan(2);
  });
});
