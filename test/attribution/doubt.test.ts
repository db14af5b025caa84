import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beliefs, doubtBy, doubtFactor, type Source } from "../../edge/attribution/model/doubt.ts";
import { doubtAfter, type Parameters, START } from "../../edge/attribution/model/parameters.ts";
import { posterior } from "../../edge/attribution/model/posterior.ts";
import { law } from "../support/laws.ts";
import { leftLease, onLease, ring } from "./build.ts";

const weight = fc.double({ min: -14, max: 4, noNaN: true }).map((digits) => 10 ** digits);
const source = fc.record({
  publisher_id: fc.constantFrom(null, "org_x", "org_y", "org_z"),
  weight,
  count: fc.constantFrom(1, 1, 1, 7),
});
const sources = fc.array(source, { maxLength: 30 });
const doubt = fc.double({ min: 1, max: 5, noNaN: true });

/** What is believed of every publisher, and of none, beside what the weights say. */
function sharesOf(list: readonly Source[], none: number, doubt_of: number) {
  const belief = beliefs(list, none, doubtBy(doubt_of));
  const said = new Map<string | null, number>([["none", none]]);
  const believed = new Map<string | null, number>([["none", none * belief.none]]);
  for (const [at, { publisher_id, weight: own }] of list.entries()) {
    said.set(publisher_id, (said.get(publisher_id) ?? 0) + own);
    const believes = own * (belief.sources[at] ?? Number.NaN);
    believed.set(publisher_id, (believed.get(publisher_id) ?? 0) + believes);
  }
  return { said, believed };
}

describe("doubt of long odds", () => {
  it("leaves odds of six to one as they are, and of endless ones one part in so many", () => {
    for (const odds of [0, 0.3, 1, 6]) expect(doubtFactor(odds, 1, 1.75)).toBe(1);
    expect(doubtFactor(1e12, 1, 1.75)).toBeCloseTo(1 / 1.75, 9);
    expect(doubtFactor(5, 0, 1.75)).toBe(1);
    expect(doubtFactor(90, 1, 1)).toBeCloseTo(1, 12);
  });

  it("keeps the longer odds the longer ones, and never makes any longer", () => {
    fc.assert(
      fc.property(weight, weight, doubt, (a, b, of) => {
        const [short, long] = [Math.min(a, b), Math.max(a, b)];
        const believed = (odds: number) => odds * doubtFactor(odds, 1, of);
        expect(believed(short)).toBeLessThanOrEqual(believed(long) * (1 + 1e-12));
        expect(believed(long)).toBeLessThanOrEqual(long * (1 + 1e-12));
        expect(believed(long)).toBeGreaterThanOrEqual((long / of) * (1 - 1e-12));
      }),
      law(500),
    );
  });

  it("claims less of the likeliest publisher alone; the others keep their proportions", () => {
    fc.assert(
      fc.property(sources, weight, doubt, (list, none, of) => {
        const { said, believed } = sharesOf(list, none, of);
        const ranked = [...said].sort(([, a], [, b]) => b - a);
        const [first, ...others] = ranked.map(([id, own]) => (believed.get(id) ?? 0) / own);
        for (const factor of others) expect(factor).toBeCloseTo(1, 9);
        expect(first).toBeLessThanOrEqual(1 + 1e-9);
        expect(first).toBeGreaterThanOrEqual(1 / of - 1e-9);
      }),
      law(300),
    );
  });

  it("doubts a publisher's visit against its others without changing the publisher's sum", () => {
    const list = [
      { publisher_id: "org_x", weight: 90, count: 1 },
      { publisher_id: "org_x", weight: 1, count: 1 },
      { publisher_id: "org_y", weight: 60, count: 1 },
    ];
    const { sources: factors, none } = beliefs(list, 1, doubtBy(2));
    const [sure, other, alone] = factors.map((factor, at) => factor * (list[at]?.weight ?? 0));
    expect((sure ?? 0) + (other ?? 0)).toBeCloseTo(91, 9);
    expect((sure ?? 0) / (other ?? 1)).toBeCloseTo(90 * doubtFactor(90, 1, 2), 9);
    expect([alone, none]).toEqual([60, 1]);
  });

  it("says the same however many explanations the rest is made of", () => {
    const rest = (parts: number): Source[] =>
      Array.from({ length: parts }, (_, i) => ({ publisher_id: `org_${i}`, weight: 1 / parts, count: 1 }));
    const claim = (parts: number) =>
      beliefs([{ publisher_id: "x", weight: 20, count: 1 }, ...rest(parts)], 1e-9, doubtBy(2));
    expect(claim(1_000).sources[0]).toBeCloseTo(claim(1).sources[0] ?? 0, 9);
  });
});

const DOUBTED: Parameters = { ...START, version: "doubted", doubt: doubtAfter(0) };

describe("a model that is doubted", () => {
  it("finds the same visit likeliest, and is less sure of it", () => {
    const snapshot = ring([onLease("now", 90), leftLease("late", 1_000)]);
    const [plain, doubted] = [posterior(snapshot, START), posterior(snapshot, DOUBTED)];
    expect(doubted.top?.lease_id).toBe(plain.top?.lease_id);
    expect(doubted.confidence).toBeLessThan(plain.confidence);
    expect(doubted.top?.share).toBe(plain.top?.share);
    expect(doubted.model_version).not.toBe(plain.model_version);
  });

  it("says what the weights say where nothing is sure", () => {
    const snapshot = ring([
      leftLease("a", 1_200, { publisher_id: "org_x" }),
      leftLease("b", 1_600, { publisher_id: "org_y" }),
    ]);
    const [plain, doubted] = [posterior(snapshot, START), posterior(snapshot, DOUBTED)];
    expect(Math.max(plain.none, plain.confidence)).toBeLessThan(0.8);
    expect(doubted.candidates).toEqual(plain.candidates);
  });

  it("is doubted the less, the more calls it was learned from", () => {
    const doubts = [0, 50, 1_000, 100_000].map(doubtAfter);
    expect(doubts.toSorted((a, b) => b - a)).toEqual(doubts);
    expect([doubts[0], doubts[2]]).toEqual([1.3, 1.1]);
    expect(doubts[3]).toBeGreaterThan(1);
  });
});
