import { describe, expect, it } from "vitest";
import { explain } from "../../edge/attribution/model/explain.ts";
import { CAREFUL_START, type Parameters } from "../../edge/attribution/model/parameters.ts";
import { type Posterior, posterior } from "../../edge/attribution/model/posterior.ts";
import { eagernessOf, WAYS } from "../../edge/attribution/model/spread.ts";
import { leftLease, onLease, ring } from "./build.ts";

const KNOWN = { ...CAREFUL_START, spread: 0 };
const BY_X = { publisher_id: "org_x", proof: "site" } as const;
const BY_Y = { publisher_id: "org_y", proof: "site" } as const;

describe("a pool of which nothing is known", () => {
  it("may have publishers of any eagerness, which is in the mean that of all", () => {
    for (const rank of [0, 1, 2, 5, 6, 40]) {
      const ways = Array.from({ length: WAYS }, (_, way) => eagernessOf(rank, way, 1));
      expect(new Set(ways).size).toBe(WAYS);
      expect(ways.reduce((sum, one) => sum + one, 0) / WAYS).toBeCloseTo(1, 2);
    }
  });

  it("says hardly anything of one publisher by what another is taken for", () => {
    const logs = [0, 1, 2, 3, 4, 5].map((rank) =>
      Array.from({ length: WAYS }, (_, way) => Math.log(eagernessOf(rank, way, 1))),
    );
    for (const [rank, one] of logs.entries()) {
      for (const other of logs.slice(0, rank)) expect(Math.abs(correlation(one, other))).toBeLessThan(0.5);
    }
  });

  it("is judged as one that is known where nothing is spread", () => {
    const snapshot = ring([onLease("now", 90, BY_X), leftLease("late", 5_000, BY_Y)]);
    const [known, hardly] = [posterior(snapshot, KNOWN), posterior(snapshot, { ...KNOWN, spread: 1e-9 })];
    expect(hardly.confidence).toBeCloseTo(known.confidence, 6);
    expect(hardly.none).toBeCloseTo(known.none, 6);
  });

  it("is judged by the mean of all the ways in which its publishers may differ", () => {
    const snapshot = ring([
      onLease("x", 90, BY_X),
      leftLease("y", 1_200, BY_Y),
      leftLease("x2", 9_000, BY_X),
      leftLease("nobody", 4_000),
    ]);
    const ways = Array.from({ length: WAYS }, (_, way) => {
      const publisher = { org_x: eagernessOf(0, way, 1), org_y: eagernessOf(1, way, 1) };
      return posterior(snapshot, { ...KNOWN, publisher });
    });
    const mean = (of: (one: Posterior) => number) => ways.reduce((sum, one) => sum + of(one), 0) / WAYS;
    const result = posterior(snapshot, CAREFUL_START);
    expect(result.none).toBeCloseTo(
      mean(({ none }) => none),
      12,
    );
    for (const { lease_id, probability } of result.candidates) {
      const shareIn = ({ candidates }: Posterior) =>
        candidates.find((one) => one.lease_id === lease_id)?.probability ?? 0;
      expect(probability).toBeCloseTo(mean(shareIn), 12);
    }
  });

  it("claims less of a publisher, and no less of one's visits among themselves", () => {
    const two = ring([onLease("now", 90, BY_X), leftLease("late", 5_000, BY_Y)]);
    expect(posterior(two, CAREFUL_START).top?.lease_id).toBe("now");
    expect(posterior(two, CAREFUL_START).confidence).toBeLessThan(posterior(two, KNOWN).confidence);
    const one = ring([onLease("now", 90, BY_X), leftLease("late", 5_000, BY_X)]);
    const odds = (parameters: Parameters) => {
      const [first, second] = posterior(one, parameters).candidates;
      return (first?.probability ?? 0) / (second?.probability ?? 1);
    };
    expect(odds(CAREFUL_START) / odds(KNOWN)).toBeCloseTo(1, 9);
  });

  it("leaves visits of nobody's as they are", () => {
    const snapshot = ring([onLease("now", 90), leftLease("late", 5_000)]);
    const [careful, known] = [posterior(snapshot, CAREFUL_START), posterior(snapshot, KNOWN)];
    expect(careful.confidence).toBeCloseTo(known.confidence, 12);
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

  it("says in the reasons that nothing was learned yet, with a weight that makes them add up", () => {
    const snapshot = ring([onLease("now", 90, BY_X), leftLease("late", 5_000, BY_Y)]);
    const result = posterior(snapshot, CAREFUL_START);
    const reasons = explain(snapshot, CAREFUL_START, result);
    const product = reasons.reduce((odds, { weight }) => odds * weight, 1);
    expect(product).toBeCloseTo((result.top?.probability ?? 0) / result.none, 6);
    expect(reasons.map(({ detail }) => detail).join()).toContain("nothing has been learned of this pool yet");
  });
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const product = (x: readonly number[], y: readonly number[]) =>
    mean(x.map((value, i) => (value - mean(x)) * ((y[i] ?? 0) - mean(y))));
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
