import { describe, expect, it } from "vitest";
import { explain } from "../../edge/attribution/model/explain.ts";
import { lumpCandidates } from "../../edge/attribution/model/lump.ts";
import { CAREFUL_START } from "../../edge/attribution/model/parameters.ts";
import { posterior } from "../../edge/attribution/model/posterior.ts";
import { spreadOf } from "../../edge/attribution/model/spread.ts";
import { leftLease, onLease, RING, ring } from "./build.ts";

const KNOWN = { ...CAREFUL_START, spread: 0 };
const geometricMean = (values: number[]) =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

describe("a pool of which nothing is known", () => {
  it("may be like any of twenty pools, which are in the middle what it begins with", () => {
    const models = spreadOf({ ...CAREFUL_START, spread: 1 }, 1e-7, []);
    expect(models).toHaveLength(20);
    for (const phase of ["on", "left"] as const) {
      for (const [bin, rate] of CAREFUL_START[phase].entries()) {
        const mean = geometricMean(models.map(({ parameters }) => parameters[phase][bin] ?? 0));
        expect(mean / rate).toBeGreaterThan(0.97);
        expect(mean / rate).toBeLessThan(1.03);
      }
    }
  });

  it("is judged as one that is known where nothing is spread", () => {
    const snapshot = ring([onLease("now", 90), leftLease("late", 5_000)]);
    const [known, hardly] = [posterior(snapshot, KNOWN), posterior(snapshot, { ...KNOWN, spread: 1e-9 })];
    expect(hardly.confidence).toBeCloseTo(known.confidence, 6);
    expect(hardly.none).toBeCloseTo(known.none, 6);
  });

  it("claims less of long odds, and no less of even ones", () => {
    const sure = ring([onLease("now", 90), leftLease("late", 5_000)]);
    expect(posterior(sure, CAREFUL_START).top?.lease_id).toBe("now");
    expect(posterior(sure, CAREFUL_START).confidence).toBeLessThan(posterior(sure, KNOWN).confidence);
    const even = ring([onLease("a", 90), onLease("b", 90)]);
    const [a, b] = posterior(even, CAREFUL_START).candidates;
    expect(a?.probability).toBeCloseTo(b?.probability ?? 0, 12);
  });

  it("does not know whose visitors are the more eager, but that one publisher's are alike", () => {
    const visits = (of: string, count: number) =>
      Array.from({ length: count }, (_, i) => onLease(`${of}${i}`, 90, { publisher_id: of, proof: "site" }));
    const { publishers } = posterior(ring([...visits("org_x", 9), ...visits("org_y", 1)]), CAREFUL_START);
    const [first] = publishers;
    expect(first?.publisher_id).toBe("org_x");
    expect(first?.probability).toBeGreaterThan(0.8);
    expect(first?.probability).toBeLessThan(0.9);
  });

  it("judges by what publishers' visitors did, not by what they are called", () => {
    const called = (x: string, y: string) => {
      const visits = [
        onLease("a", 90, { publisher_id: x, proof: "site" }),
        leftLease("b", 1_200, { publisher_id: y, proof: "site" }),
      ];
      const { publishers, none } = posterior(ring(visits), CAREFUL_START);
      return {
        none,
        shares: [x, y].map((id) => publishers.find((one) => one.publisher_id === id)?.probability),
      };
    };
    expect(called("org_x", "org_y")).toEqual(called("org_9", "org_1"));
  });

  it("takes two publishers that are even in the same order, whether their visits stand alone or are lumped", () => {
    const visits = ["org_y", "org_x"].map((publisher_id, i) =>
      leftLease(`lse_${i}`, 90, { publisher_id, proof: "site" }),
    );
    const rules = { at: RING, renew_after_s: 900, caller_region: null, kept: 0 };
    const { candidates, lumps } = lumpCandidates(visits, rules);
    expect([candidates.length, lumps.length]).toEqual([0, 2]);
    const whole = posterior(ring(visits), CAREFUL_START).publishers;
    for (const { publisher_id, probability } of posterior(ring([], { lumps }), CAREFUL_START).publishers) {
      const alone = whole.find((one) => one.publisher_id === publisher_id)?.probability ?? 0;
      expect(probability).toBeCloseTo(alone, 12);
    }
  });

  it("says in the reasons that nothing was learned yet, with a weight that makes them add up", () => {
    const snapshot = ring([onLease("now", 90), leftLease("late", 5_000)]);
    const result = posterior(snapshot, CAREFUL_START);
    const reasons = explain(snapshot, CAREFUL_START, result);
    const product = reasons.reduce((odds, { weight }) => odds * weight, 1);
    expect(product).toBeCloseTo((result.top?.probability ?? 0) / result.none, 6);
    expect(reasons.map(({ detail }) => detail).join()).toContain("nothing has been learned of this pool yet");
  });
});
