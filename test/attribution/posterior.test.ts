import { describe, expect, it } from "vitest";
import { regionShare, strayRate } from "../../edge/attribution/model/background.ts";
import { START } from "../../edge/attribution/model/parameters.ts";
import { NO_PAST, type Past } from "../../edge/attribution/model/past.ts";
import { posterior, round6 } from "../../edge/attribution/model/posterior.ts";
import { leftLease, onLease, RING, ring } from "./build.ts";

const DAY_S = 86_400;

/** Probabilities by lease, and of none, to five digits as the vectors have them. */
function judged(snapshot: ReturnType<typeof ring>, past = NO_PAST): Record<string, string> {
  const result = posterior(snapshot, START, past);
  const leases = result.candidates.map((one): [string, string] => [one.lease_id, one.probability.toFixed(5)]);
  return { ...Object.fromEntries(leases), none: result.none.toFixed(5) };
}

/** The caller's last call to this number was explained by the visit `a`, or by nobody's. */
function rangBefore(last: { ago_s: number; share: number; none: number }): Past {
  const at = RING - last.ago_s * 1_000;
  const { share, none } = last;
  return {
    leases: { ses_a: { used: share, used_at: at, known: share, link: share, redialled: share } },
    redial: { at, none },
  };
}

/** Worked by hand from the formulas and the start values. */
describe("the published vectors", () => {
  it("1: nobody saw the number", () => {
    expect(judged(ring([]))).toEqual({ none: "1.00000" });
    expect(posterior(ring([]), START)).toMatchObject({
      method: "none",
      top: null,
      confidence: 1,
      publishers: [],
    });
  });

  it("2: one visitor, on the page for 90 s", () => {
    expect(judged(ring([onLease("a", 90)]))).toEqual({ a: "0.99833", none: "0.00167" });
  });

  it("3: one left 20 minutes ago, one 4.5 hours ago", () => {
    const snapshot = ring([leftLease("b", 1_200), leftLease("a", 16_200)]);
    expect(judged(snapshot)).toEqual({ b: "0.84980", a: "0.08004", none: "0.07016" });
  });

  it("4: the same, and the caller's area code is where the earlier one was", () => {
    const snapshot = ring(
      [leftLease("b", 1_200, { region: "US-CA" }), leftLease("a", 16_200, { region: "US-TX" })],
      { caller_region: "US-TX", caller_region_share: 0.05 },
    );
    expect(judged(snapshot)).toEqual({ b: "0.24236", a: "0.70762", none: "0.05002" });
  });

  it("5: on the page, and the call link pressed 6 s ago", () => {
    const result = posterior(ring([onLease("a", 90, { tel_clicks_at: [RING - 6_000] })]), START);
    expect(result.none.toFixed(7)).toBe("0.0000022");
  });

  it("6: the caller rang ten minutes ago, surely the earlier visitor, and another is on the page now", () => {
    const leases = [onLease("b", 300), leftLease("a", 2_000)];
    const past = rangBefore({ ago_s: 600, share: 0.97, none: 0.03 });
    expect(judged(ring(leases), past)).toEqual({ b: "0.00005", a: "0.97389", none: "0.02607" });
  });

  it("7: the caller rang a minute ago, surely nobody's", () => {
    const leases = [onLease("b", 300), leftLease("a", 2_000)];
    const past = rangBefore({ ago_s: 60, share: 0.05, none: 0.95 });
    expect(judged(ring(leases), past)).toEqual({ b: "0.00000", a: "0.00917", none: "0.99083" });
  });

  it("8: another caller used the newer lease up two hours ago", () => {
    const used_at = RING - 7_200_000;
    const past: Past = {
      leases: { ses_a: { used: 0.98, used_at, known: 0.98, link: 0, redialled: 0 } },
      redial: null,
    };
    const snapshot = ring([leftLease("a", 10_800), leftLease("b", 32_400)]);
    expect(judged(snapshot, past)).toEqual({ a: "0.71361", b: "0.08386", none: "0.20253" });
  });

  it("9: the caller was the earlier visitor once, on another visit", () => {
    const past: Past = {
      leases: { ses_c: { used: 0, used_at: 0, known: 0.9, link: 0.9, redialled: 0 } },
      redial: null,
    };
    const snapshot = ring([onLease("d", 60), leftLease("c", 7_200)]);
    expect(judged(snapshot, past)).toEqual({ d: "0.01202", c: "0.98796", none: "0.00002" });
  });

  it("10: a shared number with two visitors of X and one of Y", () => {
    const x = { publisher_id: "org_x", proof: "site" } as const;
    const y = { publisher_id: "org_y", proof: "click_token" } as const;
    const snapshot = ring([onLease("x1", 100, x), onLease("x2", 400, x), onLease("y1", 200, y)]);
    expect(judged(snapshot)).toEqual({ x1: "0.56172", x2: "0.12571", y1: "0.31163", none: "0.00094" });
    const { publishers } = posterior(snapshot, START);
    expect(publishers.map((one) => [one.publisher_id, one.probability.toFixed(5), one.proof])).toEqual([
      ["org_x", "0.68743", "site"],
      ["org_y", "0.31163", "click_token"],
    ]);
  });

  it("11: many old visits of X together outweigh each alone", () => {
    const x = { publisher_id: "org_x", proof: "site" } as const;
    const old = Array.from({ length: 40 }, (_, i) => leftLease(`old${i}`, 10 * DAY_S, x));
    const result = posterior(ring([leftLease("x", 3 * DAY_S, x), ...old]), START);
    expect(result.candidates[0]).toMatchObject({ lease_id: "x" });
    expect(result.candidates[0]?.probability.toFixed(5)).toBe("0.06619");
    expect(new Set(result.candidates.slice(1).map((one) => one.probability.toFixed(5)))).toEqual(
      new Set(["0.00911"]),
    );
    expect(result.publishers[0]?.probability.toFixed(5)).toBe("0.43041");
    expect(result.none.toFixed(5)).toBe("0.56959");
    expect(result).toMatchObject({ method: "none", top: null, confidence: result.none });
  });
});

describe("how the call was joined", () => {
  it("is by a lease while the number is its own, up to the very expiry", () => {
    const live = onLease("a", 90, { expires_at: RING + 1 });
    const ended = onLease("a", 90, { expires_at: RING });
    expect(posterior(ring([live]), START).method).toBe("lease");
    expect(posterior(ring([ended]), START).method).toBe("late_lease");
  });

  it("is by a lease also when the visitor has left the page, which frees nothing early", () => {
    const result = posterior(ring([leftLease("a", 60, { expires_at: RING + 1 })]), START);
    expect(result).toMatchObject({ method: "lease", top: { lease_id: "a", live: true } });
    expect(result.confidence).toBe(result.candidates[0]?.probability);
  });

  it("knows nothing that happened after the ring", () => {
    const later = { closed_at: RING + 5_000, last_seen_at: RING + 60_000, tel_clicks_at: [RING + 1_000] };
    const known = posterior(ring([onLease("a", 90)]), START);
    const told = posterior(ring([onLease("a", 90, later)]), START);
    expect(told.none).toBe(known.none);
    expect(told.method).toBe("lease");
    expect(posterior(ring([onLease("b", -5)]), START).candidates).toEqual([]);
  });

  it("takes a page that stopped renewing as left when it was last seen", () => {
    const silent = onLease("a", 3_000, { last_seen_at: RING - 900_000 });
    const heard = onLease("a", 3_000, { last_seen_at: RING - 899_999 });
    const weight = (lease: typeof silent) => posterior(ring([lease]), START).candidates[0]?.weight;
    expect(weight(silent)).toBe(START.left[5]);
    expect(weight(heard)).toBe(START.on[7]);
  });

  it("has no candidate who left 30 days ago", () => {
    expect(posterior(ring([leftLease("a", 30 * DAY_S)]), START).candidates).toEqual([]);
    expect(posterior(ring([leftLease("a", 30 * DAY_S - 1)]), START).candidates).toHaveLength(1);
  });

  it("counts the latest press of the call link alone, none older than 200 s, and none of a script", () => {
    const none = (clicks: number[]) =>
      posterior(ring([leftLease("a", 100, { tel_clicks_at: clicks.map((s) => RING - s * 1_000) })]), START)
        .none;
    expect(none([6, 7, 8])).toBe(none([6]));
    expect(none([6, 7, 8, 9])).toBe(none([]));
    expect(none([200])).toBe(none([]));
    expect(none([199])).toBeLessThan(none([]));
  });

  it("gives a publisher's own pool all that is not a stray call", () => {
    const result = posterior(ring([leftLease("a", DAY_S)], { own_pool_publisher_id: "org_x" }), START);
    expect(result.publishers).toEqual([
      { publisher_id: "org_x", probability: 1 - result.none, proof: "number" },
    ]);
  });

  it("weighs the hour for late callers and strays, not for a visitor on the page", () => {
    const at = (factor: number, leases: Parameters<typeof ring>[0]) =>
      posterior(ring(leases), { ...START, hour: START.hour.map(() => factor) });
    expect(at(0.5, [leftLease("a", DAY_S)]).none).toBeCloseTo(at(1, [leftLease("a", DAY_S)]).none, 12);
    expect(at(0.5, [onLease("a", 90)]).none).toBeLessThan(at(1, [onLease("a", 90)]).none);
    expect(at(0.5, [leftLease("a", 1_799)]).none).toBeLessThan(at(1, [leftLease("a", 1_799)]).none);
  });

  it("weighs within a day at which hour the visitor left", () => {
    // The ring is at eight: two left within one bin, at five in the afternoon and at ten in the evening.
    const leases = [leftLease("five", 15 * 3_600), leftLease("ten", 9.5 * 3_600)];
    const evening = START.left_hour.map((factor, hour) => (hour === 22 ? 3 : factor));
    const weights = (candidates: typeof leases) => {
      const result = posterior(ring(candidates), { ...START, left_hour: evening });
      return Object.fromEntries(result.candidates.map(({ lease_id, weight }) => [lease_id, weight]));
    };
    const { five = 0, ten = 0 } = weights(leases);
    expect(ten / five).toBeCloseTo(3, 12);
    const long_ago = [leftLease("five", 39 * 3_600), leftLease("ten", 33.5 * 3_600)];
    const later = weights(long_ago);
    expect(later.ten).toBe(later.five);
  });

  it("weighs the hour for who calls again, too", () => {
    const past = rangBefore({ ago_s: 600, share: 0.97, none: 0.03 });
    const weight = (factor: number) => {
      const parameters = { ...START, again_hour: START.again_hour.map(() => factor) };
      const { candidates } = posterior(ring([onLease("b", 300), leftLease("a", 2_000)]), parameters, past);
      return Object.fromEntries(candidates.map((one) => [one.lease_id, one.weight]));
    };
    const [even, busy] = [weight(1), weight(2)];
    expect(busy.a).toBeGreaterThan(1.9 * (even.a ?? 0));
    expect(busy.b).toBe(even.b);
  });

  it("takes the stray rate of the number once it is learned, else that of its pool", () => {
    const none = (stray: (typeof START)["stray"]) =>
      posterior(ring([leftLease("a", DAY_S)]), { ...START, stray }).none_weight;
    expect(none(null)).toBe(1.42e-7);
    expect(none({ mean: 3e-7, numbers: { "1": 5e-8 } })).toBe(5e-8);
    expect(none({ mean: 3e-7, numbers: { "2": 5e-8 } })).toBe(3e-7);
  });

  it("uses what was learned of devices and publishers", () => {
    const learned = {
      ...START,
      device: { ...START.device, mobile: { on: 2, left: 1 } },
      publisher: { org_x: 3 },
    };
    const lease = onLease("a", 90, { device: "mobile", publisher_id: "org_x", proof: "site" });
    const weight = posterior(ring([lease]), START).candidates[0]?.weight ?? 0;
    expect(posterior(ring([lease]), learned).candidates[0]?.weight).toBeCloseTo(6 * weight, 12);
    const inherited = { ...lease, publisher_id: "constructor" };
    expect(posterior(ring([inherited]), START).candidates[0]?.weight).toBe(weight);
  });
});

describe("a publisher with far more visits than usual", () => {
  const x = { publisher_id: "org_x", proof: "site" } as const;
  const y = { publisher_id: "org_y", proof: "site" } as const;
  const scripted = Array.from({ length: 23 }, (_, i) => onLease(`x${i}`, 60 + i, x));
  const share = (traffic: (typeof START)["traffic"]) => {
    const result = posterior(ring([...scripted, leftLease("y", 100, y)]), { ...START, traffic });
    return result.publishers.find((one) => one.publisher_id === "org_x")?.probability ?? 0;
  };

  it("gains nothing by them: together they count for no more than usual", () => {
    const usual = share({ org_x: 14, org_y: 1 });
    const surge = share({ org_x: 6, org_y: 1 });
    expect(usual).toBe(share(null));
    const odds = (p: number) => p / (1 - p);
    expect(odds(surge) / odds(usual)).toBeCloseTo(6 / 23, 1);
  });

  it("that nobody knew when the model was fitted counts two visits a day", () => {
    expect(share({ org_y: 1 })).toBeLessThan(share({ org_x: 1, org_y: 1 }));
  });

  it("loses nothing else: the other publisher is as it was", () => {
    const alone = posterior(ring([leftLease("y", 100, y)]), { ...START, traffic: { org_y: 0 } });
    expect(alone.publishers).toEqual(posterior(ring([leftLease("y", 100, y)]), START).publishers);
  });
});

describe("rates and rounding", () => {
  it("expects one stray call for every 49 that leases make", () => {
    const leases_per_s = 0.01;
    const numbers = 50;
    const called = (0.05 * leases_per_s) / numbers;
    expect(strayRate(leases_per_s, numbers) / (strayRate(leases_per_s, numbers) + called)).toBeCloseTo(
      0.02,
      12,
    );
    expect(strayRate(0, 0)).toBeGreaterThan(0);
  });

  it("starts a region at its prior and ends at what was counted", () => {
    expect(regionShare(0, 0)).toBeCloseTo(1 / 30, 12);
    expect(regionShare(5_000, 10_000)).toBeCloseTo(0.5, 3);
    expect(regionShare(0, 0, 0.2)).toBeCloseTo(0.2, 12);
  });

  it("keeps six digits of what is stored", () => {
    expect(round6(0.123_456_78)).toBe(0.123_457);
  });
});
