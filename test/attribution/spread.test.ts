import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../edge/attribution/model/candidate.ts";
import { explain } from "../../edge/attribution/model/explain.ts";
import { lumpCandidates } from "../../edge/attribution/model/lump.ts";
import { CAREFUL_START, START } from "../../edge/attribution/model/parameters.ts";
import { type Posterior, posterior } from "../../edge/attribution/model/posterior.ts";
import { spreadOf } from "../../edge/attribution/model/spread.ts";
import { law } from "../support/laws.ts";
import { leftLease, onLease, RING, ring } from "./build.ts";

const geometricMean = (values: number[]) =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** What every one of the twenty says of a ring, all alike. */
function meanOfAll(snapshot: Snapshot) {
  const { candidates } = snapshot;
  const models = spreadOf(CAREFUL_START, snapshot.stray_rate, publishersOf(posterior(snapshot, START)));
  const each = models.map(({ parameters, stray_rate }) =>
    posterior({ ...snapshot, stray_rate }, { ...parameters, spread: 0 }),
  );
  const mean = (of: (one: Posterior) => number) => each.reduce((sum, one) => sum + of(one), 0) / each.length;
  const shareOf = (one: Posterior, id: string) =>
    one.candidates.find(({ lease_id }) => lease_id === id)?.probability ?? 0;
  return {
    none: mean(({ none }) => none),
    leases: new Map(candidates.map(({ lease_id }) => [lease_id, mean((one) => shareOf(one, lease_id))])),
    publisher: (id: string) =>
      mean(({ publishers }) => publishers.find((one) => one.publisher_id === id)?.probability ?? 0),
  };
}

const publishersOf = ({ publishers }: Posterior) => publishers.map(({ publisher_id }) => publisher_id);

/** A few visits, of which the latest may well be sure. */
const visits = fc
  .array(
    fc.record({
      minutes: fc.double({ min: 0, max: 10, noNaN: true }),
      on: fc.boolean(),
      publisher_id: fc.constantFrom("org_x", "org_y"),
      device: fc.constantFrom<"mobile" | "desktop">("mobile", "desktop"),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((list) =>
    list.map(({ minutes, on, ...rest }, i) =>
      (on ? onLease : leftLease)(`lse_${i}`, Math.floor(20 * 2 ** minutes), { ...rest, proof: "site" }),
    ),
  );

describe("a pool of which nothing is known", () => {
  it("may be like any of twenty pools, which lie around one middle", () => {
    const [middle] = spreadOf({ ...CAREFUL_START, spread: 0 }, 1e-7, []);
    const models = spreadOf({ ...CAREFUL_START, spread: 1 }, 1e-7, []);
    expect(models).toHaveLength(20);
    for (const phase of ["on", "left"] as const) {
      for (const [bin, rate] of (middle?.parameters[phase] ?? []).entries()) {
        const mean = geometricMean(models.map(({ parameters }) => parameters[phase][bin] ?? 0));
        expect(mean / rate).toBeGreaterThan(0.97);
        expect(mean / rate).toBeLessThan(1.03);
      }
    }
  });

  it("is judged by the start values, and a quarter by what other pools make of it", () => {
    const age_s = fc.integer({ min: 60, max: 110 });
    fc.assert(
      fc.property(fc.array(age_s, { minLength: 4, maxLength: 8 }), (ages) => {
        const list = ages.map((age, i) =>
          onLease(`lse_${i}`, age, { publisher_id: `org_${i}`, proof: "site" }),
        );
        const snapshot = ring(list);
        const [start, unlearned] = [posterior(snapshot, START), posterior(snapshot, CAREFUL_START)];
        const before = new Map(start.candidates.map(({ lease_id, share }) => [lease_id, share]));
        for (const { lease_id, share, probability } of unlearned.candidates) {
          const own = before.get(lease_id) ?? Number.NaN;
          expect(probability).toBeGreaterThanOrEqual(0.75 * own - 1e-12);
          expect(probability).toBeLessThanOrEqual(0.75 * own + 0.25 + 1e-12);
          expect(share).toBe(own);
        }
      }),
      law(200),
    );
  });

  it("is sure of no publisher and of no visit that the mean of other pools is not sure of", () => {
    fc.assert(
      fc.property(visits, (list) => {
        const snapshot = ring(list);
        const { publishers, top, candidates } = posterior(snapshot, CAREFUL_START);
        const mean = meanOfAll(snapshot);
        for (const { publisher_id, probability } of publishers) {
          if (probability > 0.9) expect(mean.publisher(publisher_id)).toBeGreaterThan(0.9);
          expect(probability).toBeLessThanOrEqual(
            Math.max(0.9, 0.9 + 4 * (mean.publisher(publisher_id) - 0.9)) + 1e-9,
          );
        }
        const likeliest = top ?? candidates[0];
        if (likeliest === undefined || likeliest.probability <= 0.9) return;
        const { publisher_id, lease_id } = likeliest;
        const of_publisher = mean.publisher(publisher_id ?? "");
        expect((mean.leases.get(lease_id) ?? 0) / of_publisher).toBeGreaterThan(0.9);
      }),
      law(200),
    );
  });

  it("takes those pools for likelier that foresaw the call", () => {
    const snapshot = ring([onLease("now", 10), leftLease("late", 86_400)]);
    const [start, unlearned] = [posterior(snapshot, START), posterior(snapshot, CAREFUL_START)];
    const alike = meanOfAll(snapshot).leases.get("now") ?? 0;
    expect(alike).toBeGreaterThan(0.925);
    expect(unlearned.confidence).toBeGreaterThan(0.75 * start.confidence + 0.25 * alike);
  });

  it("claims less of long odds that hang on what was not learned, and no less of even ones", () => {
    const sure = ring([
      onLease("now", 2_500, { publisher_id: "org_x", proof: "site" }),
      leftLease("late", 300, { publisher_id: "org_y", proof: "site" }),
    ]);
    const [start, unlearned] = [posterior(sure, START), posterior(sure, CAREFUL_START)];
    expect([start.top?.lease_id, unlearned.top?.lease_id]).toEqual(["late", "late"]);
    expect(start.confidence).toBeGreaterThan(0.9);
    expect(unlearned.confidence).toBeLessThan(0.9);
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
